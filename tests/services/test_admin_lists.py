"""The lists of the administration: filter, search within, look into, put in order."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from factories import make_editor, make_module, make_service, make_situation, make_unit

from wagtail_medborgare.services.models import Unit
from wagtail_medborgare.situations.models import Persona

pytestmark = pytest.mark.django_db

SNIPPETS = "/admin/snippets"
SERVICES = f"{SNIPPETS}/medborgare_services/service/"
MODULES = f"{SNIPPETS}/medborgare_services/module/"
SITUATIONS = f"{SNIPPETS}/medborgare_situations/lifesituation/"


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(make_editor())
    return browser


def listed(response: Any) -> list[str]:
    assert response.status_code == 200
    return [str(item) for item in response.context["object_list"]]


@pytest.mark.parametrize(
    "query",
    [
        "no_situation=true", "no_situation=false", "no_unit=true", "no_unit=false",
        "left_feed=true", "left_feed=false", "is_sensitive=true", "is_sensitive=false",
        "live=true", "live=false", "to_do=untagged", "to_do=changed",
        "needs_assessment=true", "needs_assessment=false",
    ],
)  # fmt: skip
def test_services_are_searched_within_each_filter(client, query):
    child = make_situation("Få barn")
    make_service("Ansök om förskola", situations=[child], unit=make_unit("Skola"))
    make_service("Förskola i sommar")
    make_service("Simhall")

    filtered = listed(client.get(f"{SERVICES}?{query}"))
    found = listed(client.get(f"{SERVICES}?{query}&q=förskola"))

    assert sorted(found) == sorted(
        name for name in filtered if "förskola" in name.lower()
    )


def test_services_are_searched_within_a_situation_and_a_unit(client):
    child, school = make_situation("Få barn"), make_unit("Skola")
    make_service("Ansök om förskola", situations=[child], unit=school)
    make_service("Förskola i sommar", unit=school)

    query = f"life_situations={child.pk}&unit={school.pk}&q=förskola&ordering=-name"

    assert listed(client.get(f"{SERVICES}?{query}")) == ["Ansök om förskola"]


def test_modules_and_situations_are_searched_within_their_filters(client):
    child = make_situation("Få barn", is_business=False)
    make_module("Lekpark", situations=[child])
    make_module("Lekotek")

    modules = client.get(f"{MODULES}?life_situations={child.pk}&q=lek")
    situations = client.get(f"{SITUATIONS}?is_business=false&is_active=true&q=barn")

    assert listed(modules) == ["Lekpark"]
    assert listed(situations) == ["Få barn"]


def test_what_is_filtered_by_is_said_in_words(client):
    make_service("Simhall")

    text = client.get(f"{SERVICES}?no_situation=true").text

    assert "True" not in text.partition("<main")[2]
    assert "Ja" in text


def test_a_filter_that_says_nothing_narrows_nothing(client):
    make_service("Simhall")

    assert listed(client.get(f"{SERVICES}?no_situation=&is_sensitive=x")) == ["Simhall"]


def test_another_units_service_is_read_as_text_not_as_code(client):
    service = make_service(
        "Simhall", description="<p>Öppet <b>alla</b> dagar</p>", is_sensitive=True
    )

    text = client.get(f"{SERVICES}inspect/{service.pk}/").text

    assert "<b>alla</b>" in text
    assert "&lt;p&gt;" not in text
    assert str(service.translation_key) not in text
    assert "True" not in text.partition("<main")[2]


def test_whoever_looks_after_a_service_is_chosen_by_name(client):
    person = make_editor("annlin")
    person.first_name, person.last_name = "Ann", "Lind"
    person.save()

    text = client.get(f"{SERVICES}add/").text

    assert ">Ann Lind<" in text
    assert ">editor<" in text


@pytest.mark.parametrize(("last", "position"), [("C", 0), ("A", 2)])
def test_what_has_no_place_yet_can_be_moved(client, last, position):
    names = ["A", "B", "C"]
    for name in names:
        make_unit(name)
        Persona.objects.create(name=name)
    for path, model in (
        (f"{SNIPPETS}/medborgare_services/unit/", Unit),
        (f"{SNIPPETS}/medborgare_situations/persona/", Persona),
    ):
        moved = model.objects.get(name=last)

        response = client.post(f"{path}reorder/{moved.pk}/?position={position}")

        assert response.json() == {"success": True}
        order = list(
            model.objects.order_by("sort_order").values_list("name", flat=True)
        )
        assert order.index(last) == position
        assert [name for name in order if name != last] == sorted({*names} - {last})
