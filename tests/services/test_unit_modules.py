"""Modules that units run by themselves: who sees which, in which order, and why."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import (
    make_home,
    make_module,
    make_my_services,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from wagtail import hooks
from wagtail.models import Locale

from wagtail_medborgare.services.models import Module
from wagtail_medborgare.services.unit_modules.base import UnitModuleKind

pytestmark = pytest.mark.django_db

PATH = "/mina-tjanster/"
TEXT = "<p>Vi finns här.</p>"


@pytest.fixture
def child() -> Any:
    return make_situation("Få barn")


@pytest.fixture
def house() -> Any:
    return make_situation("Bygga")


@pytest.fixture(autouse=True)
def home() -> Any:
    home = make_home()
    make_my_services(home)
    return home


def shown(response: Any) -> list[str]:
    """The titles of the modules that stand on the page."""
    return [item.module.title for item in items(response)]


def items(response: Any) -> list[Any]:
    for module in response.context["rendered_modules"]:
        if module.name == "units":
            return list(module.context["items"])
    return []


def test_a_module_is_shown_to_those_whom_it_is_for_and_says_why(visitor, child, house):
    unit = make_unit("Familjecentralen")
    make_module("Öppna förskolan", text=TEXT, situations=[child], unit=unit)
    make_module("Bygglovsjouren", text=TEXT, situations=[house])
    visitor.choose(child)

    response = visitor.get(PATH)

    assert shown(response) == ["Öppna förskolan"]
    assert "Familjecentralen" in response.text
    assert "Vi finns här." in response.text
    assert [item.name for item in items(response)[0].reasons] == ["Få barn"]
    assert "Bygglovsjouren" not in response.text


def test_a_module_without_situations_is_for_everybody(visitor, child):
    make_module("Servicecenter", text=TEXT)

    before = visitor.get(PATH)
    visitor.choose(child)
    after = visitor.get(PATH)

    assert shown(before) == shown(after) == ["Servicecenter"]
    assert items(after)[0].reasons == ()


def test_without_modules_there_is_no_heading(visitor, child):
    make_module("Not for you", text=TEXT, situations=[child])

    response = visitor.get(PATH)

    assert items(response) == []
    assert "mb-units" not in response.text


def test_they_stand_in_the_editors_order_and_what_has_none_comes_last(visitor):
    make_module("C", text=TEXT, sort_order=2)
    make_module("B", text=TEXT)
    make_module("A", text=TEXT, sort_order=3)
    make_module("D", text=TEXT, sort_order=1)

    assert shown(visitor.get(PATH)) == ["D", "C", "A", "B"]


def test_publishing_and_unpublishing_takes_effect_at_once(visitor):
    module = make_module("Sommarsimskolan", text=TEXT, live=False)
    before = shown(visitor.get(PATH))
    module.save_revision().publish()
    between = shown(visitor.get(PATH))
    module.refresh_from_db()
    module.unpublish()

    assert (before, between) == ([], ["Sommarsimskolan"])
    assert shown(visitor.get(PATH)) == []


def test_a_draft_of_a_published_module_is_not_shown(visitor):
    module = make_module("Published", text=TEXT)
    module.title = "Draft"
    module.save_revision()

    assert shown(visitor.get(PATH)) == ["Published"]


def test_it_comes_and_goes_on_its_dates(visitor, time_machine, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "memory"
    time_machine.move_to("2026-06-01 12:00:00+00:00", tick=False)
    module = make_module("Sommarlov", text=TEXT, live=False)
    module.go_live_at = timezone.now() + datetime.timedelta(days=9)
    module.expire_at = timezone.now() + datetime.timedelta(days=70)
    module.save_revision().publish()
    too_early = shown(visitor.get(PATH))
    time_machine.move_to("2026-06-11 12:00:00+00:00", tick=False)
    call_command("publish_scheduled", verbosity=0)
    in_season = shown(visitor.get(PATH))
    # Nobody has run "publish_scheduled" since.
    time_machine.move_to("2026-08-20 12:00:00+00:00", tick=False)
    too_late = shown(visitor.get(PATH))
    call_command("publish_scheduled", verbosity=0)
    module.refresh_from_db()

    assert (too_early, in_season, too_late) == ([], ["Sommarlov"], [])
    assert module.expired


def test_a_page_is_not_kept_longer_than_the_module_lasts(
    visitor, time_machine, settings
):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "memory"
    time_machine.move_to("2026-06-01 12:00:00+00:00", tick=False)
    make_module(
        "Kort",
        text=TEXT,
        expire_at=timezone.now() + datetime.timedelta(seconds=90),
    )
    visitor.get(PATH)
    time_machine.shift(80)
    with CaptureQueriesContext(connection) as queries:
        kept = visitor.get(PATH)
    time_machine.shift(20)

    assert len(queries) == 0
    assert "Kort" in kept.text
    assert "Kort" not in visitor.get(PATH).text


def test_a_draft_does_not_move_a_module_back_when_it_is_published():
    module = make_module("A", text=TEXT, sort_order=1)
    module.save_revision()
    Module.objects.update(sort_order=7)

    Module.objects.get().latest_revision.publish()

    module.refresh_from_db()
    assert module.sort_order == 7


def test_links_lead_to_pages_and_addresses(visitor, home):
    page = make_page(home, title="Om oss", slug="om-oss")
    hidden = make_page(home, title="Hemlig", live=False)
    make_module(
        "Länkar",
        links=[
            {"page": page},
            {"page": hidden},
            {"label": "Boka tid", "url": "https://e.example.se/boka"},
        ],
    )

    text = visitor.get(PATH).text

    assert '<a href="/om-oss/">Om oss</a>' in text
    assert '<a href="https://e.example.se/boka">Boka tid</a>' in text
    assert "Hemlig" not in text


def test_a_list_of_services_shows_those_that_are_published_in_the_units_order(visitor):
    second, first = make_service("A"), make_service("B")
    gone = make_service("Gone", live=False)
    make_module("Tjänster", kind="services", services=[first, gone, second])

    listed = items(visitor.get(PATH))[0].context["items"]

    assert [item.service.name for item in listed] == ["B", "A"]


def test_a_list_of_which_nothing_is_published_is_left_out(visitor):
    make_module("Tom", kind="services", services=[make_service(live=False)])

    assert shown(visitor.get(PATH)) == []


def test_a_module_is_shown_in_its_own_language_only(visitor):
    finnish = Locale.objects.create(language_code="fi")
    make_module("På svenska", text=TEXT)
    make_module("Suomeksi", text=TEXT, locale=finnish)

    assert shown(visitor.get(PATH)) == ["På svenska"]


def test_an_unpublished_unit_is_not_named(visitor):
    make_module("A", text=TEXT, unit=make_unit("Nedlagd", live=False))

    assert "Nedlagd" not in visitor.get(PATH).text


class GreetingKind(UnitModuleKind):
    """A site's own kind."""

    name = "greeting"
    label = "Greeting"
    template_name = "medborgare_services/unit_modules/text.html"
    prepared = 0

    def prepare(self, modules: Any, visitor: Any, request: Any) -> None:
        GreetingKind.prepared += 1

    def get_context(self, module: Any, visitor: Any, request: Any) -> dict[str, Any]:
        return {"links": [{"label": f"Hej {module.title}", "url": "/hej/"}]}


def test_a_site_registers_kinds_of_its_own(visitor):
    make_module("ett", kind="greeting")
    make_module("två", kind="greeting")
    hook = "register_medborgare_unit_module_kinds"

    with hooks.register_temporarily(hook, lambda: [GreetingKind]):
        text = visitor.get(PATH).text

    assert "Hej ett" in text
    assert "Hej två" in text
    assert GreetingKind.prepared == 1


def test_a_kind_that_is_gone_leaves_its_modules_out_and_nothing_breaks(visitor):
    make_module("Kvar", text=TEXT)
    make_module("Borta", kind="of-a-room-that-was-removed", text=TEXT)

    response = visitor.get(PATH)

    assert response.status_code == 200
    assert shown(response) == ["Kvar"]


def queries_at(visitor: Any) -> int:
    visitor.get(PATH)
    with CaptureQueriesContext(connection) as queries:
        visitor.get(PATH)
    return len(queries)


def test_the_queries_do_not_grow_with_the_modules(visitor, home, child, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 0

    def add() -> None:
        page = make_page(home)
        service = make_service(channels=[{"url": "https://e.example.se/"}])
        unit = make_unit()
        make_module(text=TEXT, links=[{"page": page}], unit=unit)
        make_module(kind="services", services=[service], situations=[child], unit=unit)
        hours = [(day, datetime.time(8), datetime.time(16)) for day in range(5)]
        closed = {datetime.date(2030, 1, 1): "x"}
        make_module(kind="opening-hours", hours=hours, closed=closed, unit=unit)

    visitor.choose(child)
    none = queries_at(visitor)
    add()
    one_of_each = queries_at(visitor)
    for _ in range(6):
        add()

    assert queries_at(visitor) == one_of_each
    assert len(shown(visitor.get(PATH))) == 21
    # One for the modules, two for each of what these three kinds are made of.
    assert one_of_each <= none + 6
    print(f"My services: {none} queries without modules, {one_of_each} with")


def test_a_page_from_the_cache_follows_a_module(visitor, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "memory"
    module = make_module("Före", text=TEXT)
    visitor.get(PATH)
    with CaptureQueriesContext(connection) as queries:
        visitor.get(PATH)
    module.title = "Efter"
    module.save_revision().publish()

    assert len(queries) == 0
    assert "Efter" in visitor.get(PATH).text
