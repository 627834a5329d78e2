"""Tagging what was read a while ago: what a colleague has saved since is kept."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone
from factories import make_editor, make_page, make_service, make_situation
from testapp.models import ArticlePage
from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

from wagtail_medborgare.services.models import Service
from wagtail_medborgare.situations.models import TaggedPage
from wagtail_medborgare.situations.tagging import Change, Outcome, change_situations

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def user():
    return make_editor("maja")


@pytest.fixture
def page(home):
    """A published page, as it was read before a colleague came."""
    page = make_page(home, title="Gammal")
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def again(instance):
    return type(instance).objects.get(pk=instance.pk)


def tag(instance, situation, user, **options):
    options.setdefault("can_publish", True)
    return change_situations(instance, Change(add=[situation]), user=user, **options)


def names(instance):
    return [tag.name for tag in instance.life_situations.all()]


def publish(instance, **fields):
    colleagues = again(instance)
    for name, value in fields.items():
        setattr(colleagues, name, value)
    colleagues.save_revision().publish()


def draft(instance, **fields):
    colleagues = again(instance)
    for name, value in fields.items():
        setattr(colleagues, name, value)
    return colleagues.save_revision()


def test_what_was_published_in_between_survives(page, child, user):
    publish(page, title="Ny")

    outcome = tag(page, child, user)

    found = again(page)
    assert outcome is Outcome.PUBLISHED
    assert found.title == found.get_latest_revision_as_object().title == "Ny"
    assert names(found) == ["Få barn"]


def test_draft_in_between_survives(page, child, user):
    draft(page, title="Halvfärdig")

    tag(page, child, user)

    found = again(page)
    waiting = found.get_latest_revision_as_object()
    assert found.title == "Gammal"
    assert found.has_unpublished_changes
    assert waiting.title == "Halvfärdig"
    assert names(found) == names(waiting) == ["Få barn"]


def test_draft_in_between_survives_who_may_not_publish(page, child, user):
    draft(page, title="Halvfärdig")

    tag(page, child, user, can_publish=False)

    waiting = again(page).get_latest_revision_as_object()
    assert (waiting.title, names(waiting)) == ("Halvfärdig", ["Få barn"])


def test_service_published_in_between_survives(child, user):
    service = make_service("Gammal")
    service.save_revision().publish()
    service = again(service)
    publish(service, name="Ny")

    tag(service, child, user)

    assert again(service).name == "Ny"
    assert names(again(service)) == ["Få barn"]


def test_page_unpublished_in_between_stays_so(page, child, user):
    again(page).unpublish()

    outcome = tag(page, child, user)

    assert outcome is Outcome.DRAFT
    assert not again(page).live


def test_page_locked_in_between_is_left_out(page, child, user):
    colleagues = again(page)
    colleagues.locked, colleagues.locked_by = True, make_editor("annan")
    colleagues.save()

    assert tag(page, child, user) is Outcome.LEFT_OUT
    assert not TaggedPage.objects.exists()
    assert again(page).latest_revision == page.latest_revision


def test_page_sent_for_approval_in_between_is_left_out(page, child, user):
    workflow = Workflow.objects.create(name="Godkännande")
    task = GroupApprovalTask.objects.create(name="Steg")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    sent = draft(page, title="Väntar")
    workflow.start(again(page), make_editor("annan"))

    assert tag(page, child, user) is Outcome.LEFT_OUT
    assert again(page).latest_revision == sent
    assert not TaggedPage.objects.exists()


def test_page_scheduled_in_between_is_left_out(page, child, user):
    soon = timezone.now() + datetime.timedelta(days=1)
    again(page).save_revision(approved_go_live_at=soon)

    assert tag(page, child, user) is Outcome.LEFT_OUT
    assert not TaggedPage.objects.exists()


def test_what_was_deleted_in_between_does_not_come_back(page, child, user):
    again(page).delete()
    service = make_service()
    Service.objects.filter(pk=service.pk).delete()

    assert tag(page, child, user) is Outcome.LEFT_OUT
    assert tag(service, child, user) is Outcome.LEFT_OUT
    assert not ArticlePage.objects.filter(pk=page.pk).exists()
    assert not Service.objects.exists()
    assert not TaggedPage.objects.exists()
