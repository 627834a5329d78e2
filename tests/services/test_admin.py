"""Services and units in the admin: drafts, workflow, history, preview, one menu."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import (
    make_catalogue,
    make_home,
    make_service,
    make_situation,
    make_unit,
    service_form_data,
)
from wagtail.models import ReferenceIndex

from wagtail_medborgare.services.models import Service

pytestmark = pytest.mark.django_db

SERVICES = "/admin/snippets/medborgare_services/service"
UNITS = "/admin/snippets/medborgare_services/unit"


def test_everything_stands_under_one_menu_entry(admin_client):
    text = admin_client.get("/admin/").text

    assert "Medborgare" in text
    for address in (
        f"{SERVICES}/",
        f"{UNITS}/",
        "/admin/snippets/medborgare_situations/",
    ):
        assert address in text


def test_an_editor_writes_tags_and_publishes_a_service(admin_client):
    child = make_situation("Få barn")
    data = service_form_data(
        **{
            "life_situations": [child.name],
            "channels-TOTAL_FORMS": 1,
            "channels-0-kind": "e_service",
            "channels-0-url": "https://e.example.se/",
            "channels-0-ORDER": 1,
            "deadlines-TOTAL_FORMS": 1,
            "deadlines-0-label": "Sista dag",
            "deadlines-0-date": "2027-01-15",
            "deadlines-0-is_yearly": "on",
            "deadlines-0-ORDER": 1,
            "action-publish": "1",
        }
    )

    response = admin_client.post(f"{SERVICES}/add/", data)

    assert response.status_code == 302, response.text
    service = Service.objects.get()
    assert (service.live, service.slug) == (True, "ansok")
    assert [item.tag for item in service.life_situation_items.all()] == [child]
    assert service.channels.get().url == "https://e.example.se/"
    assert service.deadlines.get().is_yearly


def test_a_draft_changes_nothing_that_residents_see(admin_client):
    child = make_situation("Få barn")
    service = make_service("Ansök")
    service.save_revision().publish()

    response = admin_client.post(
        f"{SERVICES}/edit/{service.pk}/",
        service_form_data(name="Nytt namn", slug="ansok", life_situations=[child.name]),
    )

    assert response.status_code == 302, response.text
    service.refresh_from_db()
    assert service.name == "Ansök"
    assert service.has_unpublished_changes
    assert service.life_situation_items.count() == 0
    assert service.latest_revision.as_object().name == "Nytt namn"


def test_a_channel_that_leads_nowhere_is_refused_at_the_form(admin_client):
    data = service_form_data(
        **{"channels-TOTAL_FORMS": 1, "channels-0-kind": "phone", "channels-0-ORDER": 1}
    )

    response = admin_client.post(f"{SERVICES}/add/", data | {"action-publish": "1"})

    assert response.status_code == 200
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    "view",
    ["edit", "history", "usage", "inspect", "delete", "workflow_history", "unpublish"],
)
def test_each_view_of_a_service_opens(admin_client, view):
    service = make_service()
    service.save_revision().publish()

    assert admin_client.get(f"{SERVICES}/{view}/{service.pk}/").status_code == 200


def test_each_view_of_a_unit_opens(admin_client):
    unit = make_unit()

    for path in (
        "/",
        "/add/",
        f"/edit/{unit.pk}/",
        f"/history/{unit.pk}/",
        f"/usage/{unit.pk}/",
    ):
        assert admin_client.get(f"{UNITS}{path}").status_code == 200


def test_the_list_shows_situations_without_a_query_for_each_line(admin_client):
    child, house = make_situation("Få barn"), make_situation("Bygga")
    for _ in range(30):
        make_service(situations=[child, house])
    admin_client.get(f"{SERVICES}/")

    with CaptureQueriesContext(connection) as queries:
        response = admin_client.get(f"{SERVICES}/")

    # Wagtail's own status column asks for revisions and workflows of each line.
    ours = [item["sql"] for item in queries if "_taggedservice" in item["sql"]]
    assert "Få barn" in response.text
    assert len(ours) <= 2


def test_services_are_searched_and_filtered(admin_client):
    child = make_situation("Få barn")
    make_service("Förskola", situations=[child])
    make_service("Bygglov")

    searched = admin_client.get(f"{SERVICES}/?q=förskola").text
    filtered = admin_client.get(f"{SERVICES}/?life_situations={child.pk}").text

    for text in (searched, filtered):
        assert "Förskola" in text
        assert "Bygglov" not in text


def test_the_list_is_exported(admin_client):
    make_service("Förskola", situations=[make_situation("Få barn")])

    response = admin_client.get(f"{SERVICES}/?export=csv")

    assert "Få barn" in b"".join(response.streaming_content).decode()


def test_a_service_is_previewed_as_residents_will_see_it(admin_client):
    make_catalogue(make_home())
    service = make_service("Förskola", description="<p>Text</p>")
    url = f"{SERVICES}/preview/{service.pk}/"

    sent = admin_client.post(url, service_form_data(name="Nytt namn", slug="forskola"))
    response = admin_client.get(url)

    assert sent.json()["is_valid"]
    assert "Nytt namn" in response.text


def test_deleting_a_situation_tells_the_services_that_use_it(admin_client):
    child = make_situation("Få barn")
    service = make_service("Förskola", situations=[child])

    usage = admin_client.get(
        f"/admin/snippets/medborgare_situations/lifesituation/usage/{child.pk}/"
    )

    assert "Förskola" in usage.text
    assert str(service.pk) in {
        item.object_id for item in ReferenceIndex.get_references_to(child)
    }


def test_a_unit_with_services_cannot_be_deleted_by_mistake(admin_client):
    unit = make_unit()
    make_service(unit=unit)

    response = admin_client.get(f"{UNITS}/delete/{unit.pk}/")

    assert response.status_code == 200
    assert 'value="Yes' not in response.text


def test_services_are_translated_the_wagtail_way(admin_client):
    from wagtail.models import Locale

    finnish = Locale.objects.create(language_code="fi")
    child = make_situation("Få barn")
    service = make_service(
        "Förskola", situations=[child], channels=[{"url": "https://e.example.se/"}]
    )

    copy = service.copy_for_translation(finnish)
    copy.save()

    assert [item.tag for item in copy.life_situation_items.all()] == [child]
    assert copy.channels.count() == 1


@pytest.mark.parametrize(
    "url",
    [
        "ftp://e.example.se/",
        "https://user@e.example.se/",
        "https://user:secret@e.example.se/",
    ],
)
def test_an_address_that_residents_must_not_be_sent_to_is_refused(admin_client, url):
    data = service_form_data(
        **{
            "channels-TOTAL_FORMS": 1,
            "channels-0-kind": "e_service",
            "channels-0-url": url,
            "channels-0-ORDER": 1,
        }
    )

    response = admin_client.post(f"{SERVICES}/add/", data)

    assert response.status_code == 200
    assert "Börja med https:// eller http://" in response.text
    assert not Service.objects.exists()
