"""The tests of injection can fail: what is planted is found, also in our scripts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import VisitorClient
from django.core.cache import cache
from factories import (
    make_catalogue,
    make_home,
    make_service,
)
from security.active import Found, active_in, active_in_json
from security.hostile import (
    harmless,
    hostile,
)
from security.payloads import PAYLOADS
from security.shown import (
    gained,
    holds_long_texts,
    run_by,
    visit,
)

import wagtail_medborgare
from wagtail_medborgare.services.models import Channel

pytestmark = pytest.mark.django_db


# --- Our scripts ---

# Where one writes markup into a page, and where that comes from.
MARKUP_WRITTEN = {
    (
        "who_sees.js",
        "this.answerTarget.innerHTML = html;",
    ): "our own view, escaped there",
    ("medborgare.js", "place.innerHTML = html;"): "our own view, rendered blocks",
}
SINKS = re.compile(
    r"(?:innerHTML|outerHTML|srcdoc)\s*\+?=(?!=)|insertAdjacentHTML|document\.write"
    r"|createContextualFragment|setHTMLUnsafe|\beval\(|new Function|\$\(|\.html\("
    r"|setAttribute\(\s*[\"']on|javascript:"
)


def test_no_script_of_ours_writes_markup_beside_what_our_own_views_answered():
    scripts = list(Path(wagtail_medborgare.__file__).parent.rglob("static/**/*.js"))
    found = {
        (script.name, line.strip())
        for script in scripts
        for line in script.read_text().splitlines()
        if SINKS.search(line)
    }

    assert len(scripts) >= 6
    assert found == set(MARKUP_WRITTEN)


# --- The tests can fail ---


def test_planted_payloads_are_found():
    """As the text of an element, and as the value of each kind of attribute."""
    places = (
        "<p>{}</p>", '<p title="{}">a</p>', "<p title='{}'>a</p>", "<p title={}>a</p>",
        '<a href="{}">a</a>', "<textarea>{}</textarea>", "<title>{}</title>",
        '<script type="application/ld+json">{{"name": "{}"}}</script>',
        "<script>var name = '{}';</script>",
    )  # fmt: skip
    calm = {place: active_in(place.format("Text")) for place in places}

    missed = [
        payload
        for payload in PAYLOADS
        if not any(active_in(place.format(payload)) - calm[place] for place in places)
    ]

    print(f"T14: found in the open {len(PAYLOADS) - len(missed)} of {len(PAYLOADS)}")
    assert len(missed) <= 10, missed


def test_planted_addresses_are_found_and_good_ones_are_not():
    for address in (
        "javascript:a",
        " JaVa\tScript:a",
        "data:text/html,a",
        "vbscript:a",
    ):
        assert active_in(f'<a href="{address}">a</a>'), address
        assert active_in(f"<button formaction='{address}'>a</button>"), address
        assert active_in_json({"html": f"<a href='{address}'>a</a>"}), address
    for address in ("/a", "?a", "#a", "https://a.se/javascript:", "mailto:a@b.se"):
        assert not active_in(f'<a href="{address}">a</a>'), address


@holds_long_texts
@pytest.mark.parametrize("path", ["/medborgare/choices/"])
def test_a_page_that_does_not_escape_is_found(hostile_town, settings, path):
    hostile_town.write(harmless)
    before = visit(VisitorClient(), [path], ())
    hostile_town.write(hostile(0))
    assert gained(before, visit(VisitorClient(), [path], ())) == {}
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [
        {**engine, "OPTIONS": {**engine["OPTIONS"], "autoescape": False}}
    ]

    cache.clear()
    found = gained(before, visit(VisitorClient(), [path], ()))

    kinds = {kind[0] for kind in found[path]}
    assert kinds >= {"element", "handler", "address"}


@holds_long_texts
def test_addresses_that_are_not_looked_at_are_found(visitor, monkeypatch):
    make_catalogue(make_home())
    service = make_service(channels=[{"url": "javascript:mbx()"}])
    path = f"/tjanster/{service.slug}/"
    assert run_by(visitor.get(path)) == Found()

    monkeypatch.setattr(Channel, "web_address", property(lambda channel: channel.url))
    cache.clear()

    found = run_by(visitor.get(path))
    assert ("address", "a", "href", "javascript:mbx()") in found
