"""Who sees what, in words: audiences, segments and rules."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils.translation import override
from factories import make_home, make_situation
from segments.explained import (
    chose,
    make_segment,
    on_monday,
)
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import (
    DayRule,
    DeviceRule,
    OriginCountryRule,
    QueryRule,
    ReferralRule,
    TimeRule,
    UserIsLoggedInRule,
    VisitCountRule,
)

from wagtail_medborgare.segments.audiences import Audience, Mode
from wagtail_medborgare.segments.explaining import (
    Answer,
    answer_for,
    condition_of,
    leaves_out,
    sentence_of_segment,
    shown_to,
)
from wagtail_medborgare.segments.snapshot import segments
from wagtail_medborgare.situations.models import LifeSituation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def child() -> LifeSituation:
    return make_situation("Having a child")


@pytest.fixture
def moving() -> LifeSituation:
    return make_situation("Moving here")


@pytest.fixture
def company() -> LifeSituation:
    return make_situation("Starting a company")


def test_everyone():
    assert shown_to(Audience()) == "Shown to everyone"
    assert leaves_out(Audience()) == "Leaves out nobody"


def test_names_are_joined_as_the_language_joins_them(child, moving, company):
    three = Audience.only(child.pk, moving.pk, company.pk)

    assert shown_to(Audience.only(child.pk)) == (
        "Shown to those who have chosen Having a child"
    )
    assert shown_to(three) == (
        "Shown to those who have chosen Having a child, Moving here or "
        "Starting a company"
    )
    assert leaves_out(three) == (
        "Leaves out everyone who has not chosen Having a child, Moving here or "
        "Starting a company"
    )


def test_everyone_but_some(child, moving):
    audience = Audience.all_but(child.pk, moving.pk)

    assert shown_to(audience) == (
        "Shown to everyone but those who have chosen Having a child or Moving here"
    )
    assert leaves_out(audience) == (
        "Leaves out those who have chosen Having a child or Moving here"
    )


def test_what_is_deleted_is_for_nobody_and_is_left_out_of_the_names(child, moving):
    both = Audience.only(child.pk, moving.pk)
    only = Audience.only(child.pk)
    child.delete()

    assert shown_to(only) == (
        "Shown to nobody: what it was made for has been deleted or switched off"
    )
    assert leaves_out(only) == "Leaves out everyone"
    assert shown_to(both) == "Shown to those who have chosen Moving here"
    assert shown_to(Audience.all_but(child.pk or 1)).startswith("Shown to everyone: ")


def test_what_residents_cannot_choose_is_named(child):
    child.is_active = False
    child.save()

    assert shown_to(Audience.only(child.pk)) == (
        "Shown to nobody: residents cannot choose Having a child"
    )
    assert shown_to(Audience.all_but(child.pk)) == (
        "Shown to everyone: residents cannot choose Having a child"
    )


def test_an_audience_that_is_not_chosen_yet():
    assert shown_to(Audience(Mode.EXCEPT)) == (
        "Shown to everyone: no situation is chosen"
    )
    assert leaves_out(Audience(Mode.EXCEPT)) == "Leaves out nobody"
    assert shown_to(Audience(Mode.ONLY)) == ("Shown to nobody: no situation is chosen")


def test_a_segment_of_several_rules_is_told_by_its_rules(child):
    segment = make_segment("Parents on Mondays")
    chose(segment, child)
    on_monday(segment)

    audience = Audience.only(segments=[segment.pk])

    assert shown_to(audience) == (
        "Shown to those who have chosen Having a child and visit on Monday"
    )
    assert shown_to(Audience.all_but(segments=[segment.pk])) == (
        "Shown to everyone but those who have chosen Having a child and visit on Monday"
    )


def test_a_segment_that_one_rule_is_enough_for(child, moving):
    segment = make_segment("Any of these", match_any=True)
    chose(segment, child)
    TimeRule.objects.create(
        segment=segment,
        start_time=datetime.time(22),
        end_time=datetime.time(6, 30),
    )

    assert shown_to(Audience.only(moving.pk, segments=[segment.pk])) == (
        "Shown to those who have chosen Moving here or those who have chosen "
        "Having a child or visit between 22:00 and 06:30"
    )


def test_a_segment_that_asks_for_two_situations_at_once_is_not_either_of_them(
    child, moving
):
    segment = make_segment("Parents who move")
    chose(segment, child, moving)
    audience = Audience.only(segments=[segment.pk])

    assert shown_to(audience) == (
        "Shown to those who have chosen Having a child and have chosen Moving here"
    )
    assert answer_for(condition_of(audience), {child.pk}) == Answer.NO


def test_a_segment_of_one_situation_is_that_situation(child, moving):
    owned = Segment.objects.get(situation_segment__situation=child)

    assert shown_to(Audience.only(moving.pk, segments=[owned.pk])) == shown_to(
        Audience.only(moving.pk, child.pk)
    )


def test_a_rule_that_we_do_not_know_describes_itself(child):
    segment = make_segment("Often")
    page = make_home()
    VisitCountRule.objects.create(segment=segment, counted_page=page, count=3)
    chose(segment, child)
    by_any = make_segment("Often or child", match_any=True)
    VisitCountRule.objects.create(segment=by_any, counted_page=page, count=3)
    chose(by_any, child)

    # Visits are not counted: all rules together fit nobody.
    assert shown_to(Audience.only(segments=[segment.pk])).startswith("Shown to nobody")
    assert "fit the rule “These users visited" in shown_to(
        Audience.only(segments=[by_any.pk])
    )


@pytest.mark.parametrize(
    ("rule", "fields", "clause"),
    [
        (DayRule, {"sat": True, "sun": True}, "visit on Saturday or Sunday"),
        (DayRule, {}, "visit on no day of the week"),
        (
            DeviceRule,
            {"mobile": True, "tablet": True},
            "use a mobile phone or a tablet",
        ),
        (DeviceRule, {}, "use no device at all"),
        (
            ReferralRule,
            {"regex_string": "example"},
            "come from an address that fits example",
        ),
        (
            QueryRule,
            {"parameter": "from", "value": "mail"},
            "have ?from=mail in the address of the page",
        ),
        (UserIsLoggedInRule, {"is_logged_in": True}, "are logged in"),
        (UserIsLoggedInRule, {"is_logged_in": False}, "are not logged in"),
        (OriginCountryRule, {"country": "fi"}, "seem to be in Finland"),
    ],
)
def test_each_rule_is_said_in_words(rule, fields, clause):
    segment = make_segment("Own")
    rule.objects.create(segment=segment, **fields)
    audience = Audience.only(segments=[segment.pk])

    assert shown_to(audience) == f"Shown to those who {clause}"
    assert leaves_out(audience) == f"Leaves out everyone but those who {clause}"
    assert leaves_out(Audience.all_but(segments=[segment.pk])) == (
        f"Leaves out those who {clause}"
    )


def test_who_is_in_a_segment(child):
    segment = make_segment("Parents on Mondays")
    chose(segment, child)
    on_monday(segment)
    empty = make_segment("Empty")
    known = segments.get().by_pk

    assert sentence_of_segment(known[segment.pk]) == (
        "Those who have chosen Having a child and visit on Monday"
    )
    assert sentence_of_segment(known[empty.pk]) == "Nobody can be in this segment"


def test_a_rule_that_is_no_situation_gives_no_certain_answer(child):
    segment = make_segment("Parents on Mondays")
    chose(segment, child)
    on_monday(segment)
    only = condition_of(Audience.only(segments=[segment.pk]))
    all_but = condition_of(Audience.all_but(segments=[segment.pk]))

    assert answer_for(only, {child.pk}) == Answer.MAY
    assert answer_for(only, set()) == Answer.NO
    assert answer_for(all_but, {child.pk}) == Answer.MAY
    assert answer_for(all_but, set()) == Answer.YES


def test_a_switched_off_segment_is_nobody():
    segment = make_segment("Off", status=Segment.STATUS_DISABLED)
    on_monday(segment)

    assert answer_for(condition_of(Audience.only(segments=[segment.pk])), set()) == (
        Answer.NO
    )


def test_sentences_are_in_the_language_of_the_editor():
    segment = make_segment("Mondays")
    on_monday(segment)
    with override("sv"):
        assert "måndag" in shown_to(Audience.only(segments=[segment.pk]))
