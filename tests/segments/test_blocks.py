"""Personalised blocks: with a request, without one, in preview, with the audience gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from factories import make_home, make_page, make_situation
from testapp.models import BodyBlock, HomePage, NoticeBlock, TeaserBlock
from wagtail.models import ReferenceIndex, Site
from wagtail_personalisation.models import Segment

from wagtail_medborgare.segments.blocks import (
    AudienceBlock,
    PagesForYouBlock,
    PersonalisedBlock,
    SegmentsChooserBlock,
    SituationsChooserBlock,
    VariantsBlock,
)
from wagtail_medborgare.segments.panels import pages_with_lost_audiences
from wagtail_medborgare.visitors.cookies import write_choices
from wagtail_medborgare.visitors.visitor import Visitor

pytestmark = pytest.mark.django_db


def request_of(*situations: Any) -> Any:
    """Return a request of a visitor who has chosen these situations."""
    from django.http import HttpResponse

    from wagtail_medborgare.visitors.actions import add_situations
    from wagtail_medborgare.visitors.choices import Choices

    request = RequestFactory().get("/", secure=True)
    response = HttpResponse()
    slugs = [situation.slug for situation in situations]
    write_choices(request, response, add_situations(Choices(), slugs))
    request.COOKIES.update(
        {name: item.value for name, item in response.cookies.items()}
    )
    request.visitor = Visitor(request)
    return request


def only(*situations: Any) -> dict[str, Any]:
    return {"mode": "only", "situations": [item.pk for item in situations]}


def all_but(*situations: Any) -> dict[str, Any]:
    return {"mode": "except", "situations": [item.pk for item in situations]}


def body(*children: tuple[str, Any]) -> Any:
    return BodyBlock().to_python(
        [{"type": kind, "value": value} for kind, value in children]
    )


def rendered(stream: Any, request: Any = None) -> str:
    context = {"request": request} if request is not None else None
    return str(stream.stream_block.render(stream, context=context))


@pytest.fixture
def child() -> Any:
    return make_situation("Få barn")


@pytest.fixture
def house() -> Any:
    return make_situation("Bygga")


def test_a_block_is_shown_to_its_audience_only(child, house):
    stream = body(
        ("notice", {"text": "for parents", "audience": only(child)}),
        ("notice", {"text": "not for builders", "audience": all_but(house)}),
        ("notice", {"text": "for all", "audience": {"mode": "everyone"}}),
    )

    parent, builder = (
        rendered(stream, request_of(child)),
        rendered(stream, request_of(house)),
    )

    assert "for parents" in parent
    assert "not for builders" in parent
    assert "for all" in parent
    assert "for parents" not in builder
    assert "not for builders" not in builder
    assert "for all" in builder


def test_a_hidden_block_leaves_no_wrapper(child):
    stream = body(("notice", {"text": "x", "audience": only(child)}))

    assert rendered(stream, request_of()) == ""
    assert "block-notice" in rendered(stream, request_of(child))


def test_without_a_request_a_block_shows_what_choosing_nothing_shows(child):
    stream = body(
        ("notice", {"text": "for parents", "audience": only(child)}),
        ("notice", {"text": "for others", "audience": all_but(child)}),
    )

    assert "for others" in rendered(stream)
    assert "for parents" not in rendered(stream)
    assert "for others" in str(stream)


def test_a_single_block_renders_without_any_context(child):
    block = NoticeBlock()
    value = block.to_python({"text": "x", "audience": only(child)})

    assert block.render(value) == ""
    assert block.render(value, context={}) == ""


def test_a_deleted_situation_never_opens_a_block_to_everybody(child):
    stream = body(("notice", {"text": "secret", "audience": only(child)}))
    child.delete()

    assert rendered(stream, request_of()) == ""
    assert rendered(stream) == ""


def test_any_block_of_the_site_can_be_given_an_audience(child):
    stream = body(
        ("teaser", {"content": {"heading": "Förskola"}, "audience": only(child)})
    )

    assert "Förskola" in rendered(stream, request_of(child))
    assert rendered(stream, request_of()) == ""


def variants(child: Any, house: Any, *, default: bool = True) -> Any:
    return body(
        (
            "variants",
            {
                "variants": [
                    {"audience": only(child), "content": {"heading": "parents"}},
                    {"audience": only(child, house), "content": {"heading": "both"}},
                ],
                "default": [{"heading": "the rest"}] if default else [],
            },
        )
    )


def test_the_first_variant_that_fits_is_shown(child, house):
    stream = variants(child, house)

    assert "parents" in rendered(stream, request_of(child, house))
    assert "both" not in rendered(stream, request_of(child, house))
    assert "both" in rendered(stream, request_of(house))
    assert "the rest" in rendered(stream, request_of())


def test_variants_without_a_default_show_nothing_to_the_rest(child, house):
    stream = variants(child, house, default=False)

    assert rendered(stream, request_of()) == ""
    assert VariantsBlock(TeaserBlock()).render(stream[0].value) == ""
    assert stream.stream_block.get_searchable_content(stream) == []
    assert stream[0].block.get_api_representation(stream[0].value) is None
    assert stream[0].block.get_searchable_content(stream[0].value) == []


def test_the_search_index_holds_what_choosing_nothing_shows(child, house):
    stream = body(
        ("notice", {"text": "for parents", "audience": only(child)}),
        ("notice", {"text": "for others", "audience": all_but(child)}),
        ("text", "for all"),
    )
    both = [*stream.stream_block.get_searchable_content(stream)]

    assert both == ["for others", "for all"]
    assert stream[0].block.get_searchable_content(stream[0].value) == []
    assert variants(child, house).stream_block.get_searchable_content(
        variants(child, house)
    ) == ["the rest"]


def test_the_api_gives_what_choosing_nothing_shows_and_no_audience(child, client):
    make_home(
        body=[
            {
                "type": "notice",
                "value": {"text": "for parents", "audience": only(child)},
            },
            {
                "type": "notice",
                "value": {"text": "for others", "audience": all_but(child)},
            },
            *[child.value for child in ()],
        ]
    )
    page = HomePage.objects.get()

    shown = client.get(f"/api/pages/{page.pk}/").json()["body"]

    assert [item["value"] for item in shown] == [{"text": "for others"}]


def test_a_hidden_block_alone_is_nothing_in_the_api(child, house):
    stream = body(("notice", {"text": "x", "audience": only(child)}))

    assert stream[0].block.get_api_representation(stream[0].value) is None
    variant = variants(child, house)[0]
    assert variant.block.get_api_representation(variant.value) == {
        "heading": "the rest"
    }


def test_a_template_can_say_why(child, house):
    stream = body(("notice", {"text": "x", "audience": only(child, house)}))

    assert '<p class="why">Få barn</p>' in rendered(stream, request_of(child))


def test_a_preview_is_nobodys_visit(child):
    request = request_of(child)
    request.is_preview = True

    stream = body(("notice", {"text": "x", "audience": only(child)}))

    assert rendered(stream, request) == ""


def test_the_page_preview_does_not_see_the_editors_own_choice(child, admin_client):
    home = make_home(
        body=[
            {
                "type": "notice",
                "value": {"text": "for parents", "audience": only(child)},
            }
        ]
    )
    home.save_revision()
    admin_client.defaults["wsgi.url_scheme"] = "https"
    cookies = request_of(child).COOKIES
    for name, value in cookies.items():
        admin_client.cookies[name] = value

    seen = admin_client.get("/").text
    previewed = admin_client.get(f"/admin/pages/{home.pk}/view_draft/").text

    assert "for parents" in seen
    assert "for parents" not in previewed


def test_reading_and_rendering_ask_no_database(child, house):
    stream = body(
        *(("notice", {"text": "x", "audience": only(child, house)}) for _ in range(10))
    )
    rendered(stream, request_of(child))

    with CaptureQueriesContext(connection) as queries:
        rendered(stream, request_of(child))

    assert len(queries) == 0


def test_the_reference_index_knows_the_audience(child):
    segment = Segment.objects.create(name="Campaign")
    home = make_home(
        body=[
            {
                "type": "notice",
                "value": {
                    "text": "x",
                    "audience": {**only(child), "segments": [segment.pk]},
                },
            }
        ]
    )

    for referred in (child, segment):
        usage = ReferenceIndex.get_references_to(referred)
        assert str(home.pk) in {item.object_id for item in usage}


def test_a_lost_audience_is_told_on_the_dashboard(child, admin_client):
    make_home(
        body=[{"type": "notice", "value": {"text": "x", "audience": only(child)}}]
    )

    before = list(pages_with_lost_audiences())
    child.delete()
    page = admin_client.get("/admin/")

    assert before == []
    assert [page.title for page in pages_with_lost_audiences()] == ["Start"]
    assert "Start" in page.text
    assert "/edit/" in page.text
    history = admin_client.get(
        f"/admin/pages/{HomePage.objects.get().pk}/history/"
    ).text
    assert "Få barn" in history


def test_a_page_that_is_published_again_has_no_lost_audience(child, house):
    home = make_home(
        body=[{"type": "notice", "value": {"text": "x", "audience": only(child)}}]
    )
    child.delete()

    home.body = [{"type": "notice", "value": {"text": "x", "audience": only(house)}}]
    home.save_revision().publish()

    assert not pages_with_lost_audiences().exists()


def test_a_tag_on_a_page_is_no_audience(child):
    make_page(make_home(), situations=[child])

    child.delete()

    assert not pages_with_lost_audiences().exists()


# --- what an editor fills in


def cleaned(value: dict[str, Any]) -> Any:
    block = AudienceBlock()
    return block.clean(block.to_python(value))


def test_only_with_nothing_chosen_is_refused_at_the_field():
    with pytest.raises(ValidationError) as error:
        cleaned({"mode": "only"})

    assert set(error.value.block_errors) == {"situations"}


def test_everyone_but_with_nobody_named_is_refused():
    with pytest.raises(ValidationError):
        cleaned({"mode": "except"})


def test_a_draft_may_be_unfinished():
    block = AudienceBlock()
    block.defer_required_validation()

    value = block.clean(block.to_python({"mode": "only"}))

    assert value.audience.constant is False


def test_everyone_forgets_what_was_ticked_before(child):
    value = cleaned({"mode": "everyone", "situations": [child.pk]})

    assert list(value["situations"]) == []


def test_what_is_deleted_is_dropped_when_the_form_is_saved(child, house):
    value = {"mode": "only", "situations": [child.pk, house.pk]}
    house.delete()

    assert cleaned(value)["situations"] == (child.pk,)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [(None, ()), ([], ()), ([1, "2"], (1, 2)), (["x", None, 3.5], ()), (["٣"], (3,))],
)
def test_odd_stored_values_are_left_out(raw, expected):
    assert SituationsChooserBlock().to_python(raw) == expected
    assert SituationsChooserBlock().normalize(raw) == expected


def test_the_choices_of_an_editor_are_grouped_and_come_from_memory(child):
    block = SituationsChooserBlock()
    block.get_choices()

    with CaptureQueriesContext(connection) as queries:
        groups = block.get_choices()

    assert [name for _pk, name in groups[0][1]] == ["Få barn"]
    assert len(queries) == 0


def test_segments_of_situations_are_not_offered_twice(child):
    block = SegmentsChooserBlock()
    nothing = block.get_choices()
    segment = Segment.objects.create(name="Campaign")

    assert nothing == []
    assert block.get_choices()[0][1] == [(segment.pk, "Campaign")]


def test_the_form_reads_what_is_ticked(child):
    block = SituationsChooserBlock()
    block.set_name("situations")
    from django.utils.datastructures import MultiValueDict

    value = block.value_from_datadict(
        MultiValueDict({"situations": [str(child.pk)]}), {}, "situations"
    )

    assert block.clean(value) == (child.pk,)
    assert block.get_form_state(value) == [str(child.pk)]
    assert block.get_prep_value(value) == [child.pk]
    assert block.get_api_representation(value) == [child.pk]


def test_a_personalised_block_takes_the_name_and_icon_of_what_it_wraps():
    block = PersonalisedBlock(TeaserBlock(label="Puff", icon="image"))

    assert (block.label, block.meta.icon) == ("Puff", "image")


def test_blocks_survive_a_migration():
    for block in (PersonalisedBlock(TeaserBlock()), VariantsBlock(TeaserBlock())):
        path, args, kwargs = block.deconstruct()
        assert path == "wagtail.blocks.StructBlock"
        assert "local_blocks" not in kwargs
        rebuilt = type(block)(*args, **kwargs)
        assert list(rebuilt.child_blocks) == list(block.child_blocks)


# --- blocks to place


def test_the_chooser_offers_and_shows(child, house):
    stream = body(("chooser", {"heading": "Vad händer?", "intro": "Välj", "first": 6}))

    nothing, something = (
        rendered(stream, request_of()),
        rendered(stream, request_of(child)),
    )

    assert 'value="fa-barn"' in nothing
    assert "Välj" in nothing
    assert "Få barn" in something
    assert 'action="/medborgare/remove/"' in something
    assert "csrf" not in nothing


def test_a_sensitive_situation_is_never_pushed_and_brings_the_quick_exit():
    debt = make_situation("Skulder", is_sensitive=True)
    make_situation("Få barn")
    stream = body(("chooser", {"heading": "", "intro": "", "first": 6}))

    nothing, something = (
        rendered(stream, request_of()),
        rendered(stream, request_of(debt)),
    )

    assert 'class="mb-choice" name="situation" value="skulder">' not in nothing
    assert "mb-exit" not in nothing
    assert something.index("mb-exit") < something.index("<h2")


def test_pages_for_you_say_why(child):
    home = make_home()
    page = make_page(home, title="Om förskolan", situations=[child])
    request = request_of(child)
    stream = body(("pages_for_you", {"heading": "Sidor", "limit": 5}))

    html = rendered(stream, request)

    assert "Om förskolan" in html
    assert page.url in html
    assert "Få barn" in html
    assert "/medborgare/choices/" in html
    assert "Om förskolan" not in rendered(stream, request_of())
    assert "Om förskolan" not in rendered(stream)


def test_a_block_for_you_is_nothing_to_a_visitor_who_chose_nothing(child):
    block = PagesForYouBlock()

    assert block.render(block.get_default(), context={"request": request_of()}) == ""


def test_what_comes_next_never_suggests_what_is_chosen_or_sensitive(child, house):
    debt = make_situation("Skulder", is_sensitive=True)
    child.next_situations.create(to=house, after_months=12, prompt="Dags att bygga?")
    child.next_situations.create(to=debt, after_months=1, prompt="Skulder?")
    child.save()
    stream = body(("what_comes_next", {"heading": "Sedan"}))

    html = rendered(stream, request_of(child))

    assert "Dags att bygga?" in html
    assert "Skulder?" not in html
    assert "Dags att bygga?" not in rendered(stream, request_of(child, house))
    assert "Sedan" not in rendered(stream, request_of())


def test_a_site_without_pages_is_no_error(child):
    Site.objects.all().delete()
    stream = body(("pages_for_you", {"heading": "", "limit": 5}))

    assert "mb-item" not in rendered(stream, request_of(child))
