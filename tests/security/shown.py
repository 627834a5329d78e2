"""Every view that shows our texts, looked at for what runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from security.active import Found, active_in_response
from security.hostile import HostileTown
from security.payloads import MARK
from security.test_admin_access import address, rules
from testapp.models import Banner
from wagtail.models import Page

holds_long_texts = pytest.mark.skipif(
    connection.vendor != "sqlite",
    reason="a text with all payloads is longer than its column",
)
SHOWS = ("shows a payload",)


def admin_paths(town: HostileTown) -> Iterator[str]:
    """Return each of our own addresses that can be looked at, and what else shows ours."""
    for kind, name, rule in rules():
        if "GET" in rule.methods and rule.thing != "nothing":
            thing = town.things[kind][rule.thing] if kind in town.things else None
            yield address(name, thing)
    one = town.things["service"]["quiet"].arguments["pk"]
    home, banner = town.home.pk, Banner.objects.earliest("pk").pk
    situations = "-".join(str(item.pk) for item in town.situations)
    my_services = Page.objects.get(slug="mina-tjanster").pk
    yield from (
        "/admin/",
        "/admin/pages/",
        f"/admin/pages/{home}/",
        f"/admin/pages/{home}/edit/",
        f"/admin/pages/{home}/history/",
        f"/admin/pages/{home}/usage/",
        f"/admin/pages/{home}/delete/",
        f"/admin/pages/{home}/copy/",
        f"/admin/pages/{home}/view_draft/",
        f"/admin/pages/{home}/view_draft/?mode=~as~{situations}",
        f"/admin/pages/{my_services}/edit/",
        f"/admin/pages/add/testapp/homepage/{home}/",
        f"/admin/pages/add/testapp/articlepage/{home}/",
        f"/admin/snippets/testapp/banner/edit/{banner}/",
        f"/admin/groups/edit/{town.group.pk}/",
        "/admin/groups/new/",
        f"/admin/workflows/edit/{town.workflow.pk}/",
        "/admin/workflows/list/",
        "/admin/reports/site-history/",
        "/admin/reports/workflow/",
        "/admin/reports/workflow_tasks/",
        "/admin/reports/locked/",
        "/admin/wagtail_personalisation/segment/",
        f"/admin/wagtail_personalisation/segment/edit/{town.segment.pk}/",
        "/admin/wagtail_personalisation/segment/create/",
        f"/admin/bulk/medborgare_services/service/delete/?id={one}",
        f"/admin/bulk/medborgare_services/service/add_situations/?id={one}",
        f"/admin/bulk/wagtailcore/page/add_situations/?id={home}",
        f"/admin/medborgare/try-as/?situation={town.situations[0].pk}",
        "/admin/medborgare/try-as/?persona=1",
        f"/admin/medborgare/see-as/{home}/?as={situations}",
    )


def public_paths(town: HostileTown) -> list[str]:
    """Return every page of the site that shows something of ours."""
    first = town.situations[0].slug
    pk = town.shown.pk
    return [
        "/",
        "/mina-tjanster/",
        "/mina-tjanster/?q=text",
        "/mina-tjanster/?q=mbx",
        "/mina-tjanster/?all=1",
        "/tjanster/",
        "/tjanster/?q=mbx",
        f"/tjanster/?situation={first}",
        f"/tjanster/?unit={town.shown.unit.slug}",
        "/tjanster/visad/",
        "/medborgare/choices/",
        f"/medborgare/choices/?situation={first}",
        f"/medborgare/services/{pk}/dates.ics",
        "/medborgare/my-dates.ics",
        "/api/pages/",
        f"/api/pages/{town.home.pk}/?fields=*",
    ]


def visit(client: Any, paths: Iterable[str], known: Iterable[str]) -> dict[str, Found]:
    """Return what runs in each answer; a redirect is followed to its message."""
    texts = frozenset(known)
    found = {}
    for path in paths:
        # What one view has to say is said there, not in the next one looked at.
        client.cookies.pop("messages", None)
        with transaction.atomic():
            response = client.get(path, follow=True, secure=True)
            # A calendar without a date is not found.
            assert response.status_code == 200 or path.endswith(".ics"), path
            found[path] = active_in_response(response, texts)
            found[path][SHOWS] = int(MARK in response.text)
            transaction.set_rollback(True)
    return found


def gained(before: dict[str, Found], after: dict[str, Found]) -> dict[str, Found]:
    """Return what runs in the answers now that did not run before."""
    assert before.keys() == after.keys()
    news = {path: after[path] - before[path] for path in after}
    for found in news.values():
        del found[SHOWS]
    return {path: found for path, found in news.items() if found}


def run_by(response: Any) -> Found:
    """Return what runs in an answer, beside what each page of the tests has."""
    assert response.status_code == 200
    usual = {
        ("element", tag) for tag in ("script", "link", "meta", "title", "form", "svg")
    }
    found = active_in_response(response)
    return Found({key: n for key, n in found.items() if key not in usual})
