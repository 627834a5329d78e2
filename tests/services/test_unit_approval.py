"""A whole round: an editor submits, the owning unit approves or asks for changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core import mail
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
    make_staff,
    make_unit,
    service_form_data,
)
from testapp.models import Banner, HomePage
from wagtail.models import (
    Page,
    TaskState,
    Workflow,
    WorkflowContentType,
    WorkflowPage,
    WorkflowTask,
)

from wagtail_medborgare.services.models import GroupUnit, Service, UnitApprovalTask

pytestmark = [
    pytest.mark.django_db,
    # Wagtail 8.0 sends its mails in a way that Django 6.1 warns about.
    pytest.mark.filterwarnings("ignore:get_connection"),
    pytest.mark.filterwarnings("ignore:Django 2028 will not have a default mailer"),
]

SERVICES = "/admin/snippets/medborgare_services/service"


class Round:
    """Two units with a group that approves each, and an editor who does not."""

    def __init__(self) -> None:
        self.schools, self.building = make_unit("Skola"), make_unit("Bygg")
        self.home = make_home()
        self.page = make_page(
            self.home, HomePage, slug="skola", unit=self.schools, live=False
        )
        self.service = make_service("Ansök", unit=self.schools, live=False)
        self.task = UnitApprovalTask.objects.create(name="Verksamheten godkänner")
        workflow = Workflow.objects.create(name="Granskning")
        WorkflowTask.objects.create(workflow=workflow, task=self.task, sort_order=0)
        WorkflowPage.objects.create(workflow=workflow, page=self.home.page_ptr)
        WorkflowContentType.objects.create(
            workflow=workflow, content_type=ContentType.objects.get_for_model(Service)
        )
        writers = make_group("Skriver", "change_service", units=[self.schools])
        give_pages(writers, self.home, "add", "change")
        self.editor = make_staff("maja", writers)
        # To publish by approving, Wagtail asks for the right to publish.
        self.approvers = make_group(
            "Godkänner skola", "publish_service", approves=[self.schools]
        )
        give_pages(self.approvers, self.home, "publish")
        self.approver = make_staff("anna", self.approvers)
        others = make_group(
            "Godkänner bygg", "change_service", "publish_service",
            approves=[self.building],
        )  # fmt: skip
        give_pages(others, self.home, "change", "publish")
        self.other = make_staff("olle", others)

    def things(self) -> dict[str, Any]:
        return {
            "service": Service.objects.get(pk=self.service.pk),
            "page": HomePage.objects.get(pk=self.page.pk),
        }

    def submit(self, kind: str) -> TaskState:
        if kind == "service":
            path = f"{SERVICES}/edit/{self.service.pk}/"
            data = service_form_data(name="Ansök nu", unit=self.schools.pk)
        else:
            path = f"/admin/pages/{self.page.pk}/edit/"
            data = {
                "title": "Skolan", "slug": "skola", "unit": self.schools.pk,
                "body-count": 0, "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0,
            }  # fmt: skip
        response = browser(self.editor).post(path, data | {"action-submit": "1"})
        assert response.status_code == 302, response.text
        return TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)

    def path(self, kind: str, state: TaskState, action: str) -> str:
        if kind == "service":
            return f"{SERVICES}/workflow/action/{self.service.pk}/{action}/{state.pk}/"
        return f"/admin/pages/workflow/action/{self.page.pk}/{action}/{state.pk}/"


@pytest.fixture
def around(db: None) -> Round:
    return Round()


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_refused(response: Any) -> bool:
    return response.status_code in {302, 403, 404} and (
        response.status_code != 302 or response["Location"] == "/admin/"
    )


KINDS = pytest.mark.parametrize("kind", ["service", "page"])


@KINDS
def test_the_owning_unit_approves_and_it_is_published(around, kind):
    state = around.submit(kind)
    path = around.path(kind, state, "approve")

    assert not around.things()[kind].live
    assert path in browser(around.approver).get("/admin/").text
    assert browser(around.approver).get(path).status_code == 200

    browser(around.approver).post(path)

    assert around.things()[kind].live
    state.refresh_from_db()
    assert (state.status, state.finished_by) == ("approved", around.approver)


@KINDS
def test_another_units_approver_neither_sees_nor_approves_it(around, kind):
    state = around.submit(kind)
    path = around.path(kind, state, "approve")
    other = browser(around.other)

    assert path not in other.get("/admin/").text
    assert is_refused(other.get(path))
    assert is_refused(other.post(path))
    assert not around.things()[kind].live


@KINDS
def test_the_editor_who_wrote_it_does_not_approve_it(around, kind):
    state = around.submit(kind)
    path = around.path(kind, state, "approve")

    assert is_refused(browser(around.editor).post(path))
    assert not around.things()[kind].live


@KINDS
def test_a_rejection_goes_back_with_its_comment(around, kind):
    state = around.submit(kind)

    browser(around.approver).post(
        around.path(kind, state, "reject"), {"comment": "Skriv kortare."}
    )

    state.refresh_from_db()
    assert (state.status, state.comment) == ("rejected", "Skriv kortare.")
    assert not around.things()[kind].live
    assert around.things()[kind].current_workflow_state.status == "needs_changes"
    assert [item.to for item in mail.outbox][-1] == [around.editor.email]


@KINDS
def test_those_who_approve_are_told_and_nobody_of_another_unit(around, kind, settings):
    settings.WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
    make_editor("boss")

    around.submit(kind)

    assert [item.to for item in mail.outbox] == [[around.approver.email]]


def test_without_anybody_who_approves_those_who_publish_for_all_do(around):
    GroupUnit.objects.filter(may_approve=True, unit=around.schools).delete()
    central = make_staff(
        "clara", make_group("Centrala", "change_service", "publish_service")
    )
    of_the_unit = make_group("Publicerar", "publish_service", units=[around.schools])
    around.editor.groups.add(of_the_unit)
    state = around.submit("service")
    path = around.path("service", state, "approve")

    editor = browser(around.editor).get(f"{SERVICES}/edit/{around.service.pk}/")
    assert is_refused(browser(around.editor).post(path))
    assert "Ingen godkänner för Skola" in editor.text
    browser(central).post(path)

    assert around.things()["service"].live


def test_a_page_that_nobody_approves_waits_for_those_who_publish_for_all(around):
    GroupUnit.objects.filter(may_approve=True, unit=around.schools).delete()
    groups = {
        "clara": make_group("Centrala"),
        "petra": make_group("Publicerar", units=[around.schools]),
    }
    for group in groups.values():
        give_pages(group, around.home, "change", "publish")
    central, of_the_unit = (make_staff(*item) for item in groups.items())
    state = around.submit("page")
    path = around.path("page", state, "approve")

    assert is_refused(browser(of_the_unit).post(path))
    browser(central).post(path)

    assert around.things()["page"].live


def test_what_knows_nothing_of_units_waits_for_those_who_publish_it(around):
    banner = Banner.objects.create(name="Sommaröppet")
    may_publish = Permission.objects.create(
        codename="publish_banner",
        name="Can publish banner",
        content_type=ContentType.objects.get_for_model(Banner),
    )
    publishers = make_group("Publicerar banderoller")
    publishers.permissions.add(may_publish)
    publisher = make_staff("bo", publishers)

    assert around.task.get_actions(banner, publisher)
    assert not around.task.get_actions(banner, around.approver)


def test_somebody_without_an_active_account_approves_nothing(around):
    state = around.submit("service")
    boss = make_editor("boss")

    for user in (around.approver, boss):
        assert list(around.task.get_task_states_user_can_moderate(user)) == [state]
        user.is_active = False
        assert not around.task.get_task_states_user_can_moderate(user)
        assert not around.task.get_actions(around.things()["service"], user)


def test_the_editor_of_what_is_nobodys_is_told_whom_it_waits_for(around):
    around.submit("service")
    Service.objects.filter(pk=around.service.pk).update(unit=None)
    around.editor.user_permissions.add(
        Permission.objects.get(codename="change_service")
    )

    text = browser(around.editor).get(f"{SERVICES}/edit/{around.service.pk}/").text

    assert "hör inte till någon" in text


def test_the_editor_is_told_whom_it_waits_for(around):
    around.submit("service")

    path = f"{SERVICES}/edit/{around.service.pk}/"
    waits = "väntar på dem som godkänner för Skola"

    assert waits in browser(around.editor).get(path).text
    assert waits not in browser(around.approver).get(path).text


def test_what_is_with_its_approvers_is_locked_for_all_others(around):
    around.submit("service")
    path = f"{SERVICES}/edit/{around.service.pk}/"
    data = service_form_data(name="Ändrad", unit=around.schools.pk)

    browser(around.editor).post(path, data)
    assert around.things()["service"].latest_revision.as_object().name == "Ansök nu"

    browser(around.approver).post(path, data)
    assert around.things()["service"].latest_revision.as_object().name == "Ändrad"


def test_one_units_step_is_not_approved_through_another_units_service(around):
    theirs = around.submit("service")
    foreign = make_service("Bygglov", unit=around.building, live=False)
    foreign.save_revision()
    around.task.workflows.get().start(foreign, around.other)
    path = f"{SERVICES}/workflow/action/{foreign.pk}/approve/{theirs.pk}/"

    assert browser(around.other).post(path).status_code == 404
    assert not around.things()["service"].live


def test_one_units_step_is_not_approved_through_another_units_page(around):
    theirs = around.submit("page")
    foreign = make_page(
        around.home, HomePage, slug="bygg", unit=around.building, live=False
    )
    foreign.save_revision()
    around.task.workflows.get().start(foreign, around.other)
    path = f"/admin/pages/workflow/action/{foreign.pk}/approve/{theirs.pk}/"

    assert is_refused(browser(around.other).post(path))
    assert not around.things()["page"].live
    theirs.refresh_from_db()
    assert theirs.status == "in_progress"


def test_a_page_below_a_units_section_is_approved_by_that_unit(around):
    below = make_page(around.page, HomePage, slug="under", live=False)
    Page.objects.get(pk=below.pk).specific.save_revision()

    assert around.task.get_actions(Page.objects.get(pk=below.pk), around.approver)
    assert not around.task.get_actions(below, around.other)


def test_a_lock_of_somebody_who_may_not_approve_is_taken_away(around):
    Service.objects.filter(pk=around.service.pk).update(
        locked=True, locked_by=around.editor
    )

    around.submit("service")

    assert not around.things()["service"].locked


def test_the_dashboard_takes_as_many_queries_for_many_steps_as_for_few(around):
    def queries(count: int) -> int:
        for _ in range(count):
            service = make_service(unit=around.schools, live=False)
            service.save_revision()
            around.task.workflows.get().start(service, around.editor)
        with CaptureQueriesContext(connection) as found:
            states = around.task.get_task_states_user_can_moderate(
                type(around.approver).objects.get(pk=around.approver.pk)
            )
            assert len(states) >= count
        return len(found)

    few = queries(2)

    assert queries(10) == few


def test_the_dashboard_takes_as_many_queries_for_pages_in_many_sections(around):
    GroupUnit.objects.filter(may_approve=True).delete()
    centrals, locals_ = (
        make_group("Centrala"),
        make_group("Bygg", units=[around.building]),
    )
    give_pages(centrals, around.home, "change")
    give_pages(locals_, around.home, "publish")
    stand_in = make_group("Publicerar")
    give_pages(stand_in, around.home, "publish")
    central = make_staff("clara", centrals, locals_, stand_in)
    local = make_staff("lars", centrals, locals_)

    def waiting_for(user: Any) -> tuple[int, int]:
        user = type(user).objects.get(pk=user.pk)
        with CaptureQueriesContext(connection) as found:
            states = around.task.get_task_states_user_can_moderate(user)
            number = len(states)
        return number, len(found)

    def add(count: int) -> None:
        for _ in range(count):
            section = make_page(around.home, HomePage, unit=around.schools)
            page = make_page(section, HomePage, live=False)
            page.save_revision()
            around.task.workflows.get().start(page, around.editor)

    add(3)
    (three, few), (none, few_of_local) = waiting_for(central), waiting_for(local)
    add(6)

    assert (three, none) == (3, 0)
    assert waiting_for(central) == (9, few)
    assert waiting_for(local) == (0, few_of_local)


def test_the_step_is_offered_when_a_task_is_made(admin_client):
    text = admin_client.get("/admin/workflows/tasks/select_type/").text

    assert "medborgare_services/unitapprovaltask" in text
    assert str(UnitApprovalTask.get_description()) in text


@pytest.mark.parametrize("kind", ["service", "page"])
def test_nobody_approves_what_is_to_be_given_to_a_unit_of_others(around, kind):
    thing = around.things()[kind]
    thing.unit = around.building
    thing.save_revision()
    Workflow.objects.get(name="Granskning").start(around.things()[kind], around.editor)
    waiting = around.things()[kind]

    assert not around.task.get_actions(waiting, around.approver)
    assert not around.task.get_actions(waiting, around.other)
    both = make_staff("britta", around.approvers, around.other.groups.get())
    assert around.task.get_actions(waiting, both)
