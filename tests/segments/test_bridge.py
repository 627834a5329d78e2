"""Each life situation owns one segment, kept in step; the adapter is silent."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from factories import make_home, make_situation
from testapp.models import VariantPage
from wagtail_personalisation.adapters import get_segment_adapter
from wagtail_personalisation.models import PersonalisablePageMetadata, Segment
from wagtail_personalisation.rules import QueryRule, VisitCountRule

from wagtail_medborgare.segments.actions import remove_segment
from wagtail_medborgare.segments.adapters import VisitorSegmentsAdapter
from wagtail_medborgare.segments.models import LifeSituationRule, SituationSegment
from wagtail_medborgare.segments.snapshot import segments
from wagtail_medborgare.visitors.visitor import Visitor

pytestmark = pytest.mark.django_db


def request_at(path: str = "/") -> object:
    request = RequestFactory().get(path)
    request.visitor = Visitor(request)
    return request


def test_a_new_situation_gets_one_segment_with_one_rule():
    child = make_situation("Få barn")

    segment = child.situation_segment.segment

    assert (segment.name, segment.status) == ("Få barn", Segment.STATUS_ENABLED)
    assert [rule.situation for rule in segment.get_rules()] == [child]
    assert segment.enable_date is not None


def test_renaming_and_deactivating_are_followed():
    child = make_situation("Få barn")
    child.name, child.is_active = "Vänta barn", False
    child.save()
    child.save()

    segment = Segment.objects.get()

    assert (segment.name, segment.status) == ("Vänta barn", Segment.STATUS_DISABLED)
    assert LifeSituationRule.objects.count() == 1


def test_deleting_a_situation_deletes_its_segment():
    child = make_situation("Få barn")

    child.delete()

    assert not Segment.objects.exists()


def test_deleting_a_segment_by_hand_leaves_the_situation_and_heals_on_saving():
    child = make_situation("Få barn")
    Segment.objects.all().delete()

    child.refresh_from_db()
    child.save()

    assert SituationSegment.objects.get(situation=child).segment.name == "Få barn"


def test_a_segment_that_page_variants_need_is_disabled_instead():
    child = make_situation("Få barn")
    home = make_home()
    segment = child.situation_segment.segment
    PersonalisablePageMetadata.objects.create(canonical_page=home, segment=segment)

    child.delete()
    segment.refresh_from_db()

    assert segment.status == Segment.STATUS_DISABLED


def test_removing_a_segment_that_is_gone_is_no_error():
    remove_segment(999_999)

    assert not Segment.objects.exists()


def test_migrating_mends_what_signals_have_not_seen():
    make_situation("Få barn")
    Segment.objects.all().delete()

    call_command("migrate", verbosity=0)

    assert Segment.objects.get().name == "Få barn"


def test_fixtures_are_loaded_as_they_are(tmp_path):
    child = make_situation("Få barn")
    path = tmp_path / "data.json"
    with path.open("w") as file:
        call_command("dumpdata", "medborgare_situations.lifesituation", stdout=file)
    Segment.objects.all().delete()

    call_command("loaddata", str(path), verbosity=0)

    assert child.name == "Få barn"
    assert not Segment.objects.exists()


def test_the_site_uses_our_adapter():
    assert isinstance(get_segment_adapter(request_at()), VisitorSegmentsAdapter)


def test_the_adapter_finds_the_segments_of_a_choice(visitor):
    child, _house = make_situation("Få barn"), make_situation("Bygga")
    visitor.choose(child)
    request = visitor.get("/medborgare/choices/").wsgi_request
    adapter = get_segment_adapter(request)

    assert [item.name for item in adapter.get_segments()] == ["Få barn"]
    assert (
        adapter.get_segment_by_id(child.situation_segment.segment_id).name == "Få barn"
    )
    assert adapter.get_segment_by_id(999_999) is None


def test_the_adapter_writes_nothing_and_asks_only_when_asked():
    make_situation("Få barn")
    get_segment_adapter(request_at()).get_segments()  # Warms the snapshots.
    request = request_at()

    with CaptureQueriesContext(connection) as queries:
        adapter = get_segment_adapter(request)
        adapter.setup()
        adapter.add()
        adapter.add_page_visit(None)
        adapter.update_visit_count()
        adapter.refresh()
        read_before = bool(request.visitor.reads)
        adapter.get_segments()

    assert len(queries) == 0
    assert not read_before
    assert request.visitor.reads
    assert not hasattr(request, "session")


def test_the_adapter_excludes_nobody_and_counts_nothing():
    adapter = get_segment_adapter(request_at())

    assert adapter.get_segments("excluded_segments") == []
    assert adapter.get_visit_count() == 0


def test_segments_set_by_hand_hold_for_the_request():
    child, house = make_situation("Få barn"), make_situation("Bygga")
    adapter = get_segment_adapter(request_at())
    segment = child.situation_segment.segment

    adapter.set_segments([segment])
    adapter.set_segments([], key="excluded_segments")

    assert adapter.get_segments() == [segment]
    assert adapter.get_segment_by_id(segment.pk)
    assert not adapter.get_segment_by_id(house.situation_segment.segment_id)
    adapter.refresh()
    assert adapter.get_segments() == []


def make_segment(**fields: object) -> Segment:
    segment = Segment.objects.create(name="S", **fields)
    QueryRule.objects.create(segment=segment, parameter="a", value="1")
    QueryRule.objects.create(segment=segment, parameter="b", value="1")
    return segment


@pytest.mark.parametrize(
    ("fields", "path", "expected"),
    [
        ({}, "/?a=1", False),
        ({}, "/?a=1&b=1", True),
        ({"match_any": True}, "/?a=1", True),
        ({"match_any": True}, "/", False),
        ({"persistent": True}, "/?a=1&b=1", True),
        ({"type": "static", "count": 3}, "/?a=1&b=1", False),
        ({"randomisation_percent": 100}, "/?a=1&b=1", False),
        ({"status": "disabled"}, "/?a=1&b=1", False),
    ],
)
def test_a_segment_is_met_by_its_rules(fields, path, expected):
    make_segment(**fields)

    assert bool(get_segment_adapter(request_at(path)).get_segments()) is expected


def test_a_segment_without_rules_matches_nobody():
    Segment.objects.create(name="Empty")

    assert get_segment_adapter(request_at()).get_segments() == []


def test_a_visit_count_never_matches():
    segment = Segment.objects.create(name="Often here")
    VisitCountRule.objects.create(
        segment=segment, counted_page=make_home(), operator="less_than", count=3
    )

    assert get_segment_adapter(request_at()).get_segments() == []


def test_a_change_of_a_rule_is_seen_at_once():
    segment = make_segment(match_any=True)
    before = get_segment_adapter(request_at("/?c=1")).get_segments()

    QueryRule.objects.create(segment=segment, parameter="c", value="1")

    assert before == []
    assert get_segment_adapter(request_at("/?c=1")).get_segments() == [segment]


def test_the_snapshot_takes_one_query_for_each_kind_of_rule():
    for number in range(30):
        make_situation(f"S{number}")
    segments.forget()

    with CaptureQueriesContext(connection) as queries:
        segments.get()
        segments.get()

    # The stamp, the segments, 8 kinds of rule of the library and ours.
    assert len(queries) == 2 + 9


def test_a_rule_without_a_request_matches_nobody():
    child = make_situation("Få barn")
    rule = child.rules.get()

    assert rule.test_user(None) is False
    assert str(rule) == "Få barn"
    assert rule.description()["value"] == "Få barn"
    assert str(SituationSegment.objects.get()) == "Få barn = Få barn"


def test_variants_are_left_out_of_lists():
    from wagtail.models import Page

    from wagtail_medborgare.segments.compat import without_variants

    home = make_home()
    page = home.add_child(instance=VariantPage(title="P", slug="p"))
    segment = make_situation().situation_segment.segment
    metadata = PersonalisablePageMetadata.objects.create(
        canonical_page=page, variant=page
    )
    variant = metadata.copy_for_segment(segment)

    found = without_variants(Page.objects.filter(pk__in=[page.pk, variant.pk]))

    assert [item.pk for item in found] == [page.pk]
