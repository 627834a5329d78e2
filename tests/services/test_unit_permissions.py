"""Units own their content: who changes whose services, and what the admin offers."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import (
    make_editor,
    make_group,
    make_service,
    make_staff,
    make_unit,
    service_form_data,
)

from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.services.permissions import (
    service_permission_policy,
    unit_permission_policy,
)

pytestmark = pytest.mark.django_db

SERVICES = "/admin/snippets/medborgare_services/service"
UNITS = "/admin/snippets/medborgare_services/unit"
EDITING = (
    "add_service", "change_service", "delete_service", "publish_service",
    "change_unit", "publish_unit",
)  # fmt: skip


class Two:
    """Two units with a service each, an editor of the first, and a central editor."""

    def __init__(self) -> None:
        self.schools, self.building = make_unit("Skola"), make_unit("Bygg")
        self.own = make_service("Ansök om förskola", unit=self.schools)
        self.foreign = make_service("Sök bygglov", unit=self.building)
        self.nobodys = make_service("Klaga")
        self.group = make_group("Skolans", *EDITING, units=[self.schools])
        self.editor = make_staff("maja", self.group)
        self.central = make_staff(
            "clara", make_group("Centrala", *EDITING, "add_unit", "delete_unit")
        )


@pytest.fixture
def two() -> Two:
    return Two()


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(two: Two) -> Client:
    return browser(two.editor)


@pytest.fixture
def central(two: Two) -> Client:
    return browser(two.central)


def is_refused(response: Any) -> bool:
    """Say whether Wagtail sent somebody back to the dashboard."""
    return response.status_code == 302 and response["Location"] == "/admin/"


def allowed(user: Any, action: str) -> set[str]:
    found = service_permission_policy.instances_user_has_permission_for(user, action)
    return {service.name for service in found}


def test_an_editor_may_change_what_belongs_to_their_unit_and_nothing_else(two):
    may = service_permission_policy.user_has_permission_for_instance

    assert may(two.editor, "change", two.own)
    assert not may(two.editor, "change", two.foreign)
    assert not may(two.editor, "change", two.nobodys)
    assert allowed(two.editor, "change") == {two.own.name}


def test_a_central_group_may_change_everything(two):
    everything = {two.own.name, two.foreign.name, two.nobodys.name}

    assert allowed(two.central, "change") == everything
    assert allowed(make_editor(), "delete") == everything


def test_a_permission_of_ones_own_reaches_everything(two):
    two.editor.user_permissions.add(Permission.objects.get(codename="change_service"))

    assert len(allowed(two.editor, "change")) == 3
    assert allowed(two.editor, "delete") == {two.own.name}


def test_each_group_brings_only_its_own_permissions_to_its_own_units(two):
    builders = make_group("Byggets", "change_service", units=[two.building])
    two.editor.groups.add(builders)

    assert allowed(two.editor, "change") == {two.own.name, two.foreign.name}
    assert allowed(two.editor, "publish") == {two.own.name}


def test_somebody_without_an_active_account_may_nothing(two):
    two.central.is_active = False
    boss = make_editor()
    boss.is_active = False

    for user in (two.central, boss):
        for action in ("view", "change", "add"):
            assert allowed(user, action) == set()
            assert not service_permission_policy.user_has_permission(user, action)


def test_everybody_with_any_permission_sees_all(two):
    viewer = make_staff("vera", make_group("Läsare", "view_service"))

    assert len(allowed(two.editor, "view")) == len(allowed(viewer, "view")) == 3
    assert allowed(viewer, "change") == set()


def test_a_unit_is_changed_by_its_editors_and_added_and_deleted_by_central_ones(two):
    more = Permission.objects.filter(codename__in=["add_unit", "delete_unit"])
    two.group.permissions.add(*more)
    may = unit_permission_policy.user_has_permission_for_instance

    assert may(two.editor, "change", two.schools)
    assert not may(two.editor, "change", two.building)
    assert not may(two.editor, "delete", two.schools)
    assert not unit_permission_policy.user_has_permission(two.editor, "add")
    assert may(two.central, "delete", two.schools)
    assert unit_permission_policy.user_has_permission(two.central, "add")


def test_users_are_found_by_what_they_may_do_with_an_object(two):
    boss = make_editor()
    found = service_permission_policy.users_with_permission_for_instance
    of_units = unit_permission_policy.users_with_permission_for_instance

    assert set(found("change", two.own)) == {two.editor, two.central, boss}
    assert set(found("change", two.foreign)) == {two.central, boss}
    assert set(found("view", two.foreign)) == {two.editor, two.central, boss}
    assert set(of_units("change", two.schools)) == {two.editor, two.central, boss}
    assert set(of_units("delete", two.schools)) == {two.central, boss}


def test_a_revision_from_before_a_move_does_not_give_the_service_back(two):
    two.foreign.unit = two.schools
    revision = two.foreign.save_revision()
    old = revision.as_object()
    assert old.unit == two.schools

    assert not service_permission_policy.user_has_permission_for_instance(
        two.editor, "change", old
    )


def test_rights_are_read_once_however_many_objects_are_asked_about(two):
    services = [make_service(unit=two.schools) for _ in range(20)]
    may = service_permission_policy.user_has_permission_for_owner
    may(two.editor, "change", two.own.unit_id)

    with CaptureQueriesContext(connection) as queries:
        assert all(may(two.editor, "change", item.unit_id) for item in services)
    assert len(queries) == 0

    with CaptureQueriesContext(connection) as queries:
        assert len(allowed(two.editor, "change")) == 21
    assert len(queries) == 1


SECONDARY = [
    "edit", "delete", "usage", "history", "history-results", "unpublish",
    "lock", "unlock", "workflow_history",
]  # fmt: skip


@pytest.mark.parametrize("view", SECONDARY)
def test_another_units_service_is_refused_in_every_view(two, editor, view):
    for service in (two.own, two.foreign):
        service.save_revision().publish()
    if view in {"lock", "unlock"}:
        permissions = Permission.objects.filter(codename=f"{view}_service")
        two.group.permissions.add(*permissions)

    method = editor.post if view in {"lock", "unlock"} else editor.get
    own = method(f"{SERVICES}/{view}/{two.own.pk}/")
    foreign = method(f"{SERVICES}/{view}/{two.foreign.pk}/")

    assert not is_refused(own), view
    assert is_refused(foreign), view
    assert editor.get(f"{SERVICES}/inspect/{two.foreign.pk}/").status_code == 200


def test_the_list_shows_all_and_offers_only_what_one_may_do(two, editor):
    text = editor.get(f"{SERVICES}/").text

    assert two.foreign.name in text
    for view in ("edit", "delete"):
        assert f"{SERVICES}/{view}/{two.own.pk}/" in text
        assert f"{SERVICES}/{view}/{two.foreign.pk}/" not in text
    for service in (two.own, two.foreign):
        assert f"{SERVICES}/inspect/{service.pk}/" in text
        assert f"{SERVICES}/copy/{service.pk}/" in text


def test_the_list_asks_for_no_permission_line_by_line(two, editor):
    def permission_queries() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(f"{SERVICES}/").status_code == 200
        words = ("auth_permission", "auth_group", "_groupunit", "_user_groups")
        return sum(any(word in item["sql"] for word in words) for item in queries)

    few = permission_queries()
    for _ in range(25):
        make_service(unit=two.schools)

    assert permission_queries() == few


def test_a_new_service_gets_the_only_unit_of_its_editor(two, editor):
    page = editor.get(f"{SERVICES}/add/")
    field = page.context["form"].fields["unit"]

    assert list(field.queryset) == [two.schools]
    assert page.context["form"]["unit"].value() == two.schools.pk
    assert "Bygg</option>" not in page.text

    saved = editor.post(
        f"{SERVICES}/add/", service_form_data(unit=two.schools.pk, name="Ny")
    )
    assert saved.status_code == 302
    assert Service.objects.get(name="Ny").unit == two.schools


@pytest.mark.parametrize("publishing", [{}, {"action-publish": "1"}])
def test_a_service_for_another_unit_is_refused_at_the_field(two, editor, publishing):
    response = editor.post(
        f"{SERVICES}/add/", service_form_data(unit=two.building.pk, **publishing)
    )

    assert response.status_code == 200
    assert response.context["form"].errors.keys() == {"unit"}
    assert Service.objects.count() == 3


@pytest.mark.parametrize("publishing", [{}, {"action-publish": "1"}])
def test_a_service_without_a_unit_is_refused_even_as_a_draft(two, editor, publishing):
    response = editor.post(f"{SERVICES}/add/", service_form_data(**publishing))

    assert response.context["form"].errors.keys() == {"unit"}
    assert Service.objects.count() == 3


def test_ones_own_service_is_not_given_away(two, editor):
    for unit in (two.building.pk, ""):
        response = editor.post(
            f"{SERVICES}/edit/{two.own.pk}/",
            service_form_data(name=two.own.name, unit=unit),
        )
        assert response.context["form"].errors.keys() == {"unit"}

    two.own.refresh_from_db()
    assert two.own.unit == two.schools
    assert two.own.latest_revision is None


def test_central_editors_choose_any_unit_or_none(two, central):
    for number, unit in enumerate((two.schools.pk, two.building.pk, "")):
        response = central.post(
            f"{SERVICES}/add/", service_form_data(name=f"Ny {number}", unit=unit)
        )
        assert response.status_code == 302

    assert Service.objects.filter(unit=None).count() == 2


def test_fields_that_are_not_in_the_form_are_not_assigned(two, editor):
    extra = {
        "source": "feed", "source_key": "1", "imported": '{"a": 1}', "pk": "999",
        "id": "999", "live": "on", "locked": "on", "left_feed_at": "2026-01-01",
        "translation_key": "0" * 32, "locale": "999", "unit_id": str(two.building.pk),
        "latest_revision": "1", "has_unpublished_changes": "",
    }  # fmt: skip

    response = editor.post(
        f"{SERVICES}/add/", service_form_data(name="Ny", unit=two.schools.pk, **extra)
    )

    assert response.status_code == 302
    made = Service.objects.get(name="Ny")
    assert (made.source, made.source_key, made.imported) == ("", "", {})
    assert (made.live, made.locked, made.left_feed_at) == (False, False, None)
    assert made.unit == two.schools
    assert made.pk != 999


def test_a_copy_of_another_units_service_is_for_ones_own(two, editor):
    page = editor.get(f"{SERVICES}/copy/{two.foreign.pk}/")

    assert page.context["form"]["unit"].value() == two.schools.pk
    assert list(page.context["form"].fields["unit"].queryset) == [two.schools]


def test_a_form_sent_to_the_address_of_the_copy_changes_nothing(two, editor):
    response = editor.post(
        f"{SERVICES}/copy/{two.foreign.pk}/",
        service_form_data(name="Kapad", unit=two.schools.pk),
    )

    assert response.status_code == 405
    two.foreign.refresh_from_db()
    assert (two.foreign.name, two.foreign.unit) == ("Sök bygglov", two.building)


def test_who_may_add_for_two_units_and_publish_for_one_publishes_for_that_one(two):
    two.editor.groups.add(make_group("Bygg", "add_service", units=[two.building]))
    editor = browser(two.editor)

    def publish(unit: Unit) -> Any:
        data = service_form_data(name=f"Ny {unit}", unit=unit.pk)
        return editor.post(f"{SERVICES}/add/", data | {"action-publish": "1"})

    refused, published = publish(two.building), publish(two.schools)

    assert refused.context["form"].errors.keys() == {"unit"}
    assert published.status_code == 302
    assert list(Service.objects.filter(name__startswith="Ny", live=True)) == [
        Service.objects.get(name="Ny Skola")
    ]


def test_moving_to_a_unit_without_the_right_to_publish_there_publishes_nothing(two):
    two.editor.groups.add(make_group("Bygg", "change_service", units=[two.building]))
    data = service_form_data(name=two.own.name, unit=two.building.pk)

    response = browser(two.editor).post(
        f"{SERVICES}/edit/{two.own.pk}/", data | {"action-publish": "1"}
    )

    assert response.context["form"].errors.keys() == {"unit"}
    two.own.refresh_from_db()
    assert two.own.unit == two.schools


def test_publish_is_offered_only_for_what_one_may_publish(two):
    two.editor.groups.add(make_group("Bygg", "change_service", units=[two.building]))
    editor = browser(two.editor)

    own = editor.get(f"{SERVICES}/edit/{two.own.pk}/").text
    foreign = editor.get(f"{SERVICES}/edit/{two.foreign.pk}/").text

    assert 'name="action-publish"' in own
    assert 'name="action-publish"' not in foreign

    editor.post(
        f"{SERVICES}/edit/{two.foreign.pk}/",
        service_form_data(name="Nytt", unit=two.building.pk) | {"action-publish": "1"},
    )
    two.foreign.refresh_from_db()
    assert two.foreign.name == "Sök bygglov"
    assert two.foreign.has_unpublished_changes


def test_many_are_deleted_each_by_its_own_permission(two, editor):
    address = "/admin/bulk/medborgare_services/service/delete/?id={}&id={}"

    path = address.format(two.own.pk, two.foreign.pk)
    asked = editor.get(path)
    editor.post(path)

    assert two.foreign.name in asked.text
    assert set(Service.objects.all()) == {two.foreign, two.nobodys}


def test_units_are_ordered_by_central_editors_only(two, editor, central):
    for number, unit in enumerate((two.schools, two.building)):
        Unit.objects.filter(pk=unit.pk).update(sort_order=number)
    path = f"{UNITS}/reorder/{two.building.pk}/?position=0"

    assert is_refused(editor.post(path))
    assert central.post(path).json() == {"success": True}


def test_a_unit_editor_finds_no_way_to_add_or_delete_units(two, editor):
    more = Permission.objects.filter(codename__in=["add_unit", "delete_unit"])
    two.group.permissions.add(*more)

    text = editor.get(f"{UNITS}/").text

    assert f"{UNITS}/add/" not in text
    assert f"{UNITS}/delete/" not in text
    assert f"{UNITS}/edit/{two.schools.pk}/" in text
    assert f"{UNITS}/edit/{two.building.pk}/" not in text
    assert is_refused(editor.get(f"{UNITS}/add/"))
    assert is_refused(editor.post(f"{UNITS}/delete/{two.schools.pk}/"))


def test_an_old_version_from_before_a_move_is_not_a_way_back_in(two, editor):
    was_ours = two.foreign
    was_ours.unit = two.schools
    revision = was_ours.save_revision()
    Service.objects.filter(pk=was_ours.pk).update(unit=two.building)
    path = f"{SERVICES}/history/{was_ours.pk}/revisions/{revision.pk}/revert/"

    assert is_refused(editor.get(path))
    assert is_refused(editor.post(path, service_form_data(unit=two.schools.pk)))


def test_without_any_permission_a_service_that_exists_is_like_one_that_does_not(two):
    nobody = browser(make_staff("nils", make_group("Annat")))

    for view in ("edit", "delete", "usage", "history", "inspect", "copy", "preview"):
        there = nobody.get(f"{SERVICES}/{view}/{two.own.pk}/")
        missing = nobody.get(f"{SERVICES}/{view}/999999/")
        assert is_refused(there), view
        assert is_refused(missing), view
