"""Editors make up residents to preview as; no resident ever meets them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_situation
from wagtail.models import ReferenceIndex
from wagtail.test.utils import WagtailTestUtils

from wagtail_medborgare.situations.models import Persona

pytestmark = pytest.mark.django_db

URL = "/admin/snippets/medborgare_situations/persona/"


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def house():
    return make_situation("Bygga hus")


@pytest.fixture
def persona_editor(editor_with):
    """An editor who may do this with personas."""

    def log_in(*actions):
        browser = editor_with()

        group = Group.objects.get(name="Redaktörer")
        names = [f"{action}_persona" for action in actions]
        group.permissions.add(*Permission.objects.filter(codename__in=names))
        return browser

    return log_in


def make_persona(name, *situations, **fields):
    persona = Persona.objects.create(name=name, **fields)
    persona.life_situations.set(situations)
    persona.save()
    return persona


def form_id_of(browser, url):
    soup = WagtailTestUtils.get_soup(browser.get(url).text)
    (form_id,) = {box.find_parent("form")["id"] for box in soup.select("#id_name")}
    return form_id


def rows(response):
    soup = WagtailTestUtils.get_soup(response.text)
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in soup.select("table.listing tbody tr")
    ]


def test_an_editor_makes_a_persona_with_situations(persona_editor, child, house):
    browser = persona_editor("add", "change")
    form = browser.read_form(f"{URL}add/", form_id_of(browser, f"{URL}add/"))
    form["name"] = "Två barn och ett hus"
    form["description"] = "Elin och Tariq"
    form.setlist("life_situations", [child.slug, house.slug])

    response = browser.send_form(f"{URL}add/", form)

    assert response.status_code == 302
    persona = Persona.objects.get()
    assert {item.name for item in persona.life_situations.all()} == {
        "Få barn",
        "Bygga hus",
    }


def test_an_editor_changes_who_it_is(persona_editor, child, house):
    persona = make_persona("Familjen", child)
    browser = persona_editor("change")
    url = f"{URL}edit/{persona.pk}/"
    form = browser.read_form(url, form_id_of(browser, url))
    form.setlist("life_situations", [house.slug])

    browser.send_form(url, form)

    assert [item.name for item in Persona.objects.get().life_situations.all()] == [
        "Bygga hus"
    ]


def test_two_personas_never_have_one_name(persona_editor):
    make_persona("Familjen")
    browser = persona_editor("add")
    form = browser.read_form(f"{URL}add/", form_id_of(browser, f"{URL}add/"))
    form["name"] = "Familjen"

    assert browser.send_form(f"{URL}add/", form).status_code == 200
    assert Persona.objects.count() == 1


def test_the_list_shows_situations_in_the_editors_order(persona_editor, child, house):
    make_persona("Nyinflyttad", sort_order=2)
    make_persona("Familjen", child, house, sort_order=1)

    found = rows(persona_editor("view", "change").get(URL))

    assert "Familjen" in " ".join(found[0])
    assert "Få barn, Bygga hus" in " ".join(found[0])
    assert "Nyinflyttad" in " ".join(found[1])


def test_the_list_asks_the_same_number_of_queries_for_many(
    persona_editor, child, django_assert_max_num_queries
):
    browser = persona_editor("view", "change")
    make_persona("Familjen", child)
    browser.get(URL)
    with CaptureQueriesContext(connection) as few:
        browser.get(URL)
    for number in range(12):
        make_persona(f"Person {number}", child)

    with django_assert_max_num_queries(len(few)):
        browser.get(URL)


def test_personas_stand_in_our_menu_for_those_who_may(persona_editor):
    assert f'"{URL}"' in persona_editor("change").get("/admin/").text


def test_personas_are_not_for_those_who_may_not(editor_with):
    browser = editor_with()

    assert f'"{URL}"' not in browser.get("/admin/").text
    for path in (URL, f"{URL}add/"):
        assert browser.get(path).status_code == 302


def test_a_looker_may_not_change(persona_editor, child):
    persona = make_persona("Familjen", child)
    browser = persona_editor("view")

    assert browser.get(URL).status_code == 200
    assert browser.get(f"{URL}edit/{persona.pk}/").status_code == 302
    assert browser.get(f"{URL}delete/{persona.pk}/").status_code == 302


def test_a_situation_tells_in_which_personas_it_is(child):
    persona = make_persona("Familjen", child)

    used = ReferenceIndex.get_grouped_references_to(child)

    assert persona in [instance for instance, _ in used]


def test_a_deleted_situation_leaves_the_persona(child, house):
    persona = make_persona("Familjen", child, house)

    child.delete()

    persona = Persona.objects.get(pk=persona.pk)
    assert [item.name for item in persona.life_situations.all()] == ["Bygga hus"]


def test_nobody_is_shipped():
    assert not Persona.objects.exists()
