"""Nothing that a visitor chose, saved or searched for is told in a log or a report (T19)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from conftest import VisitorClient
from django.http import HttpResponse
from django.template import Context, Template
from django.test import override_settings
from django.urls import include, path
from django.utils.log import AdminEmailHandler
from django.views.debug import (
    SafeExceptionReporterFilter,
    get_default_exception_reporter_filter,
)
from factories import make_service, make_situation
from security.world import World
from wagtail import hooks

from wagtail_medborgare.visitors.error_reports import PrivateReporterFilter

pytestmark = pytest.mark.django_db

WORDS = "kanariesok"
SITUATION, SLUG = "Kanariesituation", "kanarieslug"
SERVICE, SERVICE_SLUG = "Kanarietjänst", "kanarietjanst"


class Everything(logging.Handler):
    """Write down all that is logged, with its arguments and its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.args!r}")


@pytest.fixture
def logged() -> Iterator[Everything]:
    handler = Everything()
    known = [
        logging.getLogger(name)
        for name in ("", *logging.Logger.manager.loggerDict)
    ]  # fmt: skip
    before = [
        (logger, logger.level, logger.disabled, logger.propagate) for logger in known
    ]
    for logger in known:
        logger.setLevel(logging.DEBUG)
        logger.disabled, logger.propagate = False, True
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for logger, level, disabled, propagate in before:
        logger.setLevel(level)
        logger.disabled, logger.propagate = disabled, propagate


class Mailbox(AdminEmailHandler):
    """Keep what Django would mail to the administrators, with all that it can tell."""

    def __init__(self) -> None:
        super().__init__(include_html=True)
        self.mails: list[str] = []

    def send_mail(self, subject: str, message: str, *args: Any, **kwargs: Any) -> None:
        self.mails += [subject, message, kwargs["html_message"]]

    @property
    def text(self) -> str:
        return "\n".join(self.mails)


@pytest.fixture
def mailed() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    for name in ("django.request", "django.security"):
        logging.getLogger(name).addHandler(mailbox)
    yield mailbox
    for name in ("django.request", "django.security"):
        logging.getLogger(name).removeHandler(mailbox)


@pytest.fixture
def canary(world: World) -> tuple[VisitorClient, list[str]]:
    """Return somebody who chose, saved and searched, and what must not be told of it."""
    situation = make_situation(SITUATION, slug=SLUG, is_sensitive=True)
    service = make_service(SERVICE, slug=SERVICE_SLUG, situations=[situation])
    client = VisitorClient(raise_request_exception=False)
    client.choose(world.child, remember=True)
    client.submit("/medborgare/add/", {"situation": situation.slug})
    client.submit("/medborgare/save/", {"kind": "service", "key": service.pk})
    cookies = [morsel.value for morsel in client.cookies.values() if morsel.value]
    assert len(cookies) == 2
    return client, [WORDS, SITUATION, SLUG, SERVICE, SERVICE_SLUG, *cookies]


def told(canaries: list[str], text: str) -> list[str]:
    return [item[:20] for item in canaries if item in text]


def whole_visit(client: VisitorClient, canaries: list[str]) -> list[Any]:
    service_key = client.get("/mina-tjanster/").wsgi_request.visitor.saved[0].key
    thing = {"kind": "service", "key": service_key}
    answers = [
        client.get(address)
        for address in (
            "/", "/mina-tjanster/", f"/mina-tjanster/?q={WORDS}", f"/tjanster/?q={WORDS}",
            "/medborgare/choices/", "/medborgare/my-dates.ics", "/finns-inte/?q=" + WORDS,
        )
    ]  # fmt: skip
    client.at = "/mina-tjanster/"
    for name, data in (
        ("add", {"situation": SLUG}),
        ("choose", {"situation": [SLUG, "fa-barn"], "remember": "1"}),
        ("save", thing),
        ("dismiss", thing),
        ("restore", thing),
        ("save", {"kind": WORDS, "key": WORDS}),
        ("unsave", thing),
        ("remove", {"situation": SLUG}),
        ("leave", {}),
    ):
        answers.append(client.submit(f"/medborgare/{name}/", data))
        refused = client.submit(
            f"/medborgare/{name}/", data, headers={"Sec-Fetch-Site": "cross-site"}
        )
        answers.append(refused)
    return answers


def test_no_logger_tells_what_somebody_chose_saved_or_searched_for(canary, logged):
    client, canaries = canary

    answers = whole_visit(client, canaries)

    assert len(logged.lines) > 5
    assert {answer.status_code for answer in answers} == {200, 303, 403, 404}
    assert [line for line in logged.lines if told(canaries, line)] == []


def test_no_answer_puts_the_choice_in_an_address_or_a_title(canary):
    client, canaries = canary

    for answer in whole_visit(client, canaries):
        titles = " ".join(re.findall(r"<title>(.*?)</title>", answer.text, re.DOTALL))
        links = " ".join(re.findall(r'(?:href|action|src)="([^"]*)"', answer.text))
        # Its own page is public and has an address; to be led there is no choice.
        links = links.replace(f"/tjanster/{SERVICE_SLUG}/", "")

        assert told(canaries[1:], answer.get("Location", "")) == []
        assert told(canaries[1:], f"{titles} {links}") == []


class _Broken:
    """The site with a start page that fails after it has asked everything."""

    @staticmethod
    def fail(request: Any) -> HttpResponse:
        visitor = request.visitor
        situations, saved = visitor.situations, visitor.saved
        words = request.GET.get("q", "")
        raise RuntimeError(f"broken with {len(situations) + len(saved) + len(words)}")

    @staticmethod
    def fail_at_once(request: Any) -> HttpResponse:
        raise RuntimeError("broken at once")

    urlpatterns = [
        path("medborgare/", include("wagtail_medborgare.urls")),
        path("broken/", fail),
        path("broken-at-once/", fail_at_once),
    ]


def test_the_mail_about_a_failed_page_tells_nothing(canary, mailed, logged):
    client, canaries = canary
    with override_settings(ROOT_URLCONF=_Broken):
        response = client.get(
            f"/broken/?q={WORDS}&p=2", headers={"Referer": f"https://testserver/?q={WORDS}"}
        )  # fmt: skip

    assert response.status_code == 500
    assert "broken with" in mailed.text
    assert "p=2" in mailed.text, "what is not private is told"
    assert told(canaries, mailed.text) == []
    assert told(canaries, "\n".join(logged.lines)) == []


def test_the_mail_about_a_block_that_fails_tells_nothing(canary, mailed):
    client, canaries = canary

    def fail_late(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
            response = serve(page, request, args, kwargs).render()
            raise RuntimeError(f"broken after {response.status_code}")

        return inner

    with hooks.register_temporarily("on_serve_page", fail_late):
        response = client.get(f"/mina-tjanster/?q={WORDS}")

    assert response.status_code == 500
    assert "broken after 200" in mailed.text
    assert told(canaries, mailed.text) == []


@pytest.mark.parametrize(
    "name", ["choose", "add", "remove", "save", "unsave", "dismiss"]
)
def test_the_mail_about_a_failed_choice_tells_nothing(canary, mailed, settings, name):
    client, canaries = canary
    client.at = f"/mina-tjanster/?q={WORDS}"
    # A setting that no check has seen makes the choice itself fail.
    settings.WAGTAIL_MEDBORGARE_SENSITIVE_CHOICE_MINUTES = "sixty"

    response = client.submit(
        f"/medborgare/{name}/",
        {"situation": SLUG, "kind": "service", "key": make_service().pk},
    )

    assert response.status_code == 500
    assert "TypeError" in mailed.text
    assert told(canaries, mailed.text) == []


def test_the_mail_about_a_refused_request_tells_nothing_with_the_setting(
    canary, mailed, settings
):
    client, canaries = canary
    settings.ALLOWED_HOSTS = ["testserver"]
    path_of_filter = "wagtail_medborgare.visitors.error_reports.PrivateReporterFilter"
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = path_of_filter

    with fresh_default_filter():
        response = client.get("/", HTTP_HOST="other.example")

    assert response.status_code == 400
    assert "DisallowedHost" in mailed.text
    assert told(canaries, mailed.text) == []


@contextmanager
def fresh_default_filter() -> Iterator[None]:
    """Django reads that setting once."""
    get_default_exception_reporter_filter.cache_clear()
    yield
    get_default_exception_reporter_filter.cache_clear()


class SiteFilter(SafeExceptionReporterFilter):
    """A filter of the site's own, which keeps its say."""

    hidden_settings = re.compile("SITE_NAME")


def test_more_fields_than_django_reads_are_not_told_either(canary, mailed, settings):
    client, canaries = canary
    settings.ROOT_URLCONF = _Broken

    client.get("/broken-at-once/?" + f"q={WORDS}&" * 1001)

    assert "broken at once" in mailed.text
    assert told(canaries, mailed.text) == []


def test_a_developer_sees_what_was_searched_for(settings):
    settings.DEBUG, settings.ROOT_URLCONF = True, _Broken

    page = VisitorClient(raise_request_exception=False).get(f"/broken/?q={WORDS}")

    assert WORDS in page.text


def test_a_developer_is_told_all_about_a_missing_variable(logged, settings):
    template = Template("{{ missing }}")
    template.render(Context({"around": "what-a-developer-needs"}))
    before = "what-a-developer-needs" in "".join(logged.lines)
    settings.DEBUG = True

    template.render(Context({"around": "what-a-developer-needs"}))

    assert not before
    assert "what-a-developer-needs" in "".join(logged.lines)
    assert len([line for line in logged.lines if "variable 'missing'" in line]) == 2


@pytest.mark.parametrize(
    "site_filter",
    [
        f"{__name__}.SiteFilter",
        f"{PrivateReporterFilter.__module__}.PrivateReporterFilter",
    ],
)
def test_a_filter_of_the_site_keeps_its_say(canary, mailed, settings, site_filter):
    client, canaries = canary
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = site_filter
    settings.ROOT_URLCONF = _Broken

    with fresh_default_filter():
        client.get("/broken/")

    assert ("Testkommun" in mailed.text) is ("SiteFilter" not in site_filter)
    assert told(canaries, mailed.text) == []


def test_what_fails_without_a_visitor_is_told_in_full(mailed, settings):
    # The variables of code that has read nobody are what a developer needs.
    def fail(request: Any) -> HttpResponse:
        helpful = "what-a-developer-needs"
        raise RuntimeError(len(helpful))

    class Site:
        urlpatterns = [path("broken/", fail)]

    settings.ROOT_URLCONF = Site
    VisitorClient(raise_request_exception=False).get("/broken/?page=what-was-asked")

    assert "what-a-developer-needs" in mailed.text
    assert "what-was-asked" in mailed.text
