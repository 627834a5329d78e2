"""Modules in the admin, as an ordinary editor: write, show, order, preview, phase out."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import (
    make_editor,
    make_home,
    make_module,
    make_service,
    make_situation,
    make_unit,
    module_form_data,
)
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from wagtail_medborgare.services.models import Module

pytestmark = pytest.mark.django_db

MODULES = "/admin/snippets/medborgare_services/module"
DRAFTAIL = (
    '{"blocks": [{"key": "a", "text": "Hej", "type": "unstyled", "depth": 0, '
    '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}'
)


def may(group: Group, *names: str) -> None:
    """Give rights about modules."""
    group.permissions.add(
        *Permission.objects.filter(
            content_type__app_label="medborgare_services",
            codename__in=[f"{name}_module" for name in names],
        ),
        Permission.objects.get(codename="access_admin"),
    )


@pytest.fixture
def group() -> Group:
    return Group.objects.create(name="Biblioteket")


@pytest.fixture
def client(group: Group) -> Client:
    """An ordinary editor with the rights to write and publish modules."""
    may(group, "add", "change", "delete", "publish", "view")
    editor = make_editor(is_superuser=False)
    editor.groups.add(group)
    client = Client()
    client.force_login(editor)
    return client


def add(client: Client, **values: object) -> Any:
    return client.post(f"{MODULES}/add/", module_form_data(**values))


def test_an_editor_finds_modules_in_the_menu(client):
    assert f"{MODULES}/" in client.get("/admin/").text


def test_an_editor_without_rights_meets_no_module(group):
    may(group)
    module = make_module()
    editor = make_editor(is_superuser=False)
    editor.groups.add(group)
    client = Client()
    client.force_login(editor)

    assert f"{MODULES}/" not in client.get("/admin/").text
    for path in ("/", "/add/", f"/edit/{module.pk}/", f"/copy/{module.pk}/"):
        assert client.get(f"{MODULES}{path}").status_code in {302, 403}
    assert client.post(f"{MODULES}/reorder/{module.pk}/?position=0").status_code == 302


def test_an_editor_writes_and_publishes_a_module(client):
    child, unit = make_situation("Få barn"), make_unit("Biblioteket")

    response = add(
        client,
        **{
            "title": "Bokpåse till bebisen",
            "text": DRAFTAIL,
            "unit": unit.pk,
            "life_situations": [child.name],
            "expire_at": "2035-06-01 12:00",
            "links-TOTAL_FORMS": 1,
            "links-0-label": "Hämta",
            "links-0-url": "https://b.example.se/",
            "links-0-ORDER": 1,
            "action-publish": "1",
        },
    )

    assert response.status_code == 302, response.text
    module = Module.objects.get()
    assert (module.live, module.kind, module.unit) == (True, "text", unit)
    assert [item.tag for item in module.life_situation_items.all()] == [child]
    assert module.links.get().label == "Hämta"
    assert module.expire_at.year == 2035


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("text", "Write a text, or add a link."),
        ("services", "Choose a service for the list."),
        ("feed", "Write the address of the feed."),
        ("opening-hours", "Say when it is open on at least one day."),
    ],
)
def test_what_is_missing_is_said_when_it_is_published(client, kind, said):
    UserProfile.objects.create(
        user=get_user_model().objects.get(), preferred_language="en"
    )

    published = add(client, kind=kind, **{"action-publish": "1"})
    draft = add(client, kind=kind)

    assert published.status_code == 200
    assert said in published.text
    assert draft.status_code == 302
    assert not Module.objects.get().live


def test_a_feed_that_the_site_does_not_read_is_refused_at_the_field(client, settings):
    settings.WAGTAIL_MEDBORGARE_FEED_SOURCES = ("https://b.example.se",)
    url = "https://127.0.0.1/feed"

    refused = add(client, kind="feed", feed_url=url, **{"action-publish": "1"})
    url = "https://b.example.se/feed"
    accepted = add(client, kind="feed", feed_url=url, **{"action-publish": "1"})

    assert "feed_url" in refused.context["form"].errors
    assert accepted.status_code == 302, accepted.text


def test_opening_hours_that_close_before_they_open_are_refused(client):
    def rows(opens: str, closes: str) -> dict[str, object]:
        return {
            "kind": "opening-hours",
            "opening_hours-TOTAL_FORMS": 1,
            "opening_hours-0-weekday": 0,
            "opening_hours-0-opens": opens,
            "opening_hours-0-closes": closes,
            "action-publish": "1",
        }

    assert add(client, **rows("16:00", "08:00")).status_code == 200
    assert add(client, **rows("20:00", "00:00")).status_code == 302


def test_a_link_is_a_page_or_an_address(client):
    def link(**fields: object) -> dict[str, object]:
        rows = {f"links-0-{name}": value for name, value in fields.items()}
        return {"links-TOTAL_FORMS": 1, "links-0-ORDER": 1, **rows}

    for fields in (
        {"label": "Nowhere"},
        {"url": "https://b.example.se/"},
        {"label": "x", "url": "https://user@b.example.se/"},
    ):
        response = add(client, **link(**fields), **{"action-publish": "1"})
        assert response.status_code == 200
    assert not Module.objects.exists()


def test_the_form_says_which_fields_belong_to_which_kind(client):
    module = make_module(kind="feed")

    text = client.get(f"{MODULES}/edit/{module.pk}/").text

    assert 'data-controller="w-rules"' in text
    assert "{&quot;kind&quot;: [&quot;feed&quot;]}" in text
    assert "{&quot;kind&quot;: [&quot;opening-hours&quot;]}" in text


def test_a_kind_that_is_gone_is_told_and_survives_the_form(client):
    module = make_module("Gammal", kind="gone", text="<p>x</p>")

    listed = client.get(f"{MODULES}/").text
    response = client.post(
        f"{MODULES}/edit/{module.pk}/",
        module_form_data(kind="gone", title="Nytt", text=DRAFTAIL)
        | {"action-publish": "1"},
    )

    assert "”gone”" in listed
    assert response.status_code == 302, response.text
    module.refresh_from_db()
    assert (module.kind, module.title) == ("gone", "Nytt")


def test_a_kind_that_never_was_is_refused(client):
    assert add(client, kind="invented").status_code == 200


@pytest.mark.parametrize(
    "view",
    [
        "edit", "copy", "history", "usage", "inspect", "delete", "workflow_history",
        "unpublish",
    ],
)  # fmt: skip
def test_each_view_of_a_module_opens(client, view):
    module = make_module(kind="feed", situations=[make_situation()])
    module.save_revision().publish()

    assert client.get(f"{MODULES}/{view}/{module.pk}/").status_code == 200


def test_the_list_is_narrowed_by_unit_kind_situation_and_state(client):
    child, unit = make_situation("Få barn"), make_unit("Badet")
    make_module("Badhuset", unit=unit, kind="feed", situations=[child])
    make_module("Annat", live=False)

    for query in (
        f"unit={unit.pk}",
        "kind=feed",
        f"life_situations={child.pk}",
        "live=true",
        "q=badhus",
    ):
        text = client.get(f"{MODULES}/?{query}").text
        assert "Badhuset" in text, query
        assert "Annat" not in text, query


def test_the_list_tells_whom_it_is_for_and_when(client):
    make_module(
        "A",
        situations=[make_situation("Få barn")],
        expire_at=datetime.datetime(2035, 6, 1, 12, tzinfo=datetime.UTC),
    )

    text = client.get(f"{MODULES}/").text

    assert "Få barn" in text
    assert "2035-06-01" in text


def test_the_list_tells_when_a_scheduled_module_comes(client):
    module = make_module("A", text="<p>x</p>", live=False)
    module.go_live_at = datetime.datetime(2035, 6, 1, 12, tzinfo=datetime.UTC)
    module.save_revision().publish()

    text = client.get(f"{MODULES}/").text

    assert "2035-06-01 14:00" in text


def test_the_list_costs_the_same_however_long_it_is(client):
    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as found:
            client.get(f"{MODULES}/")
        return [item["sql"] for item in found if "medborgare_services" in item["sql"]]

    unit, child = make_unit(), make_situation()
    make_module(unit=unit, situations=[child])
    queries()
    few = queries()
    for _ in range(20):
        make_module(unit=unit, situations=[child])

    assert len(queries()) == len(few)


def test_an_editor_drags_modules_into_order(client):
    finnish = Locale.objects.create(language_code="fi")
    make_module("Suomi", locale=finnish, sort_order=0)
    names = [
        make_module(title, sort_order=number).title
        for number, title in enumerate("ABC", start=1)
    ]
    last = Module.objects.get(title="C")

    response = client.post(f"{MODULES}/reorder/{last.pk}/?position=0")

    assert response.json() == {"success": True}
    ordered = Module.objects.filter(locale=last.locale).order_by("sort_order")
    assert [module.title for module in ordered] == ["C", "A", "B"] != names


def test_a_module_is_copied_as_a_draft(client):
    module = make_module("A", text="<p>Hej</p>", situations=[make_situation()])

    text = client.get(f"{MODULES}/copy/{module.pk}/").text

    assert 'value="A"' in text


def preview(client: Client, data: dict[str, object]) -> Any:
    url = f"{MODULES}/preview/"
    assert client.post(url, data).json()["is_valid"]
    return client.get(url)


def test_a_module_is_previewed_as_residents_will_meet_it(client):
    make_home()
    unit = make_unit("Biblioteket")

    response = preview(
        client, module_form_data(title="Bokpåsen", text=DRAFTAIL, unit=unit.pk)
    )

    assert "Bokpåsen" in response.text
    assert "Hej" in response.text
    assert "Biblioteket" in response.text


def test_lists_of_a_module_are_previewed_before_they_are_saved(client):
    make_home()
    service = make_service("Låna böcker")
    rows = {
        "service_items-TOTAL_FORMS": 1,
        "service_items-0-service": service.pk,
        "service_items-0-ORDER": 1,
    }
    hours = {
        "opening_hours-TOTAL_FORMS": 1,
        "opening_hours-0-weekday": 0,
        "opening_hours-0-opens": "08:00",
        "opening_hours-0-closes": "16:00",
    }

    listed = preview(client, module_form_data(kind="services", **rows))
    opened = preview(client, module_form_data(kind="opening-hours", **hours))

    assert "Låna böcker" in listed.text
    assert 'datetime="08:00"' in opened.text


def test_an_empty_module_is_previewed_as_having_nothing_to_show(client):
    make_home()

    assert "mb-empty" in preview(client, module_form_data(kind="services")).text


def test_it_is_translated_with_everything_in_it():
    finnish = Locale.objects.create(language_code="fi")
    child = make_situation()
    module = make_module(
        situations=[child],
        links=[{"label": "x", "url": "https://b.example.se/"}],
        hours=[(0, datetime.time(8), datetime.time(16))],
    )

    copy = module.copy_for_translation(finnish)
    copy.save()

    assert [item.tag for item in copy.life_situation_items.all()] == [child]
    assert copy.links.count() == copy.opening_hours.count() == 1
