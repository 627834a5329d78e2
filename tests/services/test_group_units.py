"""The panel *Units* on the page of a group."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from factories import make_editor, make_group, make_staff, make_unit

from wagtail_medborgare.services.models import GroupUnit, Unit

pytestmark = pytest.mark.django_db


def group_form(**values: Any) -> dict[str, Any]:
    formsets = (
        "page_permissions", "collection_permissions", "image_permissions",
        "document_permissions",
    )  # fmt: skip
    data: dict[str, Any] = {"name": "Skolans"}
    for formset in formsets:
        data |= {f"{formset}-{key}_FORMS": 0 for key in ("TOTAL", "INITIAL", "MIN_NUM")}
        data |= {f"{formset}-MAX_NUM_FORMS": 1000}
    return data | {f"medborgare_units-{name}": value for name, value in values.items()}


def links(group: Any) -> dict[str, bool]:
    found = GroupUnit.objects.filter(group=group).select_related("unit")
    return {link.unit.name: link.may_approve for link in found}


def test_a_group_is_given_its_units(admin_client):
    group = make_group("Skolans")
    schools, building = make_unit("Skola"), make_unit("Bygg")
    path = f"/admin/groups/edit/{group.pk}/"

    response = admin_client.post(
        path,
        group_form(
            shown="1", units=[schools.pk, building.pk], approves=[building.pk]
        ),
    )  # fmt: skip

    assert response.status_code == 302, response.text
    assert links(group) == {"Skola": False, "Bygg": True}

    admin_client.post(path, group_form(shown="1", units=[schools.pk]))
    assert links(group) == {"Skola": False}


def test_a_new_group_is_given_its_units_at_once(admin_client):
    unit = make_unit("Skola")

    admin_client.post("/admin/groups/new/", group_form(shown="1", units=[unit.pk]))

    assert GroupUnit.objects.get().group.name == "Skolans"


def test_the_panel_shows_what_is_chosen(admin_client):
    unit = make_unit("Skola")
    group = make_group("Skolans", approves=[unit])

    text = admin_client.get(f"/admin/groups/edit/{group.pk}/").text

    assert text.count('name="medborgare_units-units"') == 1
    panel = text[text.index('id="medborgare-units') :]
    assert panel.count(" checked") >= 2


def test_a_link_is_called_by_its_group_and_its_unit():
    make_group("Skolans", units=[make_unit("Skola")])

    assert str(GroupUnit.objects.get()) == "Skolans – Skola"


def test_to_approve_one_must_work_there(admin_client):
    unit = make_unit("Skola")
    group = make_group("Skolans")

    response = admin_client.post(
        f"/admin/groups/edit/{group.pk}/", group_form(shown="1", approves=[unit.pk])
    )

    assert response.status_code == 200
    assert "Skola" in response.text
    assert links(group) == {}


def test_a_form_without_the_panel_changes_nothing(admin_client):
    unit = make_unit("Skola")
    group = make_group("Skolans", units=[unit])

    admin_client.post(f"/admin/groups/edit/{group.pk}/", group_form())

    assert links(group) == {"Skola": False}


def test_only_those_who_may_change_groups_see_the_panel(client: Client):
    group = make_group("Skolans")
    user = make_staff("maja", group)
    client.force_login(user)
    path = f"/admin/groups/edit/{group.pk}/"
    unit = make_unit("Skola")

    assert client.get(path).status_code == 302
    client.post(path, group_form(shown="1", units=[unit.pk]))
    assert links(group) == {}

    group.permissions.add(Permission.objects.get(codename="change_group"))
    assert "medborgare_units-units" in client.get(path).text


def test_without_units_the_panel_says_so(admin_client):
    group = make_group("Skolans")

    assert admin_client.get(f"/admin/groups/edit/{group.pk}/").status_code == 200


def test_a_unit_that_a_group_works_for_is_not_deleted(db):
    # Without its last unit the group would work for the whole municipality.
    unit = make_unit("Kultur")
    group = make_group("Kulturens", "change_service", units=[unit])
    boss = Client()
    boss.force_login(make_editor("boss"))

    boss.post(f"/admin/snippets/medborgare_services/unit/delete/{unit.pk}/")
    boss.post(f"/admin/bulk/medborgare_services/unit/delete/?id={unit.pk}")

    assert Unit.objects.filter(pk=unit.pk).exists()
    assert group.unit_links.exists()
    group.unit_links.all().delete()
    boss.post(f"/admin/snippets/medborgare_services/unit/delete/{unit.pk}/")
    assert not Unit.objects.filter(pk=unit.pk).exists()
