"""Marking follows reading: nobody has to remember it, and no cache in between stores it."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import include, path
from django.views.decorators.cache import cache_page
from factories import make_home, make_page, make_situation
from testapp.models import PlainPage
from wagtail.models import Page

from wagtail_medborgare.segments.audiences import Audience
from wagtail_medborgare.visitors.middleware import VisitorMiddleware
from wagtail_medborgare.visitors.visitor import Visitor, get_visitor

pytestmark = pytest.mark.django_db


def personal_home(child: Any) -> Page:
    return make_home(
        body=[
            {
                "type": "notice",
                "value": {
                    "text": "Förskola",
                    "audience": {"mode": "only", "situations": [child.pk]},
                },
            }
        ]
    )


def test_a_page_that_asks_nothing_is_the_same_for_all(visitor, other_visitor):
    make_page(
        make_home(), PlainPage, slug="vanlig", body=[{"type": "text", "value": "Hej"}]
    )
    visitor.choose(make_situation("Få barn"))

    with_choice = visitor.get("/vanlig/")
    without = other_visitor.get("/vanlig/")

    assert with_choice.content == without.content
    assert "Cache-Control" not in with_choice
    assert "Cookie" not in with_choice.get("Vary", "")
    assert not with_choice.cookies


def test_a_page_that_asks_is_for_one_visitor_only(visitor, other_visitor):
    child = make_situation("Få barn")
    personal_home(child)
    visitor.choose(child)

    with_choice, without = visitor.get("/"), other_visitor.get("/")

    assert "Förskola" in with_choice.text
    assert "Förskola" not in without.text
    for response in (with_choice, without):
        assert response["Cache-Control"] == "private, no-store"
        assert "Cookie" in response["Vary"]
        assert not response.cookies


def test_a_question_with_one_answer_for_all_is_no_question(visitor):
    make_home(
        body=[
            {
                "type": "notice",
                "value": {"text": "Hej", "audience": {"mode": "everyone"}},
            }
        ]
    )

    response = visitor.get("/")

    assert "Hej" in response.text
    assert "Cache-Control" not in response


@pytest.mark.parametrize(
    "question",
    [
        lambda visitor: visitor.situations,
        lambda visitor: visitor.saved,
        lambda visitor: visitor.dismissed,
        lambda visitor: visitor.is_remembered,
        lambda visitor: visitor.matches(Audience.only(1)),
        lambda visitor: visitor.why(Audience.only(1)),
    ],
)
def test_every_question_marks_the_response(question):
    def view(request: Any) -> HttpResponse:
        question(request.visitor)
        return HttpResponse(
            "x", headers={"Cache-Control": "public, max-age=60", "Expires": "x"}
        )

    response = VisitorMiddleware(view)(RequestFactory().get("/"))

    assert response["Cache-Control"] == "private, no-store"
    assert response["Vary"] == "Cookie"
    assert "Expires" not in response


def test_no_question_leaves_the_response_alone():
    def view(request: Any) -> HttpResponse:
        request.visitor.matches(Audience())
        request.visitor.why(Audience())
        return HttpResponse("x", headers={"Cache-Control": "public, max-age=60"})

    response = VisitorMiddleware(view)(RequestFactory().get("/"))

    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.has_header("Vary")


def test_the_note_tells_what_was_asked():
    visitor = Visitor()
    audience = Audience.only(1)

    before = bool(visitor.reads)
    visitor.matches(audience)
    visitor.matches(audience)

    assert not before
    assert visitor.reads.audiences == {audience: False}
    assert not visitor.reads.all_situations
    assert not visitor.reads.personal


def test_without_a_middleware_the_visitor_has_chosen_nothing():
    assert get_visitor(RequestFactory().get("/")).situations == ()
    assert get_visitor(None).situations == ()


class _CachedSite:
    """The site with Django's ``cache_page`` around every page."""

    urlpatterns = [
        path("medborgare/", include("wagtail_medborgare.urls")),
        path("", cache_page(60)(lambda request, path="": _serve(request, path))),
        path(
            "<path:path>",
            cache_page(60)(lambda request, path="": _serve(request, path)),
        ),
    ]


def _serve(request: Any, path: str) -> Any:
    from wagtail.views import serve

    return serve(request, path)


CACHE = "django.middleware.cache."


@pytest.mark.parametrize("stack", ["cache_page", "cache middleware"])
def test_a_cache_of_the_site_never_serves_one_visitors_page_to_another(
    visitor, other_visitor, settings, stack
):
    child = make_situation("Få barn")
    personal_home(child)
    visitor.choose(child)
    if stack == "cache_page":
        settings.ROOT_URLCONF = _CachedSite
    else:
        settings.MIDDLEWARE = [
            f"{CACHE}UpdateCacheMiddleware",
            *settings.MIDDLEWARE,
            f"{CACHE}FetchFromCacheMiddleware",
        ]

    first, second = visitor.get("/"), other_visitor.get("/")
    again = visitor.get("/")

    assert "Förskola" in first.text
    assert "Förskola" not in second.text
    assert "Förskola" in again.text


@pytest.mark.parametrize("stack", ["cache_page", "cache middleware"])
def test_a_cache_of_the_site_still_stores_what_asks_nothing(
    visitor, settings, stack, django_assert_num_queries
):
    make_page(make_home(), PlainPage, slug="vanlig")
    if stack == "cache_page":
        settings.ROOT_URLCONF = _CachedSite
    else:
        settings.MIDDLEWARE = [
            f"{CACHE}UpdateCacheMiddleware",
            *settings.MIDDLEWARE,
            f"{CACHE}FetchFromCacheMiddleware",
        ]
    visitor.get("/vanlig/")

    with django_assert_num_queries(0):
        visitor.get("/vanlig/")


def test_a_view_that_answers_without_a_template_is_marked_too(visitor, settings):
    from wagtail import hooks

    make_home()

    def serve_plainly(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> HttpResponse:
            return HttpResponse(str(len(request.visitor.situations)))

        return inner

    with hooks.register_temporarily("on_serve_page", serve_plainly, order=10):
        response = visitor.get("/")

    assert response["Cache-Control"] == "private, no-store"
