"""Personalisation costs no query: not for pages that are not personal, nor for those that are."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_home, make_page, make_situation
from testapp.models import PlainPage
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import QueryRule

pytestmark = pytest.mark.django_db

OUR_MIDDLEWARE = "wagtail_medborgare.visitors.middleware.VisitorMiddleware"


def queries_of(visitor: Any, path: str) -> int:
    visitor.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(path).status_code == 200
    return len(queries)


def queries_without_us(visitor: Any, settings: Any, path: str) -> int:
    with_us = settings.MIDDLEWARE
    settings.MIDDLEWARE = [item for item in with_us if item != OUR_MIDDLEWARE]
    try:
        return queries_of(visitor, path)
    finally:
        settings.MIDDLEWARE = with_us


def test_a_plain_page_costs_not_one_query_more(visitor, settings):
    make_page(
        make_home(), PlainPage, slug="vanlig", body=[{"type": "text", "value": "x"}]
    )
    visitor.choose(make_situation())

    assert queries_of(visitor, "/vanlig/") == queries_without_us(
        visitor, settings, "/vanlig/"
    )


def ten_blocks(audiences: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"type": "notice", "value": {"text": f"Block {number}", "audience": audience}}
        for number, audience in enumerate(audiences)
    ]


def test_ten_personalised_blocks_cost_not_one_query_more(visitor):
    situations = [make_situation(f"S{number}") for number in range(40)]
    segments = [Segment.objects.create(name=f"G{number}") for number in range(160)]
    for segment in segments:
        QueryRule.objects.create(segment=segment, parameter="a", value="b")
    personal = [
        {
            "mode": "except" if number % 2 else "only",
            "situations": [situations[number].pk, situations[number + 9].pk],
            "segments": [segments[number].pk],
        }
        for number in range(10)
    ]
    home = make_home(body=ten_blocks(personal))
    visitor.choose(situations[0], situations[4])

    with_audiences = queries_of(visitor, "/")
    home.body = home.body.stream_block.to_python(
        ten_blocks([{"mode": "everyone"}] * 10)
    )
    home.save()
    for_everyone = queries_of(visitor, "/")

    assert Segment.objects.count() == 200
    assert with_audiences == for_everyone
