"""Editors who read reports, and what they read."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.test import Client
from factories import make_editor
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils import WagtailTestUtils
from wagtail.users.models import UserProfile

from wagtail_medborgare.services.models import GroupUnit

PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")


def log_in(
    *codenames: str,
    on_page: Page | None = None,
    units: Any = (),
    username: str = "editor",
) -> Client:
    """Log in an ordinary editor with these permissions, and pages from one on."""
    user = make_editor(username, is_superuser=False)
    group = Group.objects.create(name=f"Grupp {username}")
    names = ["access_admin", *codenames]
    group.permissions.set(Permission.objects.filter(codename__in=names))
    if on_page is not None:
        for permission in Permission.objects.filter(codename__in=PAGE_PERMISSIONS):
            GroupPagePermission.objects.create(
                group=group, page=on_page, permission=permission
            )
    for unit in units:
        GroupUnit.objects.create(group=group, unit=unit)
    user.groups.add(group)
    UserProfile.objects.create(user=user, preferred_language="en")
    client = Client()
    client.force_login(user)
    return client


def soup_of(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200, response
    return WagtailTestUtils.get_soup(response.text)


def rows_in(client: Client, url: str) -> list[str]:
    """Return the text of each line of a listing, on all of its pages."""
    found: list[str] = []
    join = "&" if "?" in url else "?"
    for number in range(1, 1000):
        soup = soup_of(client, f"{url}{join}p={number}")
        lines = soup.select("table.listing tbody tr")
        found += [" ".join(line.get_text(" ").split()) for line in lines]
        if soup.select_one("nav.pagination .next a[href]") is None:
            return found
    raise AssertionError("endless pages")


def csv_of(client: Client, url: str) -> list[dict[str, str]]:
    response = client.get(url, {"export": "csv"})
    text = b"".join(response.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))
