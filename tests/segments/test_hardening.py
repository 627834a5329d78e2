"""What an attacker, or odd data, tries: nothing opens to everybody, nothing changes on GET."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.template import Context, Template
from factories import make_editor, make_home, make_situation
from testapp.models import BodyBlock, VariantPage
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import DeviceRule, QueryRule

from wagtail_medborgare.segments import checks
from wagtail_medborgare.segments.actions import AUDIENCE_LOST
from wagtail_medborgare.segments.audiences import Audience
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.visitors.visitor import Visitor

pytestmark = pytest.mark.django_db

TOGGLE = "/admin/personalisation/segment/{}/toggle/"


def shown(audience: Any) -> bool:
    stream = BodyBlock().to_python(
        [{"type": "notice", "value": {"text": "secret", "audience": audience}}]
    )
    return "secret" in str(stream.stream_block.render(stream))


@pytest.mark.parametrize(
    "audience",
    [
        {"situations": [1]},
        {"mode": None, "situations": [1]},
        {"mode": "", "segments": [1]},
        {"mode": "onlyy"},
        {"mode": ["only"]},
        {"mode": {"a": 1}, "situations": [1]},
        {"mode": "only", "situations": 5},
        {"mode": "only", "situations": ["9" * 5000]},
        "only",
        [],
        None,
        5,
    ],
)
def test_odd_stored_audiences_are_for_nobody(audience):
    assert shown(audience) is False


def test_a_block_from_before_it_had_an_audience_is_for_everybody():
    stream = BodyBlock().to_python([{"type": "notice", "value": {"text": "open"}}])

    assert "open" in str(stream.stream_block.render(stream))


def test_a_segment_that_loses_a_condition_never_matches_more_people():
    child = make_situation("Få barn")
    segment = Segment.objects.create(name="Parents in the campaign")
    LifeSituationRule.objects.create(segment=segment, situation=child)
    QueryRule.objects.create(segment=segment, parameter="a", value="b")
    make_home(
        body=[
            {
                "type": "notice",
                "value": {
                    "text": "x",
                    "audience": {"mode": "only", "segments": [segment.pk]},
                },
            }
        ]
    )

    child.delete()
    segment.refresh_from_db()

    assert segment.status == Segment.STATUS_DISABLED
    assert PageLogEntry.objects.filter(action=AUDIENCE_LOST).exists()


def test_a_segment_that_matches_any_rule_keeps_the_others():
    child = make_situation("Få barn")
    segment = Segment.objects.create(name="Any", match_any=True)
    LifeSituationRule.objects.create(segment=segment, situation=child)

    child.delete()
    segment.refresh_from_db()

    assert segment.status == Segment.STATUS_ENABLED


def test_what_is_no_block_is_not_told():
    child, house = make_situation("Få barn"), make_situation("Bygga")
    child.next_situations.create(to=house, after_months=3, prompt="Sedan?")
    child.save()

    house.delete()

    assert not ModelLogEntry.objects.filter(action=AUDIENCE_LOST).exists()


@pytest.fixture
def segment() -> Segment:
    return Segment.objects.create(name="Campaign")


def editor_with(*codenames: str) -> Any:
    editor = make_editor(is_superuser=False)
    for codename in ("access_admin", *codenames):
        editor.user_permissions.add(Permission.objects.get(codename=codename))
    return editor


@pytest.mark.parametrize(
    ("codenames", "headers", "expected"),
    [
        ((), {"Sec-Fetch-Site": "same-origin"}, False),
        (("change_segment",), {"Sec-Fetch-Site": "cross-site"}, False),
        (("change_segment",), {"Referer": "https://evil.example/"}, False),
        (("change_segment",), {}, False),
        (("change_segment",), {"Referer": "http://testserver/admin/"}, True),
        (
            ("change_segment",),
            {"Sec-Fetch-Site": "same-origin", "Referer": "http://testserver/admin/"},
            True,
        ),
    ],
)
def test_their_views_ask_for_a_permission_and_a_link_of_this_site(
    client, segment, codenames, headers, expected
):
    client.force_login(editor_with(*codenames))

    client.get(TOGGLE.format(segment.pk), headers=headers)
    segment.refresh_from_db()

    assert (segment.status == Segment.STATUS_DISABLED) is expected


def test_the_stock_tag_is_noted_like_our_own(rf):
    segment = Segment.objects.create(name="Mobil")
    DeviceRule.objects.create(segment=segment, mobile=True)
    request = rf.get("/", headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0)"})
    request.visitor = Visitor(request)
    source = '{% load wagtail_personalisation_tags %}{% segment name="Mobil" %}x{% endsegment %}'

    html = Template(source).render(Context({"request": request}))

    assert html == ""
    assert request.visitor.reads.audiences == {
        Audience.only(segments=[segment.pk]): False
    }


def test_a_wrapped_block_and_a_variant_say_why(visitor):
    child = make_situation("Få barn")
    only = {"mode": "only", "situations": [child.pk]}
    make_home(
        body=[
            {
                "type": "teaser",
                "value": {"content": {"heading": "A"}, "audience": only},
            },
            {
                "type": "variants",
                "value": {
                    "variants": [{"content": {"heading": "B"}, "audience": only}],
                    "default": [{"heading": "C"}],
                },
            },
        ]
    )
    nothing = visitor.get("/").text
    visitor.choose(child)

    assert "mb-reason" not in nothing
    assert visitor.get("/").text.count("mb-reason") == 2


def test_a_cached_view_never_stores_what_was_read_before_it(
    visitor, other_visitor, monkeypatch
):
    from django.utils.decorators import method_decorator
    from django.views.decorators.cache import cache_page
    from wagtail.models import Page
    from wagtail_personalisation.models import PersonalisablePageMetadata

    child = make_situation("Få barn")
    page = make_home().add_child(
        instance=VariantPage(title="P", slug="p", text="for all")
    )
    metadata = PersonalisablePageMetadata.objects.create(
        canonical_page=page, variant=page
    )
    variant = metadata.copy_for_segment(child.situation_segment.segment)
    variant.text, variant.live = "for parents", True
    variant.save()
    cached = method_decorator(cache_page(60))(Page.serve)
    monkeypatch.setattr(VariantPage, "serve", cached, raising=False)
    visitor.choose(child)

    first, second = visitor.get("/p/").text, other_visitor.get("/p/").text

    assert "for parents" in first
    assert "for all" in second


def test_a_rule_that_counts_visits_is_told(settings):
    before = checks.check_rules_without_storage()
    settings.WAGTAIL_PERSONALISATION_RULES = ["wagtail_personalisation.VisitCountRule"]

    (message,) = checks.check_rules_without_storage()

    assert before == []
    assert (message.id, bool(message.hint)) == ("medborgare_segments.W004", True)
