"""Visit every page of the example municipality in every role; print what is wrong, as JSON."""

import json
import logging
import sys
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from security.digest import database_digest  # noqa: E402
from security.urlconf import ENDPOINTS, public_names  # noqa: E402
from wagtail.models import Page  # noqa: E402

from wagtail_medborgare.services.models import Service  # noqa: E402

ANONYMOUS = ("nobody", "chosen", "remembered", "sensitive")
LISTED = {
    *(f"medborgare_visitors:{name}" for name in (*ENDPOINTS, "choices")),
    "medborgare_segments:personal_page",
    "medborgare_segments:personal_parts",
    "medborgare_services:deadlines",
    "medborgare_services:my_deadlines",
    "wagtail_serve",
    "wagtailcore_login",
    "wagtailcore_authenticate_with_password",
    "wagtaildocs_serve",
    "wagtaildocs_authenticate_with_password",
}
# By page type: does the page read the visitor?
PAGE_TYPES = {
    "municipality.StartPage": True,
    "municipality.ContentPage": False,
    "municipality.MyServicesPage": True,
    "municipality.ServiceCataloguePage": False,
}


def browser(role: str) -> Client:
    client = Client(raise_request_exception=False)
    situations = {
        "chosen": ["having-a-child", "building-a-house"],
        "remembered": ["having-a-child", "retirement"],
        "sensitive": ["facing-debt"],
    }.get(role)
    if situations:
        data: dict[str, Any] = {"situation": situations}
        if role == "remembered":
            data["remember"] = "1"
        headers = {"Sec-Fetch-Site": "same-origin"}
        client.post("/medborgare/choose/", data, headers=headers, secure=True)
        assert client.cookies, role
    if role in {"resident", "editor"}:
        user, _new = get_user_model().objects.get_or_create(
            username=f"visiting-{role}", is_superuser=role == "editor"
        )
        client.force_login(user)
    return client


def paths() -> dict[str, bool | None]:
    """Return each path and whether it reads the visitor; None where pages may differ."""
    found: dict[str, bool | None] = {}
    for page in Page.objects.live().filter(depth__gt=1).specific():
        found[page.get_url()] = PAGE_TYPES[page._meta.label]
    catalogue = next(path for path in found if path.endswith("/tjanster/"))
    for service in Service.objects.filter(live=True):
        found[service.get_url()] = False
        found[f"/medborgare/services/{service.pk}/dates.ics"] = False
    return {
        **found,
        f"{catalogue}?q=skola": False,
        f"{catalogue}?p=2": False,
        "/mina-tjanster/?q=skola": True,
        "/medborgare/choices/": True,
        "/medborgare/my-dates.ics": True,
        "/medborgare/pages/3/": False,
        "/medborgare/pages/3/parts/": False,
        **{f"/medborgare/{name}/": False for name in ENDPOINTS},
        "/finns-inte/": False,
        "/dokument/1/a.pdf": False,
        "/_util/authenticate_with_password/1/1/": False,
        "/dokument/authenticate_with_password/1/": False,
    }


def is_marked(response: Any) -> bool:
    return response.get(
        "Cache-Control"
    ) == "private, no-store" and "Cookie" in response.get("Vary", "")


def problems_of(path: str, reads: bool | None, clients: dict[str, Client]) -> list[str]:
    wrong, sent = [], {}
    for role, client in clients.items():
        for method in ("GET", "HEAD"):
            response = client.generic(method, path, secure=True)
            visitor = getattr(response.wsgi_request, "visitor", None)
            # From the page cache there is no visitor: then the mark alone tells.
            was_read = bool(visitor.reads) if visitor else is_marked(response)
            if was_read is not reads or (was_read and not is_marked(response)):
                wrong.append(f"{method} {role}: read {was_read}, {response.headers}")
            if response.cookies or response.status_code >= 500:
                wrong.append(f"{method} {role}: {response.status_code} sets a cookie")
            if role in ANONYMOUS:
                sent[method, role] = (response.status_code, response.content)
    if not reads and not path.endswith(".ics"):  # A calendar says when it was made.
        bodies = {sent["GET", role] for role in ANONYMOUS}
        wrong += [f"{len(bodies)} bodies"] if len(bodies) > 1 else []
    return wrong


def main() -> None:
    setup_test_environment()
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    call_command("municipality_load_demo", stdout=sys.stderr)
    types = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, Page) and model._meta.app_label == "municipality"
    }
    clients = {role: browser(role) for role in (*ANONYMOUS, "resident", "editor")}
    visited, before = paths(), database_digest()
    wrong = {
        path: found
        for path, reads in visited.items()
        if (found := problems_of(path, reads, clients))
    }
    after = database_digest()
    result = {
        "unlisted": sorted(public_names() ^ LISTED) + sorted(types ^ set(PAGE_TYPES)),
        "paths": len(visited),
        "answers": len(visited) * len(clients) * 2,
        "wrong": wrong,
        "changed": sorted(name for name in after if after[name] != before[name]),
    }
    json.dump(result, sys.stdout)


main()
