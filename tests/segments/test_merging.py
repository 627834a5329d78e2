"""Blocks, drafts, segments and page variants follow a merged situation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from factories import make_block, make_home, make_notice, make_page, make_situation
from testapp.models import HomePage, VariantPage
from wagtail.blocks import CharBlock, StreamBlock
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.models import ReferenceIndex
from wagtail_personalisation.models import PersonalisablePageMetadata, Segment

from wagtail_medborgare.segments.blocks import PersonalisedBlock
from wagtail_medborgare.segments.models import LifeSituationRule, SituationSegment
from wagtail_medborgare.segments.panels import pages_with_lost_audiences
from wagtail_medborgare.segments.stored_streams import replace_keys
from wagtail_medborgare.situations.merging import merge_situations
from wagtail_medborgare.situations.models import LifeSituation

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_home()


@pytest.fixture
def old():
    return make_situation("Få barn")


@pytest.fixture
def into():
    return make_situation("Bli förälder")


def audience(mode: str, *pks: int) -> dict[str, Any]:
    return {"mode": mode, "situations": list(pks), "segments": []}


def every_shape(old: Any, into: Any) -> list[dict[str, Any]]:
    """Return a stream that names the old one in each place a block can."""
    return [
        make_notice("Grattis!", old),
        make_notice("Inte för er", old, mode="except"),
        make_notice("För båda", old, into),
        make_block(
            "teaser", audience=audience("only", old.pk), content={"heading": "Barn"}
        ),
        make_block(
            "variants",
            variants=[
                {
                    "type": "item",
                    "value": {
                        "audience": audience("only", old.pk),
                        "content": {"heading": "Variant"},
                    },
                }
            ],
            default=[],
        ),
        # As lists were stored once, and as keys are when somebody wrote them as text.
        make_block(
            "variants",
            variants=[
                {
                    "audience": audience("only", str(old.pk)),
                    "content": {"heading": "Gammal"},
                }
            ],
            default=[],
        ),
    ]


def named_in(page: Any) -> set[int]:
    """Return the keys of situations that any block of a page names."""
    found: set[int] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            found.update(map(int, value.get("situations", ())))
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(list(page.body.raw_data))
    return found


def test_blocks_of_every_shape_follow(home, old, into):
    home.body = every_shape(old, into)
    home.save()

    merge_situations(old, into)

    page = HomePage.objects.get(pk=home.pk)
    assert named_in(page) == {into.pk}
    both = page.body[2].value["audience"]["situations"]
    assert both == (into.pk,)


def test_the_cells_of_a_table_follow(old, into):
    cell = PersonalisedBlock(CharBlock())
    block = StreamBlock([("table", TypedTableBlock([("cell", cell)]))])
    columns = [{"type": kind, "heading": ""} for kind in ("gone", "cell")]
    shown = {"audience": audience("only", old.pk), "content": "Grattis!"}
    row = {"values": [old.pk, shown]}
    stream = [make_block("table", columns=columns, rows=[row], caption="")]

    assert replace_keys(block, stream, {LifeSituation: (old.pk, into.pk)})

    assert row["values"] == [old.pk, shown | {"audience": audience("only", into.pk)}]


def test_drafts_and_scheduled_versions_follow(home, old, into):
    home.body = every_shape(old, into)
    home.save_revision()

    merge_situations(old, into)

    page = HomePage.objects.get(pk=home.pk)
    assert named_in(page) == set()
    assert named_in(page.latest_revision.as_object()) == {into.pk}
    page.latest_revision.publish()
    assert named_in(HomePage.objects.get(pk=home.pk)) == {into.pk}


def test_a_published_page_has_no_unpublished_changes_afterwards(home, old, into):
    home.body = [make_notice("Grattis!", old)]
    home.save_revision().publish()

    merge_situations(old, into)

    page = HomePage.objects.get(pk=home.pk)
    assert not page.has_unpublished_changes
    assert named_in(page.latest_revision.as_object()) == named_in(page) == {into.pk}


def test_usage_knows_the_new_one_and_nothing_is_lost(home, old, into):
    home.body = [make_notice("Grattis!", old)]
    home.save()
    old_pk = old.pk

    merge_situations(old, into)

    assert not pages_with_lost_audiences().exists()
    assert ReferenceIndex.get_references_to(into).filter(object_id=home.pk).exists()
    assert not ReferenceIndex.objects.filter(
        to_object_id=old_pk, to_content_type__model="lifesituation"
    ).exists()


def test_a_visitor_who_chose_the_old_one_still_sees_the_block(
    home, visitor, other_visitor, old, into
):
    home.body = [make_notice("Grattis till barnet!", old)]
    home.save_revision().publish()
    visitor.get("/")
    visitor.choose(old, remember=True)
    assert "Grattis till barnet!" in visitor.get("/").text

    merge_situations(old, into)

    assert "Grattis till barnet!" in visitor.get("/").text
    assert "Grattis till barnet!" not in other_visitor.get("/").text


def test_an_older_version_shows_the_new_one_in_the_form(admin_client, home, old, into):
    home.body = [make_notice("Grattis!", old)]
    first = home.save_revision()
    home.body = []
    home.save_revision().publish()
    merge_situations(old, into)

    url = f"/admin/pages/{home.pk}/revisions/{first.pk}/revert/"
    text = admin_client.get(url).text

    assert f"[&quot;{into.pk}&quot;]" in text or f'["{into.pk}"]' in text


def test_segments_of_the_site_ask_for_the_new_one_once(old, into):
    segment = Segment.objects.create(name="Barn", status=Segment.STATUS_ENABLED)
    for situation in (old, into):
        LifeSituationRule.objects.create(segment=segment, situation=situation)

    merge_situations(old, into)

    rule = LifeSituationRule.objects.get(segment=segment)
    assert rule.situation == into
    segment.refresh_from_db()
    assert segment.status == Segment.STATUS_ENABLED


def test_the_segment_of_the_old_one_goes_and_that_of_the_new_one_stays(old, into):
    segment = SituationSegment.objects.get(situation=into).segment

    merge_situations(old, into)

    assert [link.segment for link in SituationSegment.objects.all()] == [segment]
    assert list(Segment.objects.all()) == [segment]
    assert LifeSituationRule.objects.get().situation == into


def test_page_variants_are_for_the_new_one(home, old, into):
    segments = {
        situation.pk: SituationSegment.objects.get(situation=situation).segment
        for situation in (old, into)
    }
    page = make_page(home, VariantPage, title="Variant")
    variant = page.personalisation_metadata.copy_for_segment(segments[old.pk])

    merge_situations(old, into)

    metadata = PersonalisablePageMetadata.objects.get(variant_id=variant.pk)
    assert metadata.segment == segments[into.pk]
    assert not Segment.objects.filter(pk=segments[old.pk].pk).exists()


def test_stored_data_that_no_block_would_write_is_left_alone(home, old, into):
    home.body = [make_notice("Grattis!", old), make_block("gone", x=1)]
    home.save()
    odd = [{"type": "notice", "value": "x"}, {"type": "variants", "value": {"v": 1}}]
    home.body = [make_notice("Grattis!", old), *odd]
    home.save_revision()

    merge_situations(old, into)

    assert named_in(HomePage.objects.get(pk=home.pk)) == {into.pk}


def test_a_draft_from_before_the_site_changed_follows_as_far_as_it_can(home, old, into):
    home.body = [make_notice("Grattis!", old)]
    draft = home.save_revision()
    gone = {"type": "gone", "value": {"x": old.pk}, "id": "gone"}
    draft.content["body"] = json.dumps([gone, *json.loads(draft.content["body"])])
    # A child that the page type did not have yet.
    del draft.content["wagtail_admin_comments"]
    draft.save()

    merge_situations(old, into)

    draft.refresh_from_db()
    assert json.loads(draft.content["body"])[0] == gone
    assert named_in(draft.as_object()) == {into.pk}


def test_a_draft_from_before_its_text_was_a_stream_is_left_alone(home, old, into):
    draft = home.save_revision()
    draft.content["body"] = f"<p>Paragraf {old.pk}</p>"
    draft.save()

    merge_situations(old, into)

    draft.refresh_from_db()
    assert draft.content["body"] == f"<p>Paragraf {old.pk}</p>"


def test_what_stopped_naming_it_without_a_word_is_left_alone(home, old, into):
    other = make_situation("Bygga om")
    home.body = [make_notice("Grattis!", old)]
    home.save()
    # Past the signals, as a data migration does: the references are those of before.
    kept = json.dumps([make_notice("Om bygglov", other)])
    HomePage.objects.filter(pk=home.pk).update(body=kept)

    merge_situations(old, into)

    assert named_in(HomePage.objects.get(pk=home.pk)) == {other.pk}
