"""Odd input is no error, unpublished units stay so, and editors are told at the field."""

from __future__ import annotations

import datetime

import pytest
from factories import (
    make_catalogue,
    make_home,
    make_my_services,
    make_service,
    make_situation,
    make_unit,
    service_form_data,
)

from wagtail_medborgare.services.models import Service

pytestmark = pytest.mark.django_db

WHEN = {"date": datetime.date(2020, 1, 15), "is_yearly": True}


@pytest.fixture(autouse=True)
def home():
    home = make_home()
    make_my_services(home)
    make_catalogue(home)
    return home


@pytest.mark.parametrize("name", ["q", "unit", "situation", "p"])
@pytest.mark.parametrize("path", ["/tjanster/", "/mina-tjanster/"])
@pytest.mark.parametrize(
    "value",
    ['"', 'a"b', '"\\', "\x00", "a\x00", "*", "a AND", "NEAR(", "-", "9" * 40, "%"],
)
def test_odd_parameters_are_no_error(visitor, path, name, value):
    make_service("Bygglov")

    assert visitor.get(path, data={name: value}).status_code == 200


def test_a_date_at_the_end_of_time_is_no_error(visitor):
    service = make_service(
        deadlines=[{"label": "x", "date": datetime.date(9999, 12, 31)}]
    )

    assert visitor.get(service.get_calendar_url()).status_code == 200


def test_my_dates_leave_out_what_any_of_its_tags_makes_sensitive(visitor):
    move, violence = make_situation("Flytta"), make_situation("Våld", is_sensitive=True)
    make_service(
        "Skyddat boende",
        situations=[move, violence],
        deadlines=[{"label": "Skyddat boende", **WHEN}],
    )
    make_service("Annat", situations=[move], deadlines=[{"label": "Annat", **WHEN}])
    visitor.choose(move, violence)

    text = visitor.get("/medborgare/my-dates.ics").text

    assert "Annat" in text
    assert "Skyddat boende" not in text


def test_an_unpublished_unit_is_shown_nowhere(visitor):
    make_service("Ansök", unit=make_unit("Hemlig enhet", live=False))

    for path in ("/tjanster/", "/tjanster/ansok/"):
        assert "Hemlig enhet" not in visitor.get(path).text


def test_an_address_that_is_taken_is_told_at_the_field(admin_client):
    make_service("Ansök", slug="ansok")

    response = admin_client.post(
        "/admin/snippets/medborgare_services/service/add/",
        service_form_data(name="Ansök", slug="ansok", **{"action-publish": "1"}),
    )

    assert response.status_code == 200
    assert Service.objects.count() == 1


def test_a_service_is_scheduled(admin_client):
    admin_client.post(
        "/admin/snippets/medborgare_services/service/add/",
        service_form_data(go_live_at="2099-01-01 08:00", **{"action-publish": "1"}),
    )
    service = Service.objects.get()

    assert not service.live
    assert service.go_live_at.year == 2099
    assert service.status_string


def test_a_saved_service_is_marked_where_its_date_stands(visitor):
    child = make_situation("Få barn")
    service = make_service(situations=[child], deadlines=[{"label": "x", **WHEN}])
    visitor.choose(child)
    visitor.submit("/medborgare/save/", {"kind": "service", "key": service.pk})

    modules = visitor.get("/mina-tjanster/").context["rendered_modules"]
    (now,) = (item for item in modules if item.name == "now")

    assert now.context["items"][0].is_saved


def test_what_was_waved_away_is_not_called_missing(visitor):
    child = make_situation("Få barn")
    service = make_service(situations=[child])
    visitor.choose(child)
    visitor.submit("/medborgare/dismiss/", {"kind": "service", "key": service.pk})

    modules = visitor.get("/mina-tjanster/").context["rendered_modules"]
    (services,) = (item for item in modules if item.name == "services")

    assert services.context["groups"][0].has_dismissed


def test_lists_without_a_catalogue_ask_once_for_all_addresses(
    visitor, django_assert_max_num_queries
):
    from testapp.models import ServiceCataloguePage

    ServiceCataloguePage.objects.get().delete()
    child = make_situation("Få barn")
    for number in range(20):
        url = f"https://e.example.se/{number}"
        make_service(situations=[child], channels=[{"url": url}])
    visitor.choose(child)
    visitor.get("/mina-tjanster/")

    with django_assert_max_num_queries(20):
        text = visitor.get("/mina-tjanster/").text

    assert "https://e.example.se/7" in text
