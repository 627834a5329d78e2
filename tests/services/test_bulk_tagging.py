"""Editors tag many services at once: drafts, workflows and locks are respected."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import make_editor, make_service, make_situation, make_unit
from wagtail.models import ModelLogEntry, Revision
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.users.models import UserProfile

from wagtail_medborgare.services.bulk_actions import ServiceSituations
from wagtail_medborgare.services.models import Service, TaggedService
from wagtail_medborgare.situations.tagging import SITUATIONS_CHANGED

pytestmark = pytest.mark.django_db

SERVICES = "/admin/bulk/medborgare_services/service"


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def house():
    return make_situation("Bygga hus")


@pytest.fixture
def editor(db):
    """Log in an editor who may do some things with services."""

    def log_in(*actions):
        user = make_editor(is_superuser=False)
        group = Group.objects.create(name="Redaktörer")
        names = ["access_admin", *(f"{action}_service" for action in actions)]
        group.permissions.set(Permission.objects.filter(codename__in=names))
        user.groups.add(group)
        UserProfile.objects.create(user=user, preferred_language="en")
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return log_in


@pytest.fixture
def browser(editor):
    return editor("change", "publish")


def address(services, action="add", query=""):
    ids = "id=all" if services == "all" else "&".join(f"id={s.pk}" for s in services)
    return f"{SERVICES}/{action}_situations/?{ids}&next=/admin/{query}"


def send(browser, services, *situations, action="add", query=""):
    data = {"situations": [item.slug for item in situations]}
    return browser.post(address(services, action, query), data, follow=True)


def published(**fields):
    service = make_service(**fields)
    service.save_revision().publish()
    return Service.objects.get(pk=service.pk)


def live_tags(service):
    items = TaggedService.objects.filter(content_object=service.pk)
    return set(items.values_list("tag__name", flat=True))


def draft_tags(service):
    draft = Service.objects.get(pk=service.pk).get_latest_revision_as_object()
    return {tag.name for tag in draft.life_situations.all()}


def test_published_service_is_tagged_and_published_anew(browser, child):
    service = published()

    response = send(browser, [service], child)

    service.refresh_from_db()
    assert "1 was changed." in response.text
    assert live_tags(service) == draft_tags(service) == {"Få barn"}
    assert not service.has_unpublished_changes
    assert service.live_revision == service.latest_revision
    entry = ModelLogEntry.objects.get(action=SITUATIONS_CHANGED)
    assert (entry.user, entry.data["added"]) == (browser.user, ["Få barn"])


def test_draft_that_waits_is_kept_and_both_are_tagged(browser, child, house):
    service = published(name="Gammal", situations=[house])
    service.name = "Ny"
    service.save_revision()

    send(browser, [service], child)
    service = Service.objects.get(pk=service.pk)

    assert service.name == "Gammal"
    assert service.get_latest_revision_as_object().name == "Ny"
    assert live_tags(service) == draft_tags(service) == {"Få barn", "Bygga hus"}

    service.get_latest_revision().publish()

    assert Service.objects.get(pk=service.pk).name == "Ny"
    assert live_tags(service) == {"Få barn", "Bygga hus"}


def test_service_never_published_stays_a_draft(browser, child):
    service = make_service(live=False)
    service.save_revision()

    send(browser, [service], child)

    service.refresh_from_db()
    assert not service.live
    assert draft_tags(service) == {"Få barn"}


def test_who_may_not_publish_leaves_a_draft(editor, child):
    service = published()

    send(editor("change"), [service], child)

    assert live_tags(service) == set()
    assert draft_tags(service) == {"Få barn"}


def test_situations_are_removed_and_twice_is_once(browser, child, house):
    service = published(situations=[child, house])

    send(browser, [service], child, action="remove")
    before = Revision.objects.count(), ModelLogEntry.objects.count()
    again = send(browser, [service], child, action="remove")

    assert live_tags(service) == draft_tags(service) == {"Bygga hus"}
    assert "Nothing had to be changed." in again.text
    assert (Revision.objects.count(), ModelLogEntry.objects.count()) == before


def test_locked_and_scheduled_services_are_left_out(browser, child):
    locked = published(name="Låst")
    locked.locked, locked.locked_by = True, make_editor("annan")
    locked.save()
    soon = published(name="Snart")
    soon.go_live_at = timezone.now() + datetime.timedelta(days=1)
    soon.save_revision(approved_go_live_at=soon.go_live_at)

    shown = browser.get(address([locked, soon])).text
    send(browser, [locked, soon], child)

    assert "Låst: Somebody has locked it." in shown
    assert "Snart: A change to it is scheduled." in shown
    assert not TaggedService.objects.exists()


def test_who_may_not_change_services_sees_a_number_only(editor, child):
    service = published(name="Hemlig")
    browser = editor("view")

    shown = browser.get(address([service])).text
    send(browser, [service], child)

    assert "1 is left out because you may not change it." in " ".join(shown.split())
    assert "Hemlig" not in shown
    assert 'name="situations"' not in shown
    assert live_tags(service) == set()


class OfOneUnit(ModelPermissionPolicy):
    """Somebody's own rule: each service is asked about."""

    def user_has_permission_for_instance(self, user, action, instance):
        return instance.unit is not None and instance.unit.name == "Egen"


def test_permission_is_asked_for_each_service(browser, child, monkeypatch):
    own = published(unit=make_unit("Egen"))
    other = published(unit=make_unit("Annan"))
    monkeypatch.setattr(ServiceSituations, "policy", OfOneUnit(Service))

    send(browser, [own, other], child)

    assert (live_tags(own), live_tags(other)) == ({"Få barn"}, set())


def test_all_in_the_listing_are_those_that_were_filtered(browser, child, house):
    tagged = published(situations=[house])
    untagged = published()

    send(browser, "all", child, query="&no_situation=true")

    assert live_tags(tagged) == {"Bygga hus"}
    assert live_tags(untagged) == {"Få barn"}


def test_all_in_the_listing_are_those_that_were_searched(browser, child):
    found, other = published(name="Förskola"), published(name="Bygglov")

    send(browser, "all", child, query="&q=förskola")

    assert (live_tags(found), live_tags(other)) == ({"Få barn"}, set())


def test_listing_offers_both_actions(browser):
    published()

    text = browser.get("/admin/snippets/medborgare_services/service/").text

    assert "/add_situations/" in text
    assert "/remove_situations/" in text


def queries_of_looking(browser, services):
    browser.get(address(services))
    with CaptureQueriesContext(connection) as queries:
        browser.get(address(services))
    assert not [
        one["sql"]
        for one in queries
        if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    return len(queries)


def test_looking_costs_the_same_for_many_and_writes_nothing(browser):
    few = [published() for _ in range(2)]
    many = few + [published() for _ in range(20)]

    assert queries_of_looking(browser, many) == queries_of_looking(browser, few)
