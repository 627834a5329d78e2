"""Twice the text costs twice the time, up to a megabyte (T13)."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.translation import get_language_from_request

from wagtail_medborgare.core.encryption import InvalidBox, unseal
from wagtail_medborgare.core.http import InvalidJson
from wagtail_medborgare.core.http.strict_json import parse_text
from wagtail_medborgare.services.catalogue import clean_query
from wagtail_medborgare.services.importers.base import InvalidFeed
from wagtail_medborgare.services.importers.decoding import decode, load_json
from wagtail_medborgare.services.importers.html import plain_text
from wagtail_medborgare.services.importers.links import mend_link, without_invisible
from wagtail_medborgare.services.things import sensitivity
from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.visitors.actions import add_situations
from wagtail_medborgare.visitors.back import path_back
from wagtail_medborgare.visitors.choices import ChoiceFull, Choices, from_bytes
from wagtail_medborgare.visitors.cookies import read_choices
from wagtail_medborgare.visitors.guards import is_same_origin

pytestmark = pytest.mark.django_db

MEGABYTE = 1_000_000
MOST = 2.5
# Below this a clock measures the machine, not the function.
FLOOR = 0.02
REFUSALS = (InvalidBox, InvalidFeed, InvalidJson, ChoiceFull, ValueError)


def request_with(**environ: str) -> HttpRequest:
    return RequestFactory().get("/", secure=True, **environ)


def referred(text: str) -> str:
    return path_back(request_with(HTTP_REFERER=f"https://testserver/{text}"))


def with_cookie(text: str) -> Any:
    request = request_with()
    request.COOKIES["__Host-mb-visit"] = text
    return read_choices(request.COOKIES)


def with_choice(text: str) -> Any:
    return from_bytes(zlib.compress(text.encode("utf-8", "replace"), wbits=-15))


def in_json(text: str) -> Any:
    return parse_text(json.dumps([text] * 3))


def chosen_by_slugs(text: str) -> Any:
    situations.get()
    return add_situations(Choices(), text.split("/"))


# ``clean_html`` has a test of its own, with its own kinds of markup.
FUNCTIONS: dict[str, Callable[[str], Any]] = {
    "clean_query": clean_query,
    "unseal": lambda text: unseal(text, purpose="test"),
    "read_choices": with_cookie,
    "from_bytes": with_choice,
    "from_bytes, raw": lambda text: from_bytes(text.encode("utf-8", "replace")),
    "path_back": referred,
    "path_back, whole": lambda text: path_back(request_with(HTTP_REFERER=text)),
    "is_same_origin": lambda text: is_same_origin(request_with(HTTP_ORIGIN=text)),
    "Accept-Language": lambda text: get_language_from_request(
        request_with(HTTP_ACCEPT_LANGUAGE=text)
    ),
    "add_situations": chosen_by_slugs,
    "sensitivity": lambda text: sensitivity([text[:16], "x" + text]),
    "plain_text": lambda text: plain_text(text, longest=300),
    "mend_link": lambda text: mend_link(text, base_url="https://e.example.se/"),
    "without_invisible": without_invisible,
    "decode": lambda text: decode(text.encode("utf-8", "replace")),
    "decode, Latin-1": lambda text: decode(text.encode("latin-1", "replace") + b"\xe5"),
    "load_json": load_json,
    "parse_text": in_json,
}
PIECES = [
    "a", "a ", "/", "a/", "%2f", "%25", "-", "sv,", "sv;q=0.5,", "\\", '"', "<", "&", "&amp;",
    "?q=", "??A", "http://", "https:", "@", ".", "a@", "a.", "[", "{", '{"a":', "9", "\u200d",
    " ", "\n", "\x00", "å", "=", "AQ", "\U0001f600",
]  # fmt: skip


def seconds(function: Callable[[str], Any], text: str) -> float:
    started = time.process_time()
    try:
        function(text)
    except REFUSALS:
        pass
    return time.process_time() - started


def is_linear(function: Callable[[str], Any], piece: str) -> bool:
    """Compare a quarter, half and a whole megabyte: the best of several, for noise."""
    whole = piece * (MEGABYTE // len(piece))
    texts = (whole[: len(whole) // 4], whole[: len(whole) // 2], whole)
    if seconds(function, whole) < FLOOR:
        return True
    best = [float("inf")] * 3
    for _ in range(6):
        best = [
            min(known, seconds(function, text))
            for known, text in zip(best, texts, strict=True)
        ]
        quarter, half, all_of_it = best
        if all_of_it <= max(MOST * half, MOST * MOST * quarter, FLOOR):
            return True
    return False


@pytest.mark.parametrize("name", FUNCTIONS)
def test_twice_the_text_costs_twice_the_time(name):
    assert [item for item in PIECES if not is_linear(FUNCTIONS[name], item)] == []


def test_the_measure_finds_what_is_not_linear():
    def quadratic(text: str) -> None:
        for _ in range((len(text) // 2500) ** 2):
            pass
        sum(index for index in range((len(text) // 400) ** 2))

    assert not is_linear(quadratic, "a")
