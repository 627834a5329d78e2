"""Editors keep the life situations under one menu entry."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from factories import make_situation
from wagtail.models import ReferenceIndex
from wagtail.test.utils import WagtailTestUtils
from wagtail.users.models import UserProfile

from wagtail_medborgare.situations.models import (
    LifeSituation,
    NextSituation,
    NextSituationPrompt,
    SituationLabel,
    VocabularyLink,
)
from wagtail_medborgare.situations.snapshot import situations

pytestmark = pytest.mark.django_db

URL = "/admin/snippets/medborgare_situations/lifesituation/"
ALL_ACTIONS = ("add", "change", "delete", "view")


@pytest.fixture
def child():
    return make_situation("Få barn", synonyms="gravid, bäbis", group="family")


@pytest.fixture
def house():
    return make_situation("Bygga hus", group="home", is_sensitive=True)


@pytest.fixture(params=["superuser", "editor"])
def browser(request, admin, editor_with):
    return admin if request.param == "superuser" else editor_with(*ALL_ACTIONS)


def read_form(browser, url):
    soup = WagtailTestUtils.get_soup(browser.get(url).text)
    (form_id,) = {box.find_parent("form")["id"] for box in soup.select("#id_name")}
    return browser.read_form(url, form_id)


def listed(response):
    soup = WagtailTestUtils.get_soup(response.text)
    rows = soup.select("table.listing tbody tr")
    return [row.select_one("td.title a").text.strip() for row in rows]


# --- Looking ---


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    "view",
    ["", "add/", "edit/{}/", "history/{}/", "usage/{}/", "delete/{}/", "inspect/{}/"],
)
def test_every_view_opens_for_an_editor(editor_with, child, view, language):
    browser = editor_with(*ALL_ACTIONS, language=language)

    response = browser.get(URL + view.format(child.pk))

    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.text


def test_situations_stand_in_one_menu_of_ours(browser, child):
    text = browser.get("/admin/").text

    assert '"medborgare"' in text
    assert f'"{URL}"' in text


def test_menu_is_not_shown_to_who_may_do_nothing_in_it(editor_with):
    text = editor_with().get("/admin/").text

    assert URL not in text


@pytest.mark.parametrize(
    "view",
    ["", "add/", "edit/{}/", "history/{}/", "delete/{}/", "inspect/{}/", "usage/{}/"],
)
def test_editor_without_permission_is_turned_away(editor_with, child, view):
    response = editor_with().get(URL + view.format(child.pk))

    assert response.status_code == 302
    assert response["Location"].endswith("/admin/")


@pytest.mark.parametrize("view", ["add/", "delete/{}/"])
def test_editor_who_may_change_may_do_nothing_else(editor_with, child, view):
    browser = editor_with("change")

    assert browser.get(URL + f"edit/{child.pk}/").status_code == 200
    assert browser.get(URL + view.format(child.pk)).status_code == 302


def test_situations_are_listed_in_the_editors_order(browser, child, house):
    make_situation("Aaa")

    assert listed(browser.get(URL)) == ["Få barn", "Bygga hus", "Aaa"]


@pytest.mark.parametrize(
    "query",
    [
        {"group": "home"},
        {"is_sensitive": "true"},
        {"q": "bygga"},
        {"q": "Bygg"},
        {"group": "home", "q": "hus"},
    ],
)
def test_listing_is_narrowed(browser, child, house, query):
    assert listed(browser.get(URL, query)) == ["Bygga hus"]


def test_inactive_situations_can_be_found(admin, child):
    make_situation("Förr", is_active=False)

    assert listed(admin.get(URL, {"is_active": "false"})) == ["Förr"]


@pytest.mark.parametrize("words", ["gravid", "bäbis"])
def test_situation_is_found_by_everyday_words(admin, child, house, words):
    assert listed(admin.get(URL, {"q": words})) == ["Få barn"]


def test_listing_takes_the_same_queries_however_many(
    admin, child, django_assert_max_num_queries
):
    for _number in range(40):
        make_situation()
    admin.get(URL)

    with django_assert_max_num_queries(20):
        assert len(listed(admin.get(URL))) == 41


def test_inspection_shows_the_words(browser, child):
    text = browser.get(f"{URL}inspect/{child.pk}/").text

    assert "gravid, bäbis" in text


# --- Making and changing ---


def test_situation_is_made_with_everything_that_belongs_to_it(browser, house):
    form = read_form(browser, URL + "add/")
    form.update({"name": "Få barn", "summary": "Du väntar.", "group": "family"})
    browser.add_row(form, "labels", language="en", name="Having a child")
    browser.add_row(form, "vocabularies", scheme="eu", code="having-a-child")
    browser.add_row(
        form, "next_situations", to=house.pk, after_months=6, prompt="Bygga?"
    )
    form.update(
        {
            "next_situations-0-prompts-TOTAL_FORMS": "1",
            "next_situations-0-prompts-INITIAL_FORMS": "0",
            "next_situations-0-prompts-MIN_NUM_FORMS": "0",
            "next_situations-0-prompts-MAX_NUM_FORMS": "1000",
            "next_situations-0-prompts-0-id": "",
            "next_situations-0-prompts-0-language": "en",
            "next_situations-0-prompts-0-prompt": "Build?",
        }
    )

    response = browser.send_form(URL + "add/", form)

    assert response.status_code == 302
    situation = LifeSituation.objects.get(slug="fa-barn")
    assert SituationLabel.objects.get(situation=situation).name == "Having a child"
    assert VocabularyLink.objects.get(situation=situation).scheme == "eu"
    step = NextSituation.objects.get(situation=situation, to=house, after_months=6)
    assert NextSituationPrompt.objects.get(next_situation=step).prompt == "Build?"


def test_label_of_a_new_situation_is_found_at_once(admin):
    form = read_form(admin, URL + "add/")
    form["name"] = "Få barn"
    admin.add_row(form, "labels", language="en", name="Having a child")

    admin.send_form(URL + "add/", form)

    assert listed(admin.get(URL, {"q": "having"})) == ["Få barn"]


def test_change_is_seen_by_visitors_at_once(browser, child):
    situations.get()
    form = read_form(browser, f"{URL}edit/{child.pk}/")
    form["name"] = "Vänta barn"
    browser.add_row(form, "labels", language="en", name="Expecting")

    browser.send_form(f"{URL}edit/{child.pk}/", form)

    found = situations.get().by_pk[child.pk]
    assert found.default_name == "Vänta barn"
    with override("en"):
        assert found.name == "Expecting"


def test_form_saved_untouched_changes_nothing(admin, child, house):
    before = LifeSituation.objects.values().get(pk=child.pk)

    admin.send_form(
        f"{URL}edit/{child.pk}/", read_form(admin, f"{URL}edit/{child.pk}/")
    )

    after = LifeSituation.objects.values().get(pk=child.pk)
    assert {**after, "latest_revision_id": None} == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", 'Få "barn"'), ("name", "Bygga hus"), ("slug", "få-barn")],
)
def test_what_cannot_be_is_refused(admin, child, house, field, value):
    form = read_form(admin, f"{URL}edit/{child.pk}/")
    form[field] = value

    response = admin.send_form(f"{URL}edit/{child.pk}/", form)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert LifeSituation.objects.get(pk=child.pk).name == "Få barn"


def test_two_labels_in_one_language_are_refused(admin, child):
    form = read_form(admin, f"{URL}edit/{child.pk}/")
    for name in ("Having a child", "Expecting"):
        admin.add_row(form, "labels", language="en", name=name)

    response = admin.send_form(f"{URL}edit/{child.pk}/", form)

    assert response.status_code == 200
    assert not SituationLabel.objects.exists()


def test_step_twice_to_one_situation_is_refused(admin, child, house):
    form = read_form(admin, f"{URL}edit/{child.pk}/")
    for number in range(2):
        admin.add_row(
            form, "next_situations", to=house.pk, after_months=6, prompt="Bygga?"
        )
        form[f"next_situations-{number}-prompts-TOTAL_FORMS"] = "0"
        form[f"next_situations-{number}-prompts-INITIAL_FORMS"] = "0"

    response = admin.send_form(f"{URL}edit/{child.pk}/", form)

    assert response.status_code == 200
    assert not NextSituation.objects.exists()


def test_emptied_slug_is_kept(admin, child):
    form = read_form(admin, f"{URL}edit/{child.pk}/")
    form["slug"] = ""

    response = admin.send_form(f"{URL}edit/{child.pk}/", form)

    assert response.status_code == 302
    assert LifeSituation.objects.get(pk=child.pk).slug == "fa-barn"


# --- History ---


def test_history_tells_who_did_what_and_an_earlier_state_can_be_restored(
    browser, child
):
    url = f"{URL}edit/{child.pk}/"
    browser.send_form(url, read_form(browser, url))
    first = LifeSituation.objects.get(pk=child.pk).latest_revision
    form = read_form(browser, url)
    form["name"] = "Vänta barn"
    browser.send_form(url, form)

    revert = f"{URL}history/{child.pk}/revisions/{first.pk}/revert/"
    form = read_form(browser, revert)
    form["revision"] = str(first.pk)
    browser.send_form(url, form)

    assert browser.get(f"{URL}history/{child.pk}/").status_code == 200
    assert LifeSituation.objects.get(pk=child.pk).name == "Få barn"


def test_restoring_an_earlier_state_keeps_the_order(admin, child, house):
    url = f"{URL}edit/{child.pk}/"
    admin.send_form(url, read_form(admin, url))
    first = LifeSituation.objects.get(pk=child.pk).latest_revision
    admin.post(f"{URL}reorder/{child.pk}/?position=1")

    revert = f"{URL}history/{child.pk}/revisions/{first.pk}/revert/"
    admin.send_form(url, read_form(admin, revert))

    assert [item.default_name for item in situations.get().all] == [
        "Bygga hus",
        "Få barn",
    ]


def test_revisions_can_be_compared(admin, child):
    url = f"{URL}edit/{child.pk}/"
    for name in ("Vänta barn", "Adoptera"):
        form = read_form(admin, url)
        form["name"] = name
        admin.send_form(url, form)

    response = admin.get(
        f"{URL}history/{child.pk}/revisions/compare/earliest...latest/"
    )

    assert response.status_code == 200
    assert "Adoptera" in response.text


# --- Order ---


@pytest.mark.parametrize(
    ("position", "names"),
    [
        (0, ["Tredje", "Första", "Andra"]),
        (1, ["Första", "Tredje", "Andra"]),
        (2, ["Första", "Andra", "Tredje"]),
    ],
)
def test_situation_is_dragged_to_its_place(browser, position, names):
    _first, _second, third = map(make_situation, ("Första", "Andra", "Tredje"))
    situations.get()

    response = browser.post(f"{URL}reorder/{third.pk}/?position={position}")

    assert response.json() == {"success": True}
    assert [item.default_name for item in situations.get().all] == names


def test_situation_can_be_dragged_after_another_was_deleted(admin):
    rows = [make_situation(name) for name in ("Första", "Andra", "Tredje", "Fjärde")]
    rows[1].delete()

    admin.post(f"{URL}reorder/{rows[3].pk}/?position=0")

    names = [item.default_name for item in situations.get().all]
    assert names == ["Fjärde", "Första", "Tredje"]


def test_editor_who_may_only_look_cannot_drag(editor_with, child, house):
    response = editor_with("view").post(f"{URL}reorder/{house.pk}/?position=0")

    assert response.status_code == 302
    assert situations.get().all[0].default_name == "Få barn"


# --- Deleting ---


def test_situation_is_deleted(browser, child, house):
    situations.get()

    response = browser.post(f"{URL}delete/{child.pk}/")

    assert response.status_code == 302
    assert list(situations.get().by_pk) == [house.pk]


def test_several_situations_are_deleted_at_once(browser, child, house):
    keep = make_situation("Kvar")
    situations.get()
    url = "/admin/bulk/medborgare_situations/lifesituation/delete/"

    browser.post(f"{url}?id={child.pk}&id={house.pk}&next={URL}")

    assert list(situations.get().by_pk) == [keep.pk]


def test_deleted_situation_is_referred_to_by_nothing(admin, child):
    admin.post(f"{URL}delete/{child.pk}/")

    assert not ReferenceIndex.get_references_to(child).exists()


def test_language_of_the_admin_is_the_editors_own(admin, child):
    UserProfile.objects.update_or_create(
        user_id=admin.session["_auth_user_id"], defaults={"preferred_language": "en"}
    )

    assert "Life situations" in admin.get(URL).text
