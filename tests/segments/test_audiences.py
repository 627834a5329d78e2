"""Who an audience is, and that a deleted situation never opens a block to everybody."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from factories import make_situation
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import QueryRule

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.visitors.visitor import Visitor

pytestmark = pytest.mark.django_db

NOBODY = frozenset()


@pytest.mark.parametrize(
    ("audience", "chosen", "expected"),
    [
        (Audience(), NOBODY, True),
        (Audience.only(1), NOBODY, False),
        (Audience.only(1), {1}, True),
        (Audience.only(1, 2), {2, 3}, True),
        (Audience.only(1, 2), {3}, False),
        (Audience.only(), {1}, False),
        (Audience.all_but(1), NOBODY, True),
        (Audience.all_but(1), {1}, False),
        (Audience.all_but(1, 2), {3}, True),
        (Audience.all_but(), {1}, True),
    ],
)
def test_an_audience_is_met(audience, chosen, expected):
    assert audience.is_met(frozenset(chosen), None) is expected


def test_only_nobody_and_everyone_need_no_question():
    assert Audience().constant is True
    assert Audience.only().constant is False
    assert Audience.all_but().constant is True
    assert Audience.only(1).constant is None


def test_reasons_are_the_chosen_situations_that_were_asked_for():
    assert Audience.only(1, 2).reasons(frozenset({2, 3})) == {2}
    assert Audience.all_but(1).reasons(frozenset({2})) == NOBODY


def test_a_deleted_situation_matches_nobody(visitor):
    child = make_situation()
    visitor.choose(child)
    audience = Audience.only(child.pk)
    child.delete()

    request = visitor.get("/medborgare/choices/").wsgi_request

    assert request.visitor.matches(audience) is False


@pytest.fixture
def segment() -> Segment:
    segment = Segment.objects.create(name="Campaign")
    QueryRule.objects.create(segment=segment, parameter="k", value="sommar")
    return segment


@pytest.mark.parametrize(("query", "expected"), [("?k=sommar", True), ("?k=x", False)])
def test_a_segment_of_the_site_counts_as_one_of_the_conditions(
    segment, query, expected
):
    request = RequestFactory().get(f"/{query}")

    assert Audience.only(segments=[segment.pk]).is_met(NOBODY, request) is expected
    assert (
        Audience.all_but(segments=[segment.pk]).is_met(NOBODY, request) is not expected
    )


def test_without_a_request_nobody_is_in_a_segment(segment):
    assert not Visitor().matches(Audience.only(segments=[segment.pk]))


def test_a_deleted_or_disabled_segment_matches_nobody(segment):
    request = RequestFactory().get("/?k=sommar")
    pk = segment.pk
    segment.status = Segment.STATUS_DISABLED
    segment.save()

    assert not Audience.only(segments=[pk]).is_met(NOBODY, request)
    segment.delete()
    assert not Audience.only(segments=[pk]).is_met(NOBODY, request)
    assert Audience.only(segments=[pk]).reasons(NOBODY) == NOBODY


def test_the_reason_inside_a_segment_is_the_situation_of_its_rule():
    child = make_situation("Få barn")
    segment = Segment.objects.create(name="Parents")
    LifeSituationRule.objects.create(segment=segment, situation=child)
    QueryRule.objects.create(segment=segment, parameter="a", value="b")

    assert Audience.only(segments=[segment.pk]).reasons(frozenset({child.pk})) == {
        child.pk
    }


def test_modes_have_words():
    assert {mode.value for mode in Mode} == {"everyone", "only", "except"}


def test_a_site_may_add_a_field_to_the_audience_block():
    from wagtail.blocks import CharBlock

    from wagtail_medborgare.segments.blocks import AudienceBlock

    class OwnAudienceBlock(AudienceBlock):
        note = CharBlock(required=False)

    stored = {"mode": "only", "situations": [3], "segments": [], "note": "Se över"}

    (value,) = OwnAudienceBlock().bulk_to_python([stored])

    assert value.audience == Audience.only(3)
    assert value["note"] == "Se över"
