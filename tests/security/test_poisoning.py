"""No language and no query of one visitor changes the answer to another (T16)."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from conftest import VisitorClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from security.stacks import STACKS
from security.world import World

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1500")) // 15
PATHS = ("/", "/mina-tjanster/", "/tjanster/", "/vanlig/", "/medborgare/choices/")

properties = settings(
    derandomize=EXAMPLES <= 100,
    max_examples=max(EXAMPLES, 20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

language_tag = st.one_of(
    st.sampled_from(["sv", "en", "fi", "sv-SE", "en-GB", "de", "*", "zh-hans", "SV", ""]),
    st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=12),
)  # fmt: skip
accept_language = st.lists(
    st.tuples(language_tag, st.sampled_from(["", ";q=1", ";q=0.5", ";q=0", ";q=x", ";"])),
    max_size=6,
).map(lambda drawn: ",".join(f"{tag}{weight}" for tag, weight in drawn))  # fmt: skip
query = st.lists(
    st.tuples(
        st.sampled_from(
            ["q", "p", "page", "unit", "situation", "utm_source", "fbclid", "x", "edit", "mode", "mb"]
        ),
        st.binary(max_size=20),
    ),
    max_size=5,
).map(
    lambda drawn: "&".join(f"{name}={quote_from_bytes(value)}" for name, value in drawn)
)  # fmt: skip


@pytest.fixture(params=STACKS)
def stack(request: Any, settings: Any) -> None:
    settings.MIDDLEWARE = request.param(settings.MIDDLEWARE)


def seen(client: VisitorClient, path: str, **headers: str) -> tuple[int, bytes, bool]:
    """Return what somebody gets: the status, the body, and whether it is theirs only."""
    response = client.get(path, secure=True, headers=headers)
    is_private = response.get("Cache-Control") == "private, no-store"
    return response.status_code, response.content, is_private


def test_no_language_and_no_query_changes_what_another_sees(world: World, stack: None):
    attacker, parent, debtor, nobody = (
        world.client(role) for role in ("chosen", "chosen", "sensitive", "nobody")
    )
    others = {"parent": parent, "debtor": debtor, "nobody": nobody}
    languages = ("", "sv", "en")
    # Asked of nobody's cache: each in a fresh process, as it were.
    right = {
        (who, path, language): seen(client, path, **{"Accept-Language": language})
        for who, client in others.items()
        for path in PATHS
        for language in languages
    }
    statuses: set[int] = set()

    @properties
    @given(
        path=st.sampled_from(PATHS),
        language=accept_language,
        query=query,
        who=st.sampled_from(sorted(others)),
        theirs=st.sampled_from(languages),
        shared=st.booleans(),
    )
    def run(path, language, query, who, theirs, shared):
        visitor = nobody if shared else attacker
        address = f"{path}?{query}" if query else path
        status, _body, _policy = seen(visitor, address, **{"Accept-Language": language})
        statuses.add(status)

        assert (
            seen(others[who], path, **{"Accept-Language": theirs})
            == right[who, path, theirs]
        )

    run()

    assert statuses <= {200, 404}
    assert 200 in statuses
    # The visitors do see different things, else nothing could have been changed.
    assert right["parent", "/", "sv"] != right["nobody", "/", "sv"]
    assert right["nobody", "/", "sv"] != right["nobody", "/", "en"]


def test_a_query_that_means_nothing_gives_the_same_page(world: World, stack: None):
    client = world.client("nobody")
    plain = {path: seen(client, path) for path in PATHS}

    @properties
    @given(path=st.sampled_from(PATHS), value=st.binary(max_size=30))
    def run(path, value):
        tracked = seen(client, f"{path}?utm_source={quote_from_bytes(value)}")

        assert tracked == plain[path]

    run()
