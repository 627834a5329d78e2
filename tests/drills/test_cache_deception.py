"""T3: even a cache that ignores every header finds nothing personal to store."""

from __future__ import annotations

import re
from itertools import product
from urllib.parse import urlencode

import pytest

from drills import nginx_configs
from drills.canaries import canaries_in
from drills.deception import VARIANTS
from drills.exchange import HOST, HttpTransport, Request
from drills.scanner import unmarked
from drills.stacks import Stack, serving
from drills.visitors import Visitor

HOSTILE = Stack(
    name="wrong: nginx that stores by ending",
    server="nginx",
    config=nginx_configs.ignoring_headers_by_ending,
)
# Views of Wagtail's admin.
ADMIN = ("draft", "revision")
_HASH = re.compile(r"[0-9a-f]{32}")


@pytest.fixture(scope="module")
def served(ground):
    if HOSTILE.missing():
        pytest.skip(f"{HOSTILE.name} needs {HOSTILE.missing()}")
    with serving(HOSTILE, ground) as connect:
        yield connect()


@pytest.fixture(scope="module")
def site(ground):
    return ground.site


@pytest.fixture(scope="module")
def victim(served, site):
    """A visitor with a choice, a saved service and a date."""
    person = next(item for item in site.people if item.kind == "visit")
    visitor = Visitor.of(0, person)
    post(served, visitor, "choose", [("situation", site.situations[0].slug)])
    post(served, visitor, "save", [("kind", "service"), ("key", person.to_save)])
    return visitor


def cookie_of(visitor):
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


def post(served: HttpTransport, visitor, name, data):
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Sec-Fetch-Site", "same-origin"),
        ("Origin", f"http://{HOST}"),
        ("Cookie", cookie_of(visitor)),
    ]
    request = Request(
        method="POST",
        target=f"/medborgare/{name}/",
        headers=headers,
        body=urlencode(data).encode(),
    )
    response = served.send(request)
    assert response.status == 303
    visitor.keep_cookies(response)


def personal_pages(site):
    return [
        page for page in site.pages if not page.is_public and page.name not in ADMIN
    ]


def test_thirty_variants_of_every_personal_address_hold_nothing_personal(
    served, site, victim, tell
):
    assert len(set(VARIANTS)) == 30
    wrong, answers = [], {}

    for page, variant in product(personal_pages(site), VARIANTS):
        target = variant(page.path)
        with_cookie = Request(target=target, headers=[("Cookie", cookie_of(victim))])
        response, stolen = served.send(with_cookie), served.send(Request(target=target))
        for answer in (response, stolen):
            answers[answer.status] = answers.get(answer.status, 0) + 1
            if canaries_in(answer.everything) or answer.status == 200:
                wrong.append((target, answer.status))
        if stolen.header("X-Cache-Status") == "HIT":
            wrong.append((target, "stored"))

    tell({"drill": "cache deception", "n": sum(answers.values()), "leaks": len(wrong)})
    assert not wrong
    assert set(answers) <= {301, 302, 400, 404}


def test_the_hostile_cache_does_steal_from_a_sloppy_site(served, site, victim):
    """The same rule on a view that takes any ending: so the test above could fail."""
    target = "/sloppy/x.css"
    chosen = f'value="{site.situations[0].slug}" checked'.encode()

    own = served.send(Request(target=target, headers=[("Cookie", cookie_of(victim))]))
    stolen = served.send(Request(target=target))

    assert chosen in own.body
    assert stolen.header("X-Cache-Status") == "HIT"
    assert chosen in stolen.body


def test_no_personal_page_has_an_etag_or_may_be_stored(served, site, victim):
    for page in personal_pages(site):
        request = Request(target=page.path, headers=[("Cookie", cookie_of(victim))])

        response = served.send(request)

        if response.status == 200:
            assert not unmarked(response), page.name
        assert not _HASH.search(response.header("ETag")), page.name
