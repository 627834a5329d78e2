"""Every address of a URLconf, so that a test can demand to know each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ENDPOINTS = (
    "choose", "add", "remove", "save", "unsave", "dismiss", "restore", "forget", "leave",
)  # fmt: skip

# Wagtail's and Django's own administration: what is not ours there is theirs to test.
THEIR_ADMINS = ("admin/", "django-admin/")


@dataclass(frozen=True)
class Address:
    """One pattern of a URLconf."""

    name: str
    pattern: str

    @property
    def is_ours(self) -> bool:
        return "medborgare" in self.name

    @property
    def arguments(self) -> list[str]:
        """The names of what stands in the address."""
        return re.findall(r"<(?:\w+:)?(\w+)>", self.pattern)

    @property
    def is_admin(self) -> bool:
        return self.pattern.startswith(THEIR_ADMINS)


def addresses(urlconf: Any = None) -> list[Address]:
    """Return every address, in the order in which they are tried."""
    return list(_walk(get_resolver(urlconf).url_patterns))


def public_names(urlconf: Any = None) -> set[str]:
    """Return the names of what stands outside the administration."""
    return {item.name for item in addresses(urlconf) if not item.is_admin}


def our_admin_names() -> set[str]:
    """Return the names of our own addresses in the administration."""
    return {item.name for item in addresses() if item.is_admin and item.is_ours}


def _walk(
    patterns: list[Any], prefix: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[Address]:
    for item in patterns:
        pattern = f"{prefix}{item.pattern}"
        if isinstance(item, URLResolver):
            inner = (*namespaces, item.namespace) if item.namespace else namespaces
            yield from _walk(item.url_patterns, pattern, inner)
        elif isinstance(item, URLPattern):
            name = item.name or f"({pattern})"
            yield Address(":".join((*namespaces, name)), pattern)
