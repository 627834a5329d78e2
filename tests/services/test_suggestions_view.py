"""Suggestions in the editor and in the lists: offered with reasons, never applied alone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import (
    give_pages,
    make_editor,
    make_group,
    make_home,
    make_page,
    make_service,
    make_situation,
    make_staff,
    make_unit,
)
from testapp.models import ArticlePage, HomePage, PlainPage
from wagtail.models import GroupPagePermission, ModelLogEntry, Page
from wagtail.test.utils import WagtailTestUtils
from wagtail.users.models import UserProfile

from wagtail_medborgare.services.models import Service, TaggedService
from wagtail_medborgare.situations.models import TaggedPage
from wagtail_medborgare.situations.suggesting.training import suggestions_for
from wagtail_medborgare.situations.tagging import SITUATIONS_CHANGED

pytestmark = pytest.mark.django_db

SERVICES = "/admin/medborgare/suggestions/services/"
PAGES = "/admin/medborgare/suggestions/pages/"


@pytest.fixture
def home():
    return make_home()


@pytest.fixture
def child(db):
    return make_situation("Få barn", synonyms="gravid, förlossning, förskola, bebis")


@pytest.fixture
def house(db):
    return make_situation("Bygga hus", synonyms="bygglov, tomt, ritning")


@pytest.fixture
def debt(db):
    return make_situation("Få skulder", synonyms="skulder, inkasso", is_sensitive=True)


@pytest.fixture
def editor(db):
    """Log in somebody with these permissions on services and on some pages."""

    def log_in(*actions, pages=(), may=("change_page", "publish_page")):
        user = make_editor(is_superuser=False)
        group = Group.objects.create(name="Redaktörer")
        names = ["access_admin", *(f"{action}_service" for action in actions)]
        group.permissions.set(Permission.objects.filter(codename__in=names))
        for page in pages:
            for codename in may:
                GroupPagePermission.objects.create(
                    group=group,
                    page_id=page.pk,
                    permission=Permission.objects.get(
                        codename=codename, content_type__app_label="wagtailcore"
                    ),
                )
        user.groups.add(group)
        UserProfile.objects.create(user=user, preferred_language="en")
        client = Client(enforce_csrf_checks=False)
        client.force_login(user)
        client.user = user
        return client

    return log_in


def words(response):
    return " ".join(WagtailTestUtils.get_soup(response.text).get_text().split())


def boxes(response):
    soup = WagtailTestUtils.get_soup(response.text)
    return [box["value"] for box in soup.select('input[name="accept"]')]


def tags_of(service):
    items = TaggedService.objects.filter(content_object=service.pk)
    return set(items.values_list("tag__name", flat=True))


def preschool(**fields):
    fields.setdefault("name", "Sök plats i förskolan")
    return make_service(**fields)


# --- The list ---


def test_untagged_service_is_listed_with_a_suggestion_and_its_reason(
    editor, child, house
):
    service = preschool()

    response = editor("change").get(SERVICES)

    assert boxes(response) == [f"{service.pk}:{child.slug}"]
    assert "mentions förskolan" in words(response)


def test_ticked_suggestion_is_accepted_and_logged(editor, child, house):
    browser = editor("change", "publish")
    services = [preschool(), preschool(name="Förskola på kvällen")]
    other = make_service("Ansök om bygglov")

    response = browser.post(
        SERVICES,
        {"accept": [f"{service.pk}:{child.slug}" for service in services]},
        follow=True,
    )

    assert "2 were changed." in words(response)
    assert [tags_of(service) for service in services] == [{"Få barn"}] * 2
    assert tags_of(other) == set()
    assert boxes(response) == [f"{other.pk}:{house.slug}"]
    entries = ModelLogEntry.objects.filter(action=SITUATIONS_CHANGED)
    assert {entry.user for entry in entries} == {browser.user}


def test_who_may_not_publish_leaves_a_draft(editor, child):
    service = preschool()

    response = editor("change").post(
        SERVICES, {"accept": [f"{service.pk}:{child.slug}"]}, follow=True
    )

    assert tags_of(service) == set()
    assert "1 of them is a draft that waits to be published." in words(response)


def test_sensitive_situation_is_suggested_to_editors_too(editor, debt):
    make_service("Hjälp med skulder och inkasso")

    response = editor("change").get(SERVICES)

    assert "Få skulder (sensitive)" in words(response)


def test_situation_that_residents_cannot_choose_is_not_suggested(editor, child):
    preschool()
    child.is_active = False
    child.save()

    assert boxes(editor("change").get(SERVICES)) == []


def test_service_with_one_situation_is_listed_when_asked_for(editor, child, house):
    preschool(situations=[house])
    browser = editor("change")

    without, thin = browser.get(SERVICES), browser.get(f"{SERVICES}?with=one")

    assert "förskolan" not in words(without)
    assert "everything you may change is tagged" in words(without)
    assert "Sök plats i förskolan Bygga hus" in words(thin)


def test_draft_is_not_listed(editor, child):
    preschool(live=False)

    assert boxes(editor("change").get(SERVICES)) == []


def test_locked_service_says_so_and_offers_nothing(editor, child):
    service = preschool()
    service.locked, service.locked_by = True, make_editor("annan")
    service.save()
    browser = editor("change", "publish")

    response = browser.get(SERVICES)
    browser.post(SERVICES, {"accept": [f"{service.pk}:{child.slug}"]})

    assert "Somebody has locked it." in words(response)
    assert boxes(response) == []
    assert tags_of(service) == set()


@pytest.mark.parametrize("with_another", [False, True])
def test_what_was_locked_since_it_was_offered_is_told(editor, child, with_another):
    services = [preschool()] + [preschool()] * with_another
    services[0].locked, services[0].locked_by = True, make_editor("annan")
    services[0].save()
    accept = [f"{service.pk}:{child.slug}" for service in services]

    response = editor("change", "publish").post(
        SERVICES, {"accept": accept}, follow=True
    )

    assert "1 was left out: it is locked" in words(response)
    assert ("1 was changed." in words(response)) is with_another
    assert "Nothing was ticked" not in words(response)


def test_what_is_tagged_already_is_no_mistake(editor, child):
    service = preschool(situations=[child])

    response = editor("change", "publish").post(
        SERVICES, {"accept": [f"{service.pk}:{child.slug}"]}, follow=True
    )

    assert "Nothing was ticked that had to change." in words(response)


def test_text_like_nothing_else_gets_no_suggestion(editor, child, house):
    make_service("Xyzzy plugh")

    assert "No suggestion" in words(editor("change").get(SERVICES))


@pytest.mark.parametrize("actions", [(), ("view",), ("add",)])
def test_who_may_not_change_services_is_turned_away(editor, child, actions):
    service = preschool()
    browser = editor(*actions)

    looked = browser.get(SERVICES)
    sent = browser.post(SERVICES, {"accept": [f"{service.pk}:{child.slug}"]})

    assert looked.status_code == sent.status_code == 302
    assert tags_of(service) == set()
    assert "/suggestions/" not in browser.get("/admin/").text


def test_sending_needs_the_token_of_the_form(editor, child):
    service = preschool()
    browser = editor("change", "publish")
    browser.handler.enforce_csrf_checks = True

    response = browser.post(SERVICES, {"accept": [f"{service.pk}:{child.slug}"]})

    assert response.status_code == 403
    assert tags_of(service) == set()


@pytest.mark.parametrize(
    "value", ["", "x:y", "1", ":fa-barn", "999999:fa-barn", f"{'9' * 30}:fa-barn"]
)
def test_nonsense_changes_nothing(editor, child, value):
    preschool()

    response = editor("change").post(SERVICES, {"accept": [value]}, follow=True)

    assert "Nothing was ticked" in words(response)
    assert not TaggedService.objects.exists()


def test_unknown_situation_changes_nothing(editor, child):
    service = preschool()

    editor("change", "publish").post(SERVICES, {"accept": [f"{service.pk}:nix"]})

    assert tags_of(service) == set()


def test_list_comes_in_pages(editor, child):
    for number in range(25):
        preschool(name=f"Förskola {number:02}")
    browser = editor("change")

    first, second = browser.get(SERVICES), browser.get(f"{SERVICES}?p=2")

    assert (len(boxes(first)), len(boxes(second))) == (20, 5)


def queries_of(browser, url):
    browser.get(url)
    with CaptureQueriesContext(connection) as queries:
        browser.get(url)
    writes = ("INSERT", "UPDATE", "DELETE")
    assert [one for one in queries if one["sql"].startswith(writes)] == []
    return len(queries)


def test_looking_costs_the_same_for_many_and_writes_nothing(editor, home, child):
    section = make_page(home)
    browser = editor("change", pages=[section])

    def fill(count):
        for _number in range(count):
            preschool()
            make_page(section, title="Förskola")

    fill(2)
    few = queries_of(browser, SERVICES), queries_of(browser, PAGES)
    fill(15)
    many = queries_of(browser, SERVICES), queries_of(browser, PAGES)

    assert many == few


# --- Pages ---


def test_untagged_page_is_accepted_by_who_may_change_it(editor, home, child):
    section, elsewhere = make_page(home, title="Del"), make_page(home, title="Annan")
    page = make_page(section, title="Förskola")
    other = make_page(elsewhere, title="Förskola för andra")
    make_page(section, PlainPage, title="Förskola utan fält")
    browser = editor(pages=[section])

    shown = browser.get(PAGES)
    browser.post(
        PAGES, {"accept": [f"{page.pk}:{child.slug}", f"{other.pk}:{child.slug}"]}
    )

    assert boxes(shown) == [f"{page.pk}:{child.slug}"]
    assert "Förskola för andra" not in words(shown)
    assert [item.content_object_id for item in TaggedPage.objects.all()] == [page.pk]
    assert ArticlePage.objects.get(pk=page.pk).live_revision is not None


def test_page_that_could_not_be_saved_is_told(editor, home, child):
    page = make_page(home, title="Förskola")
    # Saved long ago, under other rules.
    Page.objects.filter(pk=page.pk).update(title="")

    response = editor(pages=[home]).post(
        PAGES, {"accept": [f"{page.pk}:{child.slug}"]}, follow=True
    )

    assert "1 could not be saved: open it to see" in words(response)
    assert "Nothing was ticked" not in words(response)
    assert not TaggedPage.objects.exists()


@pytest.fixture
def of_schools(home):
    """The browser of somebody who works with pages, for one unit; and the unit."""
    unit = make_unit("Skola")
    group = make_group("Skolans", units=[unit])
    give_pages(group, home, "change", "publish")
    user = make_staff("maja", group)
    UserProfile.objects.create(user=user, preferred_language="en")
    client = Client()
    client.force_login(user)
    return client, unit


@pytest.mark.parametrize("below", [False, True])
def test_page_of_another_unit_is_neither_listed_nor_changed(
    of_schools, home, child, below
):
    browser, unit = of_schools
    own = make_page(home, HomePage, title="Förskola hos oss", unit=unit)
    foreign = make_page(
        home, HomePage, title="Förskola hos andra", unit=make_unit("Bygg")
    )
    page = make_page(foreign, HomePage, title="Förskola därunder") if below else foreign
    values = [f"{each.pk}:{child.slug}" for each in (own, page)]

    shown = browser.get(PAGES)
    browser.post(PAGES, {"accept": values})

    assert values[0] in boxes(shown)
    assert values[1] not in boxes(shown)
    assert page.title not in words(shown)
    page.refresh_from_db()
    assert page.latest_revision is None
    assert not page.has_unpublished_changes
    assert [item.content_object_id for item in TaggedPage.objects.all()] == [own.pk]


def test_pages_of_others_do_not_hide_the_pages_after_them(of_schools, home, child):
    browser, unit = of_schools
    other = make_unit("Bygg")
    for number in range(21):
        make_page(home, HomePage, title=f"Förskola {number}", unit=other)
    own = make_page(home, HomePage, title="Öppen förskola", unit=unit)

    first, second = browser.get(f"{PAGES}?p=1"), browser.get(f"{PAGES}?p=2")

    assert boxes(first) == []
    assert "nothing on this page of the list" in words(first)
    assert "?p=2" in first.text
    assert boxes(second) == [f"{own.pk}:{child.slug}"]


def test_looking_costs_the_same_for_many_pages_of_units(of_schools, home, child):
    browser, unit = of_schools
    other = make_unit("Bygg")

    def fill(count):
        for _number in range(count):
            make_page(home, HomePage, title="Förskola", unit=unit)
            make_page(home, HomePage, title="Förskola", unit=other)

    fill(2)
    few = queries_of(browser, PAGES)
    fill(7)

    assert queries_of(browser, PAGES) == few


def test_page_in_a_tagged_section_is_not_listed_until_it_leaves(editor, home, child):
    section = make_page(home, situations=[child], situations_cover_section=True)
    make_page(section, title="Förskola")
    left = make_page(section, title="Förskola utanför", situations_leave_section=True)

    shown = editor(pages=[home]).get(PAGES)

    assert f"{left.pk}:{child.slug}" in boxes(shown)
    assert len([value for value in boxes(shown) if "fa-barn" in value]) == 1


def test_page_editor_sees_the_list_of_pages_only(editor, home, child):
    browser = editor(pages=[home])

    menu, shown = browser.get("/admin/").text, browser.get(PAGES)

    assert PAGES in menu
    assert SERVICES not in menu + shown.text


# --- In the editor ---


def suggestions_in(response):
    return WagtailTestUtils.get_soup(response.text).select("[data-mb-suggestion]")


def test_service_editor_shows_suggestions_with_a_button_for_the_script(
    editor, child, house
):
    service = preschool()

    response = editor("change").get(
        f"/admin/snippets/medborgare_services/service/edit/{service.pk}/"
    )

    (shown,) = suggestions_in(response)
    assert shown["data-mb-suggestion"] == child.slug
    assert "mentions förskolan" in " ".join(shown.get_text().split())
    assert shown.button["type"] == "button"
    assert shown.button.has_attr("hidden")
    assert "medborgare_situations/suggestions.js" in response.text


def test_page_editor_shows_suggestions(editor, home, child):
    page = make_page(home, title="Förskola")

    response = editor(pages=[home]).get(f"/admin/pages/{page.pk}/edit/")

    assert [item["data-mb-suggestion"] for item in suggestions_in(response)] == [
        child.slug
    ]
    assert not TaggedPage.objects.exists()


def test_what_is_ticked_already_is_not_suggested(editor, home, child):
    page = make_page(home, title="Förskola", situations=[child])

    response = editor(pages=[home]).get(f"/admin/pages/{page.pk}/edit/")

    assert suggestions_in(response) == []


def test_what_was_tagged_is_learnt_at_once(db, house):
    service = make_service("Skärmtak", description="<p>altan och pergola</p>")
    assert suggestions_for(service) == []

    make_service(
        "Altan", description="<p>altan pergola skärmtak</p>", situations=[house]
    )

    (found,) = suggestions_for(Service.objects.get(pk=service.pk))
    assert found.label == house.pk
    assert "skärmtak" in found.reasons


def test_nothing_is_suggested_on_an_empty_site(editor, home):
    page = make_page(home, title="Förskola")
    browser = editor("change", pages=[home])

    assert suggestions_in(browser.get(f"/admin/pages/{page.pk}/edit/")) == []
    assert browser.get(SERVICES).status_code == 200
    assert Page.objects.filter(pk=page.pk).exists()
