from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from wagtail import hooks
from wagtail.models import Locale, Page

from wagtail_medborgare.segments.page_cache.store import store


class Renderings(list[str]):
    """The paths of the pages that were rendered, because no body was found."""

    def of(self, visitor: Any, path: str, **kwargs: Any) -> int:
        """Return how many renderings one view costs."""
        before = len(self)
        visitor.get(path, **kwargs)
        return len(self) - before


@pytest.fixture
def renderings() -> Iterator[Renderings]:
    seen = Renderings()

    def note(page: Any, request: Any, args: Any, kwargs: Any) -> None:
        seen.append(request.path)

    with hooks.register_temporarily("before_serve_page", note):
        yield seen


@pytest.fixture(autouse=True)
def _working_cache() -> Iterator[None]:
    yield
    store._circuit.succeeded()


@pytest.fixture
def memory(settings: Any) -> Iterator[Any]:
    """The pages in this process, where they follow the clock of the test."""
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "memory"
    caches["memory"].clear()
    yield caches["memory"]
    caches["memory"].clear()


@pytest.fixture
def root(transactional_db: None) -> None:
    """The root of the pages, committed, so that several threads see it."""
    if connection.vendor == "sqlite":
        # Threads share the in-memory database, which answers one at a time.
        pytest.skip("needs PostgreSQL: several threads at once")
    Locale.objects.get_or_create(language_code="sv")
    if not Page.objects.exists():
        Page.add_root(title="Root", slug="root")
