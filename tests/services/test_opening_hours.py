"""Opening hours: what is said at a moment, and until when it is true."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_home, make_module, make_my_services

from wagtail_medborgare.services.hours import State, state_at

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEKDAYS = [(day, time(8), time(16)) for day in range(5)]
PATH = "/mina-tjanster/"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def state(now: str, hours: Any = WEEKDAYS, closed: Any = None) -> State:
    return state_at(at(now), hours, closed or {})


# 2026-11-23 is a Monday.
def test_it_is_open_until_it_closes():
    now = state("2026-11-23T10:00")

    assert (now.is_open, now.closes_at) == (True, at("2026-11-23T16:00"))
    assert now.changes_at == at("2026-11-23T16:00")


@pytest.mark.parametrize(
    ("now", "opens", "changes"),
    [
        ("2026-11-23T07:59", "2026-11-23T08:00", "2026-11-23T08:00"),
        ("2026-11-23T16:00", "2026-11-24T08:00", "2026-11-24T00:00"),
        ("2026-11-27T17:00", "2026-11-30T08:00", "2026-11-28T00:00"),
    ],
)
def test_it_is_closed_until_it_opens_and_the_words_change_at_midnight(
    now, opens, changes
):
    told = state(now)

    assert (told.is_open, told.opens_at) == (False, at(opens))
    assert told.changes_at == at(changes)


def test_the_minute_it_opens_it_is_open():
    assert state("2026-11-23T08:00").is_open


def test_it_closes_for_lunch():
    hours = [(0, time(8), time(12)), (0, time(13), time(16))]

    assert state("2026-11-23T09:00", hours).closes_at == at("2026-11-23T12:00")
    assert state("2026-11-23T12:30", hours).opens_at == at("2026-11-23T13:00")


def test_hours_that_touch_are_one():
    hours = [(0, time(12), time(16)), (0, time(8), time(12))]

    assert state("2026-11-23T09:00", hours).closes_at == at("2026-11-23T16:00")


def test_midnight_ends_a_day_and_the_next_may_go_on():
    hours = [(4, time(20), time(0)), (5, time(0), time(2))]

    assert state("2026-11-27T23:00", hours).closes_at == at("2026-11-28T02:00")
    assert state("2026-11-28T01:00", hours).closes_at == at("2026-11-28T02:00")


def test_what_never_closes_is_always_open():
    hours = [(day, time(0), time(0)) for day in range(7)]
    told = state("2026-11-23T09:00", hours)

    assert (told.is_open, told.closes_at) == (True, None)


def test_a_closed_day_is_closed_and_says_why():
    closed = {date(2026, 11, 23): "Planeringsdag"}
    told = state("2026-11-23T10:00", closed=closed)

    assert (told.is_open, told.closed_because) == (False, "Planeringsdag")
    assert told.opens_at == at("2026-11-24T08:00")


def test_what_is_closed_for_the_season_says_so():
    closed = {
        date.fromordinal(date(2026, 11, 1).toordinal() + n): "" for n in range(90)
    }
    told = state("2026-11-23T10:00", closed=closed)

    assert (told.is_open, told.opens_at) == (False, None)
    assert told.changes_at == at("2026-11-24T00:00")


def test_the_clock_may_be_moved_in_between():
    # Summer time ends at 3 on 25 October 2026.
    told = state("2026-10-24T23:00", [(6, time(10), time(14))])

    assert told.opens_at is not None
    assert told.opens_at.timestamp() - at("2026-10-24T23:00").timestamp() == 12 * 3600


# --- On My services ---


@pytest.fixture
def module(settings: Any) -> Any:
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "memory"
    make_my_services(make_home())
    return make_module(
        "Biblioteket",
        kind="opening-hours",
        hours=WEEKDAYS,
        closed={date(2026, 12, 24): "Julafton"},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-23T10:00+01:00", "Open now until 4 p.m."),
        ("2026-11-23T07:00+01:00", "Opens today at 8 a.m."),
        ("2026-11-23T18:00+01:00", "Opens tomorrow at 8 a.m."),
        ("2026-11-27T18:00+01:00", "Opens on Monday at 8 a.m."),
        ("2026-12-24T10:00+01:00", "Closed today: Julafton."),
    ],
)
def test_it_is_said_in_words(visitor, module, time_machine, settings, now, said):
    settings.LANGUAGE_CODE = "en"
    settings.WAGTAIL_I18N_ENABLED = False
    time_machine.move_to(datetime.fromisoformat(now), tick=False)

    text = visitor.get(PATH, headers={"Accept-Language": "en"}).text

    assert said in text


def is_open(response: Any) -> bool:
    """What the module told when the page was rendered, not taken from the cache."""
    for rendered in response.context["rendered_modules"]:
        if rendered.name == "units":
            return bool(rendered.context["items"][0].context["state"].is_open)
    raise AssertionError("the page shows no module of a unit")


@pytest.mark.django_db
def test_a_page_is_not_kept_when_it_has_closed(visitor, module, time_machine):
    time_machine.move_to(at("2026-11-23T15:55"), tick=False)
    opened = visitor.get(PATH)
    time_machine.shift(200)
    with CaptureQueriesContext(connection) as queries:
        kept = visitor.get(PATH)
    time_machine.shift(200)
    closed = visitor.get(PATH)

    assert len(queries) == 0
    assert (is_open(opened), is_open(closed)) == (True, False)
    assert kept.text == opened.text
    assert closed.text != opened.text


@pytest.mark.django_db
def test_the_week_and_the_coming_closed_days_stand_there(visitor, module, time_machine):
    time_machine.move_to(at("2026-12-14T10:00"), tick=False)

    text = visitor.get(PATH).text

    assert "Julafton" in text
    assert text.count("<dt>") == 8


@pytest.mark.django_db
def test_a_module_without_hours_is_left_out(visitor):
    make_my_services(make_home())
    make_module("Tom", kind="opening-hours")

    assert "Tom" not in visitor.get(PATH).text
