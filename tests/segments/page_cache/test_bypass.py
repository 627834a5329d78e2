"""What the page cache does not touch, and what it never stores."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import VisitorClient
from django.contrib.auth.models import Group
from django.http import HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from factories import (
    make_editor,
    make_home,
    make_notice,
    make_page,
    make_situation,
)
from testapp.models import PlainPage
from wagtail import hooks
from wagtail.models import PageViewRestriction, Site

from wagtail_medborgare.segments.page_cache.watching import Watch

pytestmark = pytest.mark.django_db

TEXT = [{"type": "text", "value": "Hej"}]


@pytest.fixture
def home() -> Any:
    return make_home(body=TEXT)


def serving(make: Any) -> Any:
    """Answer for every page with what this view returns."""

    def around(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
            return make(request, lambda: serve(page, request, args, kwargs))

        return inner

    return hooks.register_temporarily("on_serve_page", around, order=3000)


def test_a_session_goes_past_the_cache(home, visitor, renderings):
    visitor.get("/")
    visitor.force_login(make_editor())

    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_what_an_editor_sees_is_not_shown_to_others(visitor, other_visitor, home):
    def greet(request: Any, serve: Any) -> HttpResponse:
        return HttpResponse(f"Hello {request.user}")

    visitor.force_login(make_editor("maja"))
    with serving(greet):
        assert visitor.get("/").text == "Hello maja"
        assert other_visitor.get("/").text == "Hello AnonymousUser"
        assert visitor.get("/").text == "Hello maja"


def test_a_page_that_asks_who_is_logged_in_is_kept_for_those_who_are_not(
    visitor, home, renderings
):
    def greet(request: Any, serve: Any) -> Any:
        assert not request.user.is_authenticated
        return serve()

    with serving(greet):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    "extra",
    [
        {"HTTP_AUTHORIZATION": "Basic bWFqYTpobQ=="},
        {"REMOTE_USER": "maja"},
    ],
)
def test_whoever_may_be_somebody_goes_past_the_cache(home, visitor, renderings, extra):
    visitor.get("/")

    assert [renderings.of(visitor, "/", **extra) for _ in range(2)] == [1, 1]


def test_waiting_messages_go_past_the_cache(home, visitor, renderings):
    visitor.get("/")
    visitor.cookies["messages"] = "x"

    assert renderings.of(visitor, "/") == 1


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods_go_past_the_cache(home, visitor, method, renderings):
    visitor.get("/")
    before = len(renderings)

    response = getattr(visitor, method)("/", secure=True)

    assert response.status_code in {200, 403, 405}
    assert len(renderings) == before + (response.status_code == 200)


def test_a_head_request_is_answered_from_what_a_get_has_stored(
    home, visitor, renderings
):
    first = visitor.get("/")

    response = visitor.head("/", secure=True)

    assert len(renderings) == 1
    assert response.content == b""
    assert response["Content-Length"] == first["Content-Length"]


def test_a_head_request_stores_nothing(home, visitor, renderings):
    visitor.head("/", secure=True)

    assert renderings.of(visitor, "/") == 1


@pytest.mark.parametrize(
    ("path", "costs"),
    [
        ("/?utm_source=mail", 0),
        ("/?fbclid=abc&gclid=1", 0),
        ("/?p=2", 1),
        ("/?q=skilsm%C3%A4ssa", 2),
        ("/?p=2&q=x", 2),
        ("/?p=" + "9" * 300, 2),
        ("/?utm_source=" + "9" * 5000, 2),
        ("/?p=1&p=2", 1),
        ("/?", 0),
        ("/?&&", 1),
    ],
)
def test_a_query_makes_another_page_or_none(home, visitor, path, costs, renderings):
    visitor.get("/")

    assert sum(renderings.of(visitor, path) for _ in range(2)) == costs


def test_what_only_tracks_reaches_no_template(home, visitor):
    seen = []

    def look(request: Any, serve: Any) -> Any:
        seen.append((request.GET.urlencode(), request.get_full_path()))
        return serve()

    with serving(look):
        visitor.get("/?utm_source=mail&p=2&gclid=x")
        visitor.get("/?q=x&utm_source=mail")

    assert seen == [("p=2", "/?p=2"), ("q=x", "/?q=x")]


def test_a_page_with_a_token_is_not_stored_for_anybody(home, visitor, other_visitor):
    def form(request: Any, serve: Any) -> Any:
        from django.middleware.csrf import get_token

        return HttpResponse(get_token(request))

    with serving(form):
        first = visitor.get("/").text
        # This visitor has the cookie already: no header tells of the token.
        again = visitor.get("/").text
        other = other_visitor.get("/").text

    assert len({first, again, other}) == 3


def test_a_page_that_sets_a_cookie_is_not_stored(home, visitor, renderings):
    def set_cookie(request: Any, serve: Any) -> Any:
        response = serve()
        response.set_cookie("theme", "dark")
        return response

    with serving(set_cookie):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(
    "ask",
    [
        lambda cookies: cookies.get("theme"),
        lambda cookies: "theme" in cookies,
        lambda cookies: dict(cookies.items()).get("theme"),
        lambda cookies: cookies.copy().get("theme"),
        lambda cookies: list(cookies.values()),
        lambda cookies: list(cookies.keys()),
        lambda cookies: list(cookies),
        len,
    ],
)
def test_a_page_that_asks_an_unknown_cookie_is_not_stored(
    home, visitor, ask, renderings
):
    def themed(request: Any, serve: Any) -> Any:
        return HttpResponse(str(ask(request.COOKIES)))

    with serving(themed):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(
    "ask",
    [
        lambda request: request.META.get("HTTP_USER_AGENT"),
        lambda request: request.META["REMOTE_ADDR"],
        lambda request: "HTTP_DNT" in request.META,
        lambda request: request.META.get("CSRF_COOKIE"),
        lambda request: request.headers.get("User-Agent"),
        lambda request: "dnt" in request.headers,
        lambda request: dict(request.headers),
        lambda request: list(request.META.items()),
        lambda request: list(request.META.values()),
        lambda request: request.META.copy(),
        lambda request: repr(request.META),
        lambda request: repr(request.headers),
        lambda request: request.META["HTTP_COOKIE"],
        lambda request: request.META.get("HTTP_ACCEPT_LANGUAGE"),
        lambda request: request.META.get("HTTP_X_FORWARDED_HOST"),
        lambda request: request.COOKIES.get("csrftoken"),
        lambda request: request.COOKIES.get("django_language"),
    ],
)
def test_a_page_that_asks_who_sent_the_request_is_not_stored(
    home, visitor, ask, renderings
):
    visitor.cookies["a"] = "b"

    def asked(request: Any, serve: Any) -> Any:
        ask(request)
        return serve()

    with serving(asked):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_a_page_outside_every_site_is_watched_as_well(home):
    request = RequestFactory().get("/")
    Site.objects.all().delete()
    watch = Watch()

    watch.begin(request, home)

    assert request.headers.get("Host", "") == ""
    assert f"row:testapp_homepage:{home.pk}" in watch.sources.versions


def test_headers_that_make_the_address_may_be_asked(
    home, visitor, renderings, settings
):
    settings.USE_X_FORWARDED_HOST = settings.USE_X_FORWARDED_PORT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def asked(request: Any, serve: Any) -> Any:
        assert request.build_absolute_uri() == "https://first.test/"
        assert request.get_port() == "8443"
        return serve()

    headers = {
        "X-Forwarded-Host": "first.test",
        "X-Forwarded-Port": "8443",
        "X-Forwarded-Proto": "https",
    }
    with serving(asked):
        assert [renderings.of(visitor, "/", headers=headers) for _ in range(2)] == [
            1,
            0,
        ]


def test_a_page_fetched_by_script_is_another_page(home, visitor, renderings):
    script = {"X-Requested-With": "XMLHttpRequest"}

    costs = [
        renderings.of(visitor, "/", headers=headers) for headers in ({}, script) * 2
    ]

    assert costs == [1, 1, 0, 0]


def test_a_cookie_of_the_site_may_be_named_and_is_then_part_of_the_key(
    home, visitor, other_visitor, renderings, settings
):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_COOKIES = ("theme",)
    visitor.cookies["theme"] = "dark"

    def themed(request: Any, serve: Any) -> Any:
        return HttpResponse(request.COOKIES.get("theme", "light"))

    with serving(themed):
        texts = [item.get("/").text for item in (visitor, other_visitor) * 2]

    assert texts == ["dark", "light"] * 2
    assert len(renderings) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": "private"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "No-Cache"},
        {"Cache-Control": "max-age=0"},
        {"Vary": "*"},
        {"Vary": "Cookie"},
        {"Set-Cookie": "a=b"},
        {"Content-Security-Policy": "script-src 'nonce-abc'"},
    ],
)
def test_the_site_can_say_that_a_page_is_not_to_be_stored(
    home, visitor, headers, renderings
):
    def view(request: Any, serve: Any) -> Any:
        return HttpResponse("x", headers=headers)

    with serving(view):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_it_can_say_so_for_a_personal_page_too(visitor, renderings):
    child = make_situation()
    make_home(body=[make_notice("Förskola", child)])

    def view(request: Any, serve: Any) -> Any:
        response = serve()
        response["Cache-Control"] = "no-cache"
        return response

    with serving(view):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_a_used_nonce_is_never_used_again(home, visitor, renderings):
    def view(request: Any, serve: Any) -> Any:
        request._csp_nonce = "abc"
        return serve()

    with serving(view):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("status", [301, 404, 410, 500])
def test_only_what_went_well_is_stored(home, visitor, status, renderings):
    def view(request: Any, serve: Any) -> Any:
        return HttpResponse("x", status=status)

    with serving(view):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_an_error_is_not_stored_and_harms_nobody_after_it(home, renderings):
    visitor = VisitorClient(raise_request_exception=False)

    def fail(request: Any, serve: Any) -> Any:
        raise RuntimeError

    with serving(fail):
        assert visitor.get("/").status_code == 500

    assert visitor.get("/").status_code == 200


def test_a_stream_is_not_stored(home, visitor, renderings):
    def view(request: Any, serve: Any) -> Any:
        return StreamingHttpResponse(iter(["a", "b"]))

    with serving(view):
        assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_what_a_stream_asks_too_late_is_answered_as_if_nobody_had_chosen(home, visitor):
    visitor.choose(make_situation("Barn"))

    def view(request: Any, serve: Any) -> Any:
        return StreamingHttpResponse(
            ",".join(map(str, request.visitor.situations)) + "." for _ in range(1)
        )

    with serving(view):
        response = visitor.get("/")
        text = response.getvalue().decode()

    assert text == "."
    assert "Cache-Control" not in response


def test_what_a_stream_asks_in_time_is_answered_and_marked(home, visitor):
    visitor.choose(make_situation("Barn"))

    def view(request: Any, serve: Any) -> Any:
        names = [str(item) for item in request.visitor.situations]
        return StreamingHttpResponse(
            iter([*names, *map(str, request.visitor.situations)])
        )

    with serving(view):
        response = visitor.get("/")

    assert response.getvalue().decode() == "BarnBarn"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", ["password", "login", "groups"])
def test_a_page_behind_a_restriction_is_not_stored(home, visitor, kind, renderings):
    restriction = PageViewRestriction.objects.create(
        page=home, restriction_type=kind, password="hemligt"
    )
    if kind == "groups":
        restriction.groups.add(Group.objects.first())

    answers = [visitor.get("/") for _ in range(2)]

    assert len(renderings) == 2
    assert all("Hej" not in answer.text for answer in answers)


def test_what_a_password_opens_is_not_stored(home, visitor, other_visitor):
    restriction = PageViewRestriction.objects.create(
        page=home, restriction_type="password", password="hemligt"
    )
    session = visitor.session
    session["passed_page_view_restrictions"] = [restriction.pk]
    session.save()

    assert "Hej" in visitor.get("/").text
    assert "Hej" not in other_visitor.get("/").text


def test_a_preview_is_neither_stored_nor_served_from_the_cache(home, renderings):
    from django.test import RequestFactory

    request = RequestFactory().get("/", secure=True)
    VisitorClient().get("/")
    draft = home.get_latest_revision_as_object() if home.latest_revision else home
    draft.body = [("text", "Utkast")]

    response = draft.make_preview_request(request, preview_mode="")

    assert "Utkast" in response.text
    assert "Utkast" not in VisitorClient().get("/").text


def test_views_that_are_no_pages_are_not_stored(home, visitor):
    first = visitor.get("/medborgare/choices/")
    make_situation("Ny")

    assert visitor.get("/medborgare/choices/").content != first.content


def test_a_request_for_an_unknown_host_is_left_to_django(home, visitor, settings):
    settings.ALLOWED_HOSTS = ["testserver"]

    assert visitor.get("/", headers={"Host": "evil.test"}).status_code == 400


def test_a_very_long_path_is_left_to_wagtail(home, visitor):
    assert visitor.get("/" + "x" * 2000 + "/").status_code == 404


def test_it_can_be_switched_off(home, visitor, renderings, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 0

    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 1]


def test_a_site_without_the_language_middleware_has_one_language(
    home, visitor, renderings, settings
):
    settings.MIDDLEWARE = [
        item for item in settings.MIDDLEWARE if "LocaleMiddleware" not in item
    ]

    visitor.get("/", headers={"Accept-Language": "sv"})

    assert renderings.of(visitor, "/", headers={"Accept-Language": "en"}) == 0


def test_what_a_page_varies_by_makes_another_body(home, visitor, renderings):
    def view(request: Any, serve: Any) -> Any:
        kind = request.headers.get("Accept", "")
        return HttpResponse(f"as {kind}", headers={"Vary": "Accept"})

    with serving(view):
        texts = [
            visitor.get("/", headers={"Accept": kind}).text
            for kind in ("text/html", "text/markdown") * 2
        ]

    assert texts == ["as text/html", "as text/markdown"] * 2
    assert len(renderings) == 2


def test_a_validator_of_the_site_is_answered_from_the_cache(home, visitor, renderings):
    def view(request: Any, serve: Any) -> Any:
        return HttpResponse("x", headers={"ETag": '"v1"', "Cache-Control": "max-age=9"})

    with serving(view):
        visitor.get("/")
        fresh = visitor.get("/")
        same = visitor.get("/", headers={"If-None-Match": '"v1"'})
        other = visitor.get("/", headers={"If-None-Match": '"v2"'})

    assert fresh["Age"] == "0"
    assert (same.status_code, same.content) == (304, b"")
    assert other.content == b"x"
    assert len(renderings) == 1


def test_a_personal_page_has_no_validator(visitor):
    child = make_situation()
    make_home(body=[make_notice("Förskola", child)])

    def view(request: Any, serve: Any) -> Any:
        response = serve()
        response["ETag"] = '"v1"'
        response["Last-Modified"] = "Sun, 22 Nov 2026 10:00:00 GMT"
        return response

    with serving(view):
        answers = [visitor.get("/") for _ in range(2)]

    assert all(
        not answer.has_header(name)
        for answer in answers
        for name in ("ETag", "Last-Modified")
    )


def test_a_template_response_is_stored_as_it_was_rendered(home, visitor, renderings):
    def view(request: Any, serve: Any) -> Any:
        return TemplateResponse(
            request, "testapp/notice_block.html", {"value": {"text": "Renderad"}}
        )

    with serving(view):
        texts = [visitor.get("/").text for _ in range(2)]

    assert texts[0] == texts[1]
    assert len(renderings) == 1


def test_a_page_that_knows_nothing_of_us_is_kept_as_well(home, visitor, renderings):
    make_page(home, PlainPage, slug="vanlig", body=TEXT)

    assert [renderings.of(visitor, "/vanlig/") for _ in range(2)] == [1, 0]
