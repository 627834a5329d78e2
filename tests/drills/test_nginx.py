"""The configuration on the how-to page: nginx accepts it, and it serves what is for all."""

from __future__ import annotations

import threading
from random import Random

import pytest

from drills import nginx_configs
from drills.exchange import Request
from drills.stacks import Stack, serving

BEHIND_NGINX = Stack(name="nginx hit rate", server="nginx")
VIEWS = 6000
CLIENTS = 4
BROWSERS = (
    "sv-SE,sv;q=0.9,en-US;q=0.8,en;q=0.7",
    "sv",
    "sv-SE",
    "sv,en;q=0.9",
    "sv-SE,sv;q=0.8,en-US;q=0.5,en;q=0.3",
    "en-US,en;q=0.9",
    "en-GB,en;q=0.9,sv;q=0.8",
    "fi-FI,fi;q=0.9",
    "de-DE,de;q=0.9,en;q=0.8",
    "ar,sv;q=0.7",
    "so-SO,so;q=0.9",
)


@pytest.fixture(scope="module")
def connect(ground):
    if BEHIND_NGINX.missing():
        pytest.skip(f"{BEHIND_NGINX.name} needs {BEHIND_NGINX.missing()}")
    with serving(BEHIND_NGINX, ground) as connect:
        yield connect


def view(transport, target, **headers):
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return transport.send(Request(target=target, headers=pairs))


def test_almost_every_anonymous_view_of_a_page_for_all_is_a_hit(
    connect, ground, seed, tell
):
    pages = [page.path for page in ground.site.pages if page.name.startswith("artikel")]
    found = {}

    def browse(number):
        random, transport = Random(f"{seed}/{number}"), connect()
        for _view in range(VIEWS // CLIENTS):
            # Other cookies, such as the visitor's choice, make no copy of their own.
            cookie = f"_ga={random.random()}; __Host-mb-visit={random.random()}"
            headers = {"Accept_Language": random.choice(BROWSERS), "Cookie": cookie}
            answer = view(transport, random.choice(pages), **headers)
            status = answer.header("X-Cache-Status") or str(answer.status)
            found[number, status] = found.get((number, status), 0) + 1

    threads = [threading.Thread(target=browse, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    hits = sum(n for (_client, status), n in found.items() if status == "HIT")
    total = sum(found.values())
    tell({"drill": "nginx hits", "n": total, "hits": hits, "rate": hits / total})
    assert total == VIEWS
    assert hits / total >= 0.99


def test_a_personal_page_is_never_a_hit(connect):
    transport = connect()
    for path in ("/", "/mina-tjanster/", "/medborgare/choices/", "/avsnitt/"):
        statuses = {
            view(transport, path).header("X-Cache-Status") for _time in range(3)
        }
        assert statuses == {"MISS"}, path


def test_whoever_is_logged_in_goes_past_the_cache(connect, ground):
    transport = connect()
    path = next(page.path for page in ground.site.pages if page.is_public)
    staff = next(item for item in ground.site.people if item.kind == "staff")
    view(transport, path)

    answer = view(transport, path, Cookie=f"sessionid={staff.session}")

    assert answer.header("X-Cache-Status") == "BYPASS"
    assert view(transport, path).header("X-Cache-Status") == "HIT"


def test_each_language_has_its_own_copy_whatever_the_browser_writes(connect, ground):
    transport = connect()
    path = ground.site.page("artikel-0").path

    def language(**headers):
        body = view(transport, path, **headers).body
        return body.partition(b'<html lang="')[2].partition(b'"')[0].decode()

    assert language(Accept_Language="en-US,en;q=0.9") == "en"
    assert language(Accept_Language="sv-SE,sv;q=0.9") == "sv"
    assert language(Accept_Language="sv", Cookie="django_language=fi") == "fi"
    assert language(Accept_Language="sv") == "sv"


def test_the_page_says_only_once_what_to_use_and_names_what_never_to_write():
    use, never = nginx_configs.blocks()

    assert "proxy_ignore_headers" not in use
    for name in ("Cache-Control", "Vary", "Set-Cookie"):
        assert f"proxy_ignore_headers {name};" in never
