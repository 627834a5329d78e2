"""The catalogue and a service's own page: public, the same for all, machine-readable."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from django.urls import reverse
from factories import (
    make_catalogue,
    make_home,
    make_service,
    make_situation,
    make_unit,
)
from icalendar import Calendar
from testapp.models import ServiceCataloguePage
from wagtail.models import Locale

from wagtail_medborgare.services.addresses import service_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    home = make_home()
    return make_catalogue(home)


def test_the_catalogue_lists_and_links_every_service(visitor):
    for number in range(60):
        make_service(f"Service {number:02}")

    first, second = visitor.get("/tjanster/"), visitor.get("/tjanster/?p=2")

    assert first.text.count('class="mb-item__name"') == 50
    assert second.text.count('class="mb-item__name"') == 10


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "9" * 30])
def test_an_odd_page_number_is_no_error(visitor, page):
    make_service()

    assert visitor.get(f"/tjanster/?p={page}").status_code == 200


def test_the_catalogue_can_be_narrowed(visitor):
    child, unit = make_situation("Få barn"), make_unit("Barn och utbildning")
    make_service("Förskola", situations=[child], unit=unit)
    make_service("Bygglov")

    by_situation = visitor.get("/tjanster/?situation=fa-barn").text
    by_unit = visitor.get("/tjanster/?unit=barn-och-utbildning").text

    for text in (by_situation, by_unit):
        assert "Förskola" in text
        assert "Bygglov" not in text


def test_the_catalogue_is_the_same_for_all(visitor, other_visitor):
    child = make_situation("Få barn")
    make_service(situations=[child])
    visitor.choose(child)

    response = visitor.get("/tjanster/")

    assert response.content == other_visitor.get("/tjanster/").content
    assert "Cache-Control" not in response


def test_a_service_has_a_page_of_its_own(visitor):
    unit = make_unit("Samhällsbyggnad", phone="031-390 06 02", opening_hours="9–16")
    make_service(
        "Ansök om bygglov",
        summary="Innan du bygger",
        description="<p>Så gör du</p>",
        unit=unit,
        cost="Från 500 kronor",
        needs_assessment=False,
        have_at_hand="<ul><li>Ritning</li></ul>",
        what_happens_then="<p>Vi svarar</p>",
        channels=[
            {"url": "https://e.example.se/1", "requires_login": True, "label": "Ansök"},
            {"kind": "phone", "phone": "031-390 06 02"},
            {"kind": "form", "url": "https://e.example.se/2"},
        ],
        deadlines=[
            {"label": "Sista dag", "date": datetime.date(2020, 5, 1), "is_yearly": True}
        ],
    )

    response = visitor.get("/tjanster/ansok-om-bygglov/")

    for text in ("Så gör du", "Från 500 kronor", "Ritning", "Vi svarar", "Sista dag",
                 "https://e.example.se/1", "tel:0313900602", "Samhällsbyggnad"):  # fmt: skip
        assert text in response.text
    assert "Cache-Control" not in response


def json_ld(text: str) -> dict:
    return json.loads(re.search(r'ld\+json">(.*?)</script>', text, re.S)[1])


def test_the_page_carries_its_machine_readable_twin(visitor):
    make_service(
        'Evil </script><script>alert("x")</script> & co',
        slug="evil",
        unit=make_unit("Unit"),
        channels=[
            {"url": "https://e.example.se/1"},
            {"kind": "visit", "address": "Torget 1", "phone": "031-390 06 02"},
        ],
    )

    response = visitor.get("/tjanster/evil/")
    data = json_ld(response.text)

    assert data["@type"] == "GovernmentService"
    assert data["name"].startswith("Evil </script>")
    assert data["provider"]["name"] == "Testkommun"
    assert data["availableChannel"][0]["serviceUrl"] == "https://e.example.se/1"
    assert data["availableChannel"][1]["serviceLocation"]["address"] == "Torget 1"
    assert "<script>alert" not in response.text


def test_a_sensitive_service_offers_the_quick_exit_first(visitor):
    make_service("Skuldrådgivning", is_sensitive=True)
    debt = make_situation("Skulder", is_sensitive=True)
    make_service("Hjälp", situations=[debt])

    for slug in ("skuldradgivning", "hjalp"):
        text = visitor.get(f"/tjanster/{slug}/").text
        assert text.index("mb-exit") < text.index("<h1")


@pytest.mark.parametrize(
    "path", ["finns-inte/", "utkast/", "a/b/", "ansok.css", "ansok/x.css", "ansok;a/"]
)
def test_what_is_not_there_is_not_found(visitor, path):
    make_service("Utkast", live=False)
    make_service("Ansok")

    assert visitor.get(f"/tjanster/{path}").status_code == 404


def test_services_are_found_in_their_own_language(visitor, catalogue):
    finnish = Locale.objects.create(language_code="fi")
    make_service("Förskola")
    make_service("Esikoulu", locale=finnish)

    swedish = visitor.get("/tjanster/", headers={"Accept-Language": "sv"}).text

    assert "Förskola" in swedish
    assert "Esikoulu" not in swedish


def test_two_services_of_one_name_have_two_addresses():
    first, second, third = (make_service("Ansök") for _ in range(3))

    assert (first.slug, second.slug, third.slug) == ("ansok", "ansok-2", "ansok-3")


def test_a_name_without_letters_still_has_an_address():
    assert make_service("???").slug == "tjanst"


def test_without_a_catalogue_a_service_leads_to_its_channel(catalogue):
    service = make_service(channels=[{"url": "https://e.example.se/1"}])
    with_catalogue = service_url(service, None)
    catalogue.unpublish()

    assert with_catalogue.endswith(f"/tjanster/{service.slug}/")
    assert service.get_absolute_url() == "https://e.example.se/1"
    assert make_service().get_url() == ""


def test_moving_and_deleting_the_catalogue_is_followed(catalogue):
    from factories import make_page

    service = make_service("Ansök")
    parent = make_page(catalogue.get_parent(), slug="under")
    before = service.get_url()

    catalogue.move(parent, pos="last-child")
    moved = service.get_url()
    catalogue.delete()

    assert before.endswith("/tjanster/ansok/")
    assert moved.endswith("/under/tjanster/ansok/")
    assert service.get_url() == ""


def test_the_dates_of_a_service_are_a_calendar(visitor):
    service = make_service(
        "Förskola",
        deadlines=[
            {
                "label": "Varje år",
                "date": datetime.date(2020, 2, 29),
                "is_yearly": True,
            },
            {"label": "Över", "date": datetime.date(2020, 1, 1)},
        ],
    )

    response = visitor.get(service.get_calendar_url())
    events = Calendar.from_ical(response.content).walk("VEVENT")

    assert response["Content-Type"].startswith("text/calendar")
    assert [str(event["summary"]) for event in events] == ["Varje år"]
    assert events[0].decoded("dtstart").month == 2
    assert "Cache-Control" not in response


def test_my_dates_are_private_and_hold_nothing_sensitive(visitor):
    child = make_situation("Få barn")
    debt = make_situation("Skulder", is_sensitive=True)
    when = {"date": datetime.date(2020, 1, 15), "is_yearly": True}
    make_service("A", situations=[child], deadlines=[{"label": "Förskola", **when}])
    make_service("B", situations=[debt], deadlines=[{"label": "Skuldmöte", **when}])
    make_service(
        "C",
        situations=[child],
        is_sensitive=True,
        deadlines=[{"label": "Stöd", **when}],
    )
    visitor.choose(child, debt)

    response = visitor.get(reverse("medborgare_services:my_deadlines"))
    names = [
        str(item["summary"])
        for item in Calendar.from_ical(response.content).walk("VEVENT")
    ]

    assert names == ["Förskola"]
    assert response["Cache-Control"] == "private, no-store"


def test_a_calendar_of_nothing_is_not_there(visitor):
    response = visitor.get("/medborgare/my-dates.ics")

    assert (response.status_code, response["Cache-Control"]) == (
        404,
        "private, no-store",
    )
    assert visitor.get(make_service().get_calendar_url()).status_code == 404
    assert visitor.get("/medborgare/services/99999/dates.ics").status_code == 404


@pytest.mark.parametrize(
    ("day", "is_yearly", "today", "expected"),
    [
        ((2026, 5, 1), False, (2026, 5, 1), (2026, 5, 1)),
        ((2026, 5, 1), False, (2026, 5, 2), None),
        ((2020, 5, 1), True, (2026, 5, 1), (2026, 5, 1)),
        ((2020, 5, 1), True, (2026, 5, 2), (2027, 5, 1)),
        ((2020, 2, 29), True, (2026, 1, 1), (2026, 2, 28)),
        ((2020, 2, 29), True, (2028, 1, 1), (2028, 2, 29)),
        ((2020, 12, 31), True, (2026, 12, 31), (2026, 12, 31)),
    ],
)
def test_the_next_date_is_computed(day, is_yearly, today, expected):
    from wagtail_medborgare.services.models import next_date

    found = next_date(
        datetime.date(*day), is_yearly=is_yearly, today=datetime.date(*today)
    )

    assert found == (datetime.date(*expected) if expected else None)


def test_a_template_finds_the_addresses_of_the_site(rf):
    from django.template import Context, Template
    from factories import make_my_services

    make_my_services(ServiceCataloguePage.objects.get().get_parent())
    source = "{% load medborgare_addresses %}{% my_services_url %} {% catalogue_url %}"

    html = Template(source).render(Context({"request": rf.get("/")}))

    assert html == "/mina-tjanster/ /tjanster/"
