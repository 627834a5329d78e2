"""The dashboard tells a unit's editors what their week holds."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import make_home, make_service, make_situation, make_unit
from services.reporters import log_in, rows_in, soup_of
from wagtail.models import (
    GroupApprovalTask,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from wagtail_medborgare.services.models import CheckedLink, GroupUnit, Service
from wagtail_medborgare.services.reports.week import UnitWeekPanel

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_home()


@pytest.fixture
def school():
    return make_unit("Skola")


def long_ago(service):
    moment = timezone.now() - datetime.timedelta(days=60)
    Service.objects.filter(pk=service.pk).update(last_published_at=moment)
    return service


def lines_of(client):
    section = soup_of(client, "/admin/").select_one("#medborgare-unit-week-section")
    if section is None:
        return None
    return {link.get_text(): link["href"] for link in section.select("li a")}


def make_a_week(unit, situation):
    """One service for each thing to tell, and one about which there is nothing."""
    today, now = timezone.localdate(), timezone.now()
    day = datetime.timedelta(days=1)
    long_ago(make_service("I ordning", unit=unit, situations=[situation]))
    long_ago(make_service("Utan", unit=unit))
    long_ago(
        make_service(
            "Snart", unit=unit, situations=[situation], review_by=today + 3 * day
        )
    )
    CheckedLink.objects.create(
        url="https://e.example/borta", is_broken=True, checked_at=now
    )
    channels = [{"url": "https://e.example/borta"}, {"url": "https://e.example/"}]
    long_ago(
        make_service("Trasig", unit=unit, situations=[situation], channels=channels)
    )
    ends = make_service(
        "Slutar", unit=unit, situations=[situation], expire_at=now + 2 * day
    )
    long_ago(ends)
    begins = make_service("Börjar", unit=unit, situations=[situation], live=False)
    begins.go_live_at = now + 2 * day
    begins.save_revision().publish()
    make_service("Ny", unit=unit, situations=[situation], last_published_at=now)


def test_each_line_counts_what_its_list_holds(home, school):
    make_a_week(school, make_situation("Få barn"))
    other = make_unit("Gator")
    long_ago(make_service("Andras", unit=other))
    client = log_in("change_service", units=[school])

    lines = lines_of(client)

    assert set(lines) == {
        "1 service to look through",
        "1 service with a broken link",
        "1 service without a situation",
        "1 service is published this week",
        "1 service is taken down this week",
        "1 service changed in the last week",
    }
    for words, url in lines.items():
        assert len(rows_in(client, url)) == int(words.split()[0]), words
    assert "Your unit this week" in client.get("/admin/").text


def test_who_works_for_no_unit_sees_all_of_them(home, school):
    for unit in (school, make_unit("Gator"), None):
        long_ago(make_service(unit=unit))
    client = log_in("change_service")

    lines = lines_of(client)

    assert [*lines] == ["3 services without a situation"]
    assert "All units this week" in client.get("/admin/").text
    assert len(rows_in(client, lines["3 services without a situation"])) == 3


def test_nothing_to_tell_shows_no_panel(home, school):
    long_ago(make_service(unit=school, situations=[make_situation()]))
    client = log_in("change_service", units=[school])

    assert lines_of(client) is None


def test_who_may_not_see_services_is_told_nothing_of_them(home, school):
    make_service(unit=school)
    client = log_in(on_page=home, units=[school])

    assert lines_of(client) is None


def test_what_waits_for_approval_is_counted(home, school):
    client = log_in("change_service", units=[school])
    group = GroupUnit.objects.get().group
    task = GroupApprovalTask.objects.create(name="Godkänn")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Godkännande")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    WorkflowContentType.objects.create(
        workflow=workflow, content_type=ContentType.objects.get_for_model(Service)
    )
    service = long_ago(make_service(unit=school, situations=[make_situation()]))
    service.save_revision()
    workflow.start(service, None)

    lines = lines_of(client)

    assert [*lines] == ["1 waits for your approval"]
    place = lines["1 waits for your approval"]
    assert soup_of(client, "/admin/").select_one(place) is not None


def test_the_panel_takes_six_queries_however_much_there_is(home, school):
    from django.contrib.auth import get_user_model

    make_a_week(school, make_situation("Få barn"))
    log_in("change_service", units=[school])

    def queries():
        request = RequestFactory().get("/admin/")
        request.user = get_user_model().objects.get(username="editor")
        # Wagtail has asked for the permissions before any panel is made.
        request.user.get_all_permissions()
        with CaptureQueriesContext(connection) as captured:
            UnitWeekPanel().get_context_data({"request": request})
        return len(captured)

    queries()
    few = queries()
    for _number in range(20):
        make_service(unit=school)

    assert queries() == few <= 6
