"""Choosing: what the endpoints do to the visitor's own device, and to nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import VisitorClient
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_home, make_page, make_service, make_situation

pytestmark = pytest.mark.django_db

ENDPOINTS = [
    "choose", "add", "remove", "save", "unsave", "dismiss", "restore", "forget", "leave",
]  # fmt: skip
VISIT, DEVICE = "__Host-mb-visit", "__Host-mb-device"


def chosen_names(client: VisitorClient) -> set[str]:
    response = client.get("/medborgare/choices/")
    return {item.default_name for item in response.context["chosen"]}


def test_nothing_is_set_before_the_visitor_chooses(visitor):
    make_home()
    make_situation("Få barn")

    response = visitor.get("/medborgare/choices/")

    assert not response.cookies


def test_choosing_keeps_the_choice_for_this_visit_only(visitor):
    child = make_situation("Få barn")

    response = visitor.choose(child)

    cookie = response.cookies[VISIT]
    assert DEVICE not in response.cookies
    assert cookie["max-age"] == ""
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True, True, "Lax", "/",
    )  # fmt: skip
    assert cookie["domain"] == ""
    assert chosen_names(visitor) == {"Få barn"}


def test_a_second_visitor_is_unaffected(visitor, other_visitor):
    visitor.choose(make_situation("Få barn"))

    assert chosen_names(other_visitor) == set()


def test_choosing_replaces_adding_adds_and_removing_takes_away(visitor):
    child, house, move = make_situation("A"), make_situation("B"), make_situation("C")

    visitor.choose(child, house)
    visitor.submit("/medborgare/add/", {"situation": move.slug})
    visitor.submit("/medborgare/remove/", {"situation": child.slug})

    assert chosen_names(visitor) == {"B", "C"}


def test_remembering_is_a_choice_of_its_own(visitor):
    child = make_situation("Få barn")

    response = visitor.choose(child, remember=True)

    assert response.cookies[DEVICE]["max-age"] == 90 * 86_400
    assert VISIT not in response.cookies


def test_no_longer_remembering_moves_the_choice_to_the_visit(visitor):
    child = make_situation("Få barn")
    visitor.choose(child, remember=True)

    response = visitor.choose(child)

    assert response.cookies[DEVICE].value == ""
    assert response.cookies[VISIT].value
    assert chosen_names(visitor) == {"Få barn"}


def test_what_is_sensitive_is_never_remembered_on_the_device(visitor):
    debt = make_situation("Skulder", is_sensitive=True)
    child = make_situation("Få barn")

    visitor.choose(debt, child, remember=True)
    del visitor.cookies[VISIT]

    assert chosen_names(visitor) == {"Få barn"}


def test_a_sensitive_choice_is_forgotten_an_hour_after_it_was_made(
    visitor, time_machine
):
    debt = make_situation("Skulder", is_sensitive=True)
    time_machine.move_to("2026-11-22 10:00:00+00:00")
    visitor.choose(debt)

    time_machine.move_to("2026-11-22 10:59:00+00:00")
    before = chosen_names(visitor)
    time_machine.move_to("2026-11-22 11:00:00+00:00")

    assert before == {"Skulder"}
    assert chosen_names(visitor) == set()


def test_sending_the_form_again_does_not_make_a_sensitive_choice_younger(
    visitor, time_machine
):
    debt = make_situation("Skulder", is_sensitive=True)
    time_machine.move_to("2026-11-22 10:00:00+00:00")
    visitor.choose(debt)
    time_machine.move_to("2026-11-22 10:50:00+00:00")
    visitor.choose(debt, make_situation("Få barn"))

    time_machine.move_to("2026-11-22 11:05:00+00:00")

    assert chosen_names(visitor) == {"Få barn"}


def test_a_situation_flagged_as_sensitive_later_is_forgotten(visitor):
    child = make_situation("Få barn")
    visitor.choose(child, remember=True)

    child.is_sensitive = True
    child.save()

    assert chosen_names(visitor) == set()


def test_a_deactivated_or_deleted_situation_is_no_longer_chosen(visitor):
    child, house = make_situation("Få barn"), make_situation("Bygga")
    visitor.choose(child, house)

    child.is_active = False
    child.save()
    house.delete()

    assert chosen_names(visitor) == set()


def test_unknown_situations_are_left_out(visitor):
    child = make_situation("Få barn")

    response = visitor.submit(
        "/medborgare/choose/",
        {"situation": [child.slug, "no-such", "\x00", "å" * 5000]},
    )

    assert response.status_code == 303
    assert chosen_names(visitor) == {"Få barn"}


def test_more_situations_than_a_cookie_holds_are_refused_and_nothing_is_lost(visitor):
    many = [make_situation(f"S{number}") for number in range(21)]
    visitor.choose(*many[:20])

    response = visitor.submit("/medborgare/add/", {"situation": many[20].slug})

    assert response.status_code == 409
    assert len(chosen_names(visitor)) == 20


def test_choosing_nothing_leaves_no_cookie(visitor):
    visitor.choose(make_situation("Få barn"))

    response = visitor.choose()

    assert response.cookies[VISIT]["max-age"] == 0
    assert DEVICE not in response.cookies


def test_forgetting_leaves_no_trace(visitor):
    visitor.choose(make_situation("Få barn"), remember=True)

    response = visitor.submit("/medborgare/forget/")

    assert {response.cookies[name].value for name in (VISIT, DEVICE)} == {""}
    assert {response.cookies[name]["max-age"] for name in (VISIT, DEVICE)} == {0}
    assert chosen_names(visitor) == set()


def test_quick_exit_forgets_and_leads_to_the_start_page(visitor):
    make_home()
    visitor.choose(make_situation("Skulder", is_sensitive=True))

    response = visitor.submit("/medborgare/leave/")

    assert (response.status_code, response["Location"]) == (303, "/")
    assert response.cookies[VISIT].value == ""


def test_quick_exit_can_lead_away(visitor, settings):
    settings.WAGTAIL_MEDBORGARE_QUICK_EXIT_URL = "https://www.example.com/weather"

    response = visitor.submit("/medborgare/leave/")

    assert response["Location"] == "https://www.example.com/weather"


def test_saving_and_dismissing_a_service(visitor):
    service, other = make_service("Ansök om bygglov"), make_service("Annan")

    visitor.submit("/medborgare/save/", {"kind": "service", "key": service.pk})
    visitor.submit("/medborgare/dismiss/", {"kind": "service", "key": other.pk})
    saved = visitor.get("/medborgare/choices/").wsgi_request.visitor

    assert [item.key for item in saved.saved] == [str(service.pk)]
    assert [item.key for item in saved.dismissed] == [str(other.pk)]


def test_saved_and_dismissed_things_can_be_taken_back(visitor):
    service = make_service()
    data = {"kind": "service", "key": service.pk}

    visitor.submit("/medborgare/save/", data)
    visitor.submit("/medborgare/unsave/", data)
    visitor.submit("/medborgare/dismiss/", data)
    response = visitor.submit("/medborgare/restore/", data)

    assert response.cookies[VISIT].value == ""


def test_saving_a_dismissed_thing_takes_the_dismissal_back(visitor):
    data = {"kind": "service", "key": make_service().pk}
    visitor.submit("/medborgare/dismiss/", data)

    visitor.submit("/medborgare/save/", data)
    request = visitor.get("/medborgare/choices/").wsgi_request

    assert len(request.visitor.saved) == 1
    assert request.visitor.dismissed == ()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"kind": "service"},
        {"kind": "service", "key": "999999"},
        {"kind": "service", "key": "x"},
        {"kind": "service", "key": "١٢"},
        {"kind": "nothing-like-it", "key": "1"},
    ],
)
def test_saving_what_is_not_there_is_told(visitor, data):
    response = visitor.submit("/medborgare/save/", data)

    assert response.status_code == 404
    assert not response.cookies


def test_a_sensitive_service_is_saved_for_an_hour_only(visitor, time_machine):
    service = make_service("Skuldrådgivning", is_sensitive=True)
    time_machine.move_to("2026-11-22 10:00:00+00:00")
    visitor.choose(make_situation("Få barn"), remember=True)

    response = visitor.submit(
        "/medborgare/save/", {"kind": "service", "key": service.pk}
    )
    time_machine.move_to("2026-11-22 11:00:00+00:00")
    later = visitor.get("/medborgare/choices/").wsgi_request.visitor

    assert VISIT in response.cookies
    assert later.saved == ()


def test_a_full_list_of_saved_things_is_told_and_nothing_is_lost(visitor):
    services = [make_service() for _ in range(26)]
    for service in services[:25]:
        visitor.submit("/medborgare/save/", {"kind": "service", "key": service.pk})

    response = visitor.submit(
        "/medborgare/save/", {"kind": "service", "key": services[25].pk}
    )

    assert response.status_code == 409
    assert len(visitor.get("/medborgare/choices/").wsgi_request.visitor.saved) == 25


def test_the_oldest_dismissed_thing_gives_way(visitor):
    services = [make_service() for _ in range(26)]

    for service in services:
        visitor.submit("/medborgare/dismiss/", {"kind": "service", "key": service.pk})
    dismissed = visitor.get("/medborgare/choices/").wsgi_request.visitor.dismissed

    assert [item.key for item in dismissed] == [str(item.pk) for item in services[1:]]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_get_changes_nothing(visitor, name):
    response = visitor.get(f"/medborgare/{name}/")

    assert response.status_code == 405
    assert not response.cookies


@pytest.mark.parametrize("name", ENDPOINTS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": None, "Origin": None},
        {"Sec-Fetch-Site": None, "Origin": "null"},
        {"Sec-Fetch-Site": None, "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": None, "Origin": "http://testserver"},
        {"Sec-Fetch-Site": None, "Origin": "https://testserver.evil.example"},
    ],
)
def test_a_form_on_another_site_is_refused(visitor, name, headers):
    response = visitor.submit(f"/medborgare/{name}/", headers=headers)

    assert response.status_code == 403
    assert not response.cookies


def test_an_equal_origin_is_enough_for_a_browser_without_fetch_metadata(visitor):
    child = make_situation("Få barn")

    response = visitor.submit(
        "/medborgare/choose/",
        {"situation": child.slug},
        headers={"Sec-Fetch-Site": None},
    )

    assert response.status_code == 303


def test_no_answer_of_an_endpoint_is_ever_stored(visitor):
    responses = [visitor.submit(f"/medborgare/{name}/") for name in ENDPOINTS]

    assert {response["Cache-Control"] for response in responses} == {
        "private, no-store"
    }


def test_the_server_keeps_nothing(visitor):
    situations = [make_situation("Få barn"), make_situation("Bo", is_sensitive=True)]
    visitor.choose(*situations)  # Warms the snapshot.

    with CaptureQueriesContext(
        connection,
    ) as queries:
        visitor.choose(*situations, remember=True)
        visitor.submit("/medborgare/forget/")

    written = [
        query["sql"]
        for query in queries
        if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}
    ]
    assert written == []


class TestLandingWhereOneWas:
    """303 back to the same-origin referrer that resolves, else the start page."""

    @pytest.fixture(autouse=True)
    def _site(self, db: Any) -> None:
        self.home = make_home()
        make_page(self.home, slug="bygga")

    @pytest.mark.parametrize(
        ("referrer", "location"),
        [
            ("https://testserver/bygga/", "/bygga/"),
            ("https://testserver/", "/"),
            ("https://testserver/bygga/?q=lov", "/bygga/?q=lov"),
            ("https://testserver/medborgare/choices/", "/medborgare/choices/"),
            ("https://testserver/bygga/#anchor", "/bygga/"),
            (None, "/"),
            ("https://testserver", "/"),
            ("https://testserver/no-such-page/", "/"),
            ("https://testserver/bygga/?q=a%0d%0aSet-Cookie:x", "/bygga/"),
            ("http://testserver/bygga/", "/"),
            ("https://testserver:8443/bygga/", "/"),
            ("https://evil.example/bygga/", "/"),
            ("https://testserver@evil.example/", "/"),
            ("https://testserver//evil.example/", "/"),
            ("https://testserver/%2f%2fevil.example/", "/"),
            ("https://testserver/%252f%252fevil.example/", "/"),
            ("https://testserver/\\evil.example/", "/"),
            ("https://testserver/%5cevil.example/", "/"),
            ("https://testserver/bygga/%0d%0aLocation:%20https:", "/"),
            ("https://testserver/%ff%fe/", "/"),
            ("https://[testserver/bygga/", "/"),
            ("javascript:alert(1)", "/"),
            ("//testserver/bygga/", "/"),
        ],
    )
    def test_lands(self, visitor, referrer, location):
        response = visitor.submit("/medborgare/forget/", headers={"Referer": referrer})

        assert (response.status_code, response["Location"]) == (303, location)

    @pytest.mark.parametrize("name", ENDPOINTS)
    @pytest.mark.parametrize("parameter", ["next", "url", "return_url", "redirect_to"])
    def test_no_parameter_is_an_address(self, visitor, name, parameter):
        data = {parameter: "https://evil.example/"}

        response = visitor.submit(
            f"/medborgare/{name}/?{parameter}=//evil.example", data
        )

        assert "evil" not in response.get("Location", "")

    def test_without_a_site_the_root_is_the_start(self, visitor):
        from wagtail.models import Site

        Site.objects.all().delete()

        response = visitor.submit("/medborgare/forget/", headers={"Referer": None})

        assert response["Location"] == "/"

    def test_a_page_that_is_gone_meanwhile_leads_to_the_start_page(self, visitor):
        response = visitor.submit(
            "/medborgare/forget/",
            headers={"Referer": "https://testserver/bygga/gone/"},
        )

        assert response["Location"] == "/"

    def test_an_address_outside_the_urlconf_leads_to_the_start_page(self, visitor):
        response = visitor.submit(
            "/medborgare/forget/", headers={"Referer": "https://testserver/fil.css"}
        )

        assert response["Location"] == "/"
