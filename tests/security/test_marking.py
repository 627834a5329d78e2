"""Marking follows reading (T2): every address, every role; safe methods change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import VisitorClient
from django.apps import apps
from security.digest import database_digest
from security.stacks import with_our_cache, without_cache
from security.table import (
    ADMIN,
    PAGES,
    PRIVATE,
    SAME,
    Visit,
    admin_paths,
    public_visits,
)
from security.urlconf import our_admin_names, public_names
from security.world import ANONYMOUS, ROLES, World
from wagtail.models import Page

pytestmark = pytest.mark.django_db

SAFE = ("GET", "HEAD", "OPTIONS")
NOON = "2026-11-22 12:00:00+00:00"


@pytest.fixture(params=[without_cache, with_our_cache])
def stack(request: Any, settings: Any) -> None:
    settings.MIDDLEWARE = request.param(settings.MIDDLEWARE)


@pytest.fixture
def clients(world: World) -> dict[str, VisitorClient]:
    return {role: world.client(role) for role in ROLES}


def visits(world: World) -> Iterator[Visit]:
    for found in public_visits(world).values():
        yield from found


def ask(client: VisitorClient, method: str, path: str) -> Any:
    return client.generic(method, path, secure=True)


def was_read(response: Any) -> bool:
    visitor = getattr(response.wsgi_request, "visitor", None)
    # What comes from a cache was read by nobody this time: its mark alone tells.
    return bool(visitor.reads) if visitor else is_marked(response)


def is_marked(response: Any) -> bool:
    return (
        response.get("Cache-Control") == "private, no-store"
        and "Cookie" in response.get("Vary", "")
        and "Expires" not in response
    )


def everything_sent(response: Any) -> tuple[Any, ...]:
    return response.status_code, sorted(response.items()), response.content


def test_every_address_is_listed(world):
    listed = {f"{space}:{name}" for space, names in ADMIN.items() for name in names}

    assert public_names() == set(public_visits(world)), "unlisted URL"
    assert our_admin_names() == listed, "unlisted URL"


def test_every_page_type_is_listed():
    ours = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, Page) and model._meta.app_label == "testapp"
    }

    assert ours == set(PAGES), "unlisted page type"


def test_what_was_read_is_marked_and_what_was_not_is_not(world, clients, stack):
    answers, wrong = 0, []

    for visit in visits(world):
        for role, client in clients.items():
            for method in ("GET", "HEAD"):
                response = ask(client, method, visit.path)
                answers += 1
                is_right = was_read(response) == (visit.answer == PRIVATE)
                if not is_right or (was_read(response) and not is_marked(response)):
                    wrong.append((method, visit.path, role, response.status_code))

    print(
        f"T2: {answers} answers of {len(list(visits(world)))} paths, {len(wrong)} wrong"
    )
    assert wrong == []


def test_what_reads_nothing_is_byte_for_byte_the_same_for_all(
    world, stack, time_machine
):
    # A calendar says when it was made.
    time_machine.move_to(NOON, tick=False)
    clients = {role: world.client(role) for role in ANONYMOUS}
    paths = [visit.path for visit in visits(world) if visit.answer == SAME]
    wrong = []

    for path in paths:
        for method in SAFE:
            sent = [
                everything_sent(ask(client, method, path))
                for client in clients.values()
            ]
            if any(other != sent[0] for other in sent):
                wrong.append((method, path))

    assert len(paths) > 20
    assert wrong == []


def test_personal_answers_do_differ(world, clients, stack):
    # Else the test above could compare four pages of nobody.
    for path in ("/", "/mina-tjanster/", "/medborgare/choices/"):
        bodies = {role: ask(clients[role], "GET", path).content for role in ANONYMOUS}

        assert len(set(bodies.values())) >= 3, path


def test_no_safe_method_sets_a_cookie_or_changes_anything(world, clients, stack):
    before = database_digest()
    set_cookies = []

    for visit in visits(world):
        for role, client in clients.items():
            for method in SAFE:
                response = ask(client, method, visit.path)
                ours = [name for name in response.cookies if "mb-" in name]
                if ours or (response.cookies and visit.answer in {PRIVATE, SAME}):
                    set_cookies.append((method, visit.path, role, *response.cookies))

    assert set_cookies == []
    assert database_digest() == before


def test_the_administration_reads_no_visitor_and_is_stored_nowhere(world, clients):
    paths = admin_paths(world)
    wrong = []

    for name, path in paths.items():
        for role, client in clients.items():
            response = ask(client, "GET", path)
            policy = response.get("Cache-Control", "")
            is_private = "private" in policy or "no-store" in policy
            if was_read(response) or not is_private or response.status_code >= 500:
                wrong.append((name, role, response.status_code, policy))
            if role != "editor" and response.status_code == 200:
                wrong.append((name, role, "is let in"))

    assert len(paths) > 70
    assert wrong == []


def test_looking_at_the_administration_changes_nothing(world, clients):
    before = database_digest()

    for path in admin_paths(world).values():
        for role in ("nobody", "resident", "editor"):
            for method in SAFE:
                ask(clients[role], method, path)

    assert database_digest() == before
