"""Nothing changes because of another site (T18b), and nobody is sent to one (T15)."""

from __future__ import annotations

import re
from itertools import chain
from typing import Any
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import pytest
from conftest import VisitorClient
from security.digest import database_digest
from security.table import PAGES, admin_paths, public_visits
from security.urlconf import ENDPOINTS
from security.world import World

pytestmark = pytest.mark.django_db

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
FROM_ELSEWHERE = (
    {},
    {"Origin": "null"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://testserver", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://testserver.evil.example", "Sec-Fetch-Site": "same-site"},
    {"Referer": "https://testserver/"},
)
# Django REST framework has no session to protect there, and refuses the method.
READ_ONLY = {"wagtailapi:pages:listing", "wagtailapi:pages:detail", "wagtailapi:pages:find"}  # fmt: skip

HOST = "testserver"
PAYLOADS = (
    "https://evil.example", "https://evil.example/", "http://evil.example", "//evil.example",
    "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "\\/evil.example", "/\\/evil.example", "https:evil.example", "https:/evil.example",
    "https:///evil.example", "https:\\\\evil.example", "http:\\evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
    "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://evil.example/",
    "/%2f%2fevil.example", "/%2F/evil.example", "%2f%2fevil.example", "/%252f%252fevil.example",
    "/%5cevil.example", "/%5c%5cevil.example", "/%255cevil.example", "/.//evil.example",
    "/..//evil.example", "/./\\evil.example", "/%2e%2e//evil.example", "/;//evil.example",
    "/vanlig/..//evil.example", "/vanlig/%2e%2e/%2fevil.example/", "/vanlig//evil.example",
    "/vanlig/?next=//evil.example", "/vanlig/#//evil.example", "/?//evil.example",
    "/?q=%0d%0aLocation:%20https://evil.example", "/%0d%0aLocation:%20https://evil.example",
    "/%0aSet-Cookie:x=1", "/\u0000//evil.example", "/%00//evil.example", "/\t/evil.example",
    "/%09/evil.example", "/ /evil.example", "/%20/evil.example", " //evil.example",
    "https://testserver@evil.example/", "https://testserver:80@evil.example/",
    "https://evil.example#testserver", "https://evil.example?testserver",
    "https://testserver.evil.example/", "https://testserverevil.example/",
    "https://evil.example\\@testserver/", "https://[evil.example/", "https://testserver:99999/",
    "https://xn--tstserver-0za.example/", "/\u2044\u2044evil.example", "/\uff0f\uff0fevil.example",
    "/%ef%bc%8f%ef%bc%8fevil.example", "/%e3%80%82evil.example", "https://evil%E3%80%82example/",
    "/vanlig/%", "/%ff%fe/", "/" + "a/" * 3000, "/" + "%2f" * 3000, "?" * 50, "",
)  # fmt: skip
PARAMETERS = (
    "next", "url", "to", "return", "return_url", "redirect", "redirect_to", "continue",
    "goto", "r", "back", "path", "referer", "from",
)  # fmt: skip


_SLASHES = re.compile(r"^(https?:)?//+", re.IGNORECASE)


def lands_on(location: str) -> str | None:
    """Return the host that a browser would go to (WHATWG URL, not RFC 3986)."""
    cleaned = "".join(sign for sign in location if sign not in "\t\r\n")
    cleaned = cleaned.strip("".join(map(chr, range(33)))).replace("\\", "/")
    cleaned = _SLASHES.sub(lambda match: f"{match[1] or ''}//", cleaned)
    parts = urlsplit(urljoin(f"https://{HOST}/medborgare/forget/", cleaned))
    return parts.hostname if parts.scheme == "https" else parts.scheme


def send(client: VisitorClient, path: str, **headers: str) -> Any:
    return client.submit(path, headers=headers)


@pytest.fixture
def client_of_site(world: World) -> VisitorClient:
    return world.client("chosen")


def all_paths(world: World) -> dict[str, str]:
    public = public_visits(world)
    return {
        **{name: visits[0].path for name, visits in public.items()},
        **{label: visit.path for label, visit in PAGES.items()},
        **admin_paths(world),
    }


@pytest.mark.parametrize(
    "role", ["nobody", "chosen", "sensitive", "resident", "editor"]
)
def test_no_address_takes_an_unsafe_method_from_elsewhere(world, role):
    client = world.client(role)
    before, wrong = database_digest(), []

    for name, path in all_paths(world).items():
        # What only ever takes a POST says so (405) before it asks where that comes from.
        is_endpoint = name.startswith("medborgare_visitors:") and "choices" not in name
        for method in UNSAFE:
            expected = {403, 405} if name in READ_ONLY else {403}
            if is_endpoint and method != "POST":
                expected = {405}
            for headers in FROM_ELSEWHERE:
                response = client.generic(method, path, headers=headers, secure=True)
                ours = [cookie for cookie in response.cookies if "mb-" in cookie]
                if response.status_code not in expected or ours:
                    wrong.append((name, method, headers, response.status_code))

    assert wrong == []
    assert database_digest() == before


def test_the_same_posts_from_this_site_are_let_through(world):
    # Else the test above could refuse everybody.
    client = world.client("nobody")

    codes = {client.submit(f"/medborgare/{name}/").status_code for name in ENDPOINTS}

    assert codes == {303, 404}


def test_the_judge_of_a_location_knows_what_browsers_do():
    off_site = (
        "//evil.example", "///evil.example", "/\\evil.example", "https:///evil.example",
        "\t//evil.example", "/\t/evil.example", "https://testserver@evil.example/",
        "javascript:x", "http://testserver/",
    )  # fmt: skip
    here = (
        "/",
        "/bygga/?q=//evil.example",
        "https://testserver/a",
        "/%2f%2fevil.example",
    )

    assert len(PAYLOADS) >= 60
    assert HOST not in {lands_on(item) for item in off_site}
    assert {lands_on(item) for item in here} == {HOST}


@pytest.mark.parametrize("name", ENDPOINTS)
def test_nobody_is_sent_to_another_site(world, client_of_site, name):
    path, wrong = f"/medborgare/{name}/", []

    for payload in PAYLOADS:
        # A header is bytes: what is not Latin-1 arrives as its UTF-8 bytes.
        text = payload.encode().decode("latin-1")
        for response in chain(
            [
                send(client_of_site, path, Referer=text),
                send(client_of_site, path, Referer=f"https://{HOST}{text}"),
                send(client_of_site, path, **{"X-Forwarded-Host": "evil.example", "Referer": text}),
            ],
            [client_of_site.submit(path, dict.fromkeys(PARAMETERS, payload))],
            [client_of_site.submit(path, dict.fromkeys(PARAMETERS, payload), QUERY_STRING=f"next={text}")],
        ):  # fmt: skip
            location = response.get("Location", "/")
            is_odd = any(ord(sign) < 33 or ord(sign) > 126 for sign in location)
            if response.status_code >= 500 or lands_on(location) != HOST or is_odd:
                wrong.append((payload[:60], response.status_code, location[:80]))

    assert wrong == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "testserver:443@evil.example", "testserver, evil.example", "", "[::1",
     "testserver\\@evil.example", "evil.example/testserver", "a" * 70_000],
)  # fmt: skip
def test_a_forged_host_leads_nowhere_else(world, host):
    client = VisitorClient(raise_request_exception=False)

    response = client.submit(
        "/medborgare/forget/",
        headers={"Referer": f"https://{host}/vanlig/"},
        HTTP_HOST=host,
    )

    assert response.status_code in {303, 400}
    assert "evil" not in response.get("Location", "")


def test_an_address_with_a_host_in_its_path_leads_nowhere_else(client_of_site):
    wrong = []

    for payload in PAYLOADS:
        path = unquote_to_bytes(payload).decode("latin-1")
        response = client_of_site.get("/", PATH_INFO=path)
        location = response.get("Location", "/")
        if response.status_code >= 500 or lands_on(location) != HOST:
            wrong.append((payload, response.status_code, location))

    assert wrong == []
