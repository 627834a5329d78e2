"""What becomes sensitive later is forgotten; what is kept is told; nothing is told elsewhere."""

from __future__ import annotations

import sys

import pytest
from conftest import VisitorClient
from django.core.signals import got_request_exception
from django.views.debug import ExceptionReporter
from factories import make_home, make_my_services, make_service, make_situation

from wagtail_medborgare.visitors import checks
from wagtail_medborgare.visitors.cookies import DEVICE

pytestmark = pytest.mark.django_db

MINE = "/mina-tjanster/"


@pytest.fixture(autouse=True)
def _site(db):
    make_my_services(make_home())


def save(client: VisitorClient, service: object) -> object:
    return client.submit("/medborgare/save/", {"kind": "service", "key": service.pk})


@pytest.mark.parametrize("path", [MINE, "/medborgare/choices/"])
def test_who_only_saved_something_is_told_so_and_can_forget_it(visitor, path):
    save(visitor, make_service())

    text = visitor.get(path).text

    assert 'action="/medborgare/forget/"' in text
    assert "inte satt en enda kaka" not in text


def test_a_saved_sensitive_service_brings_the_quick_exit(visitor):
    save(visitor, make_service(is_sensitive=True))

    assert "mb-exit" in visitor.get(MINE).text


def test_a_service_that_becomes_sensitive_through_a_tag_leaves_the_device(visitor):
    service = make_service()
    child, house = make_situation("Få barn"), make_situation("Bygga")
    visitor.choose(child, remember=True)
    save(visitor, service)
    debt = make_situation("Skulder", is_sensitive=True)
    service.life_situations.set([debt])
    service.save()

    kept = visitor.get(MINE).wsgi_request.visitor.saved
    visitor.submit("/medborgare/add/", {"situation": house.slug})
    request = visitor.get(MINE).wsgi_request
    request.COOKIES = {DEVICE.name: request.COOKIES[DEVICE.name]}

    assert kept == ()
    assert DEVICE.read(request.COOKIES).saved == ()


def test_a_situation_flagged_later_can_be_chosen_again_for_an_hour(visitor):
    child = make_situation("Få barn")
    visitor.choose(child, remember=True)
    child.is_sensitive = True
    child.save()

    visitor.choose(child, remember=True)
    request = visitor.get(MINE).wsgi_request

    assert [item.pk for item in request.visitor.situations] == [child.pk]
    assert request.COOKIES[DEVICE.name] == ""


def test_a_kind_that_is_no_longer_there_is_left_alone(visitor):
    from wagtail_medborgare.visitors.choices import Kept
    from wagtail_medborgare.visitors.sensitivity import things_without_newly_sensitive

    kept = (Kept("of-a-room-left-out", "1"), Kept("service", "1", made=5))

    assert things_without_newly_sensitive(kept) == kept


def test_an_error_report_does_not_tell_what_somebody_chose(visitor, monkeypatch):
    violence = make_situation("Utsatt för våld", is_sensitive=True)
    visitor.raise_request_exception = False
    reports: list[str] = []

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the database is gone")

    def report(request: object, **kwargs: object) -> None:
        # What Django mails to the administrators.
        reporter = ExceptionReporter(request, *sys.exc_info(), is_email=True)
        reports.extend([reporter.get_traceback_text(), reporter.get_traceback_html()])

    monkeypatch.setattr("wagtail_medborgare.visitors.views.write_choices", fail)
    got_request_exception.connect(report)
    try:
        response = visitor.choose(violence)
    finally:
        got_request_exception.disconnect(report)

    assert response.status_code == 500
    assert len(reports) == 2
    assert all("the database is gone" in text for text in reports)
    assert not any("utsatt-for-vald" in text for text in reports)


@pytest.mark.parametrize("path", ["forget/", "leave/", "add/"])
def test_nobody_is_sent_back_to_an_address_that_only_takes_posts(visitor, path):
    visitor.at = f"/medborgare/{path}"

    response = visitor.submit("/medborgare/forget/")

    assert response["Location"] == "/"


def test_addresses_behind_wagtails_own_are_told(settings):
    from django.urls import include, path, re_path

    class Shadowed:
        urlpatterns = [
            re_path("", lambda request: None, name="everything"),
            path("medborgare/", include("wagtail_medborgare.urls")),
        ]

    settings.ROOT_URLCONF = Shadowed

    (message,) = checks.check_urls()

    assert (message.id, bool(message.hint)) == ("medborgare_visitors.E005", True)
