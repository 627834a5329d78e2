from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from wagtail_medborgare.core.snapshot import Snapshot


@pytest.fixture(autouse=True)
def _forget_snapshots() -> Any:
    """Each test starts like a fresh process: the database is rolled back, memory is not."""
    yield
    from wagtail_medborgare.segments.snapshot import segments
    from wagtail_medborgare.services.addresses import pages
    from wagtail_medborgare.services.snapshot import catalogue
    from wagtail_medborgare.services.unit_modules.showing import unit_modules
    from wagtail_medborgare.situations.documents import tagged_documents
    from wagtail_medborgare.situations.sensitive import sensitive_pages
    from wagtail_medborgare.situations.snapshot import situations
    from wagtail_medborgare.situations.suggesting.training import suggester
    from wagtail_medborgare.situations.tagged_pages import tagged_pages

    snapshots: list[Snapshot[Any]] = [
        segments,
        catalogue,
        unit_modules,
        pages,
        sensitive_pages,
        situations,
        suggester,
        tagged_documents,
        tagged_pages,
    ]
    for snapshot in snapshots:
        snapshot.forget()
    cache.clear()


class VisitorClient(Client):
    """A browser: it keeps ``__Host-`` cookies and says where its forms stand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.at = "/"

    def get(self, path: str, **kwargs: Any) -> Any:
        kwargs.setdefault("secure", True)
        self.at = path
        return super().get(path, **kwargs)

    def submit(
        self, path: str, data: dict[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        headers = {
            "Sec-Fetch-Site": "same-origin",
            "Origin": "https://testserver",
            "Referer": f"https://testserver{self.at}",
            **kwargs.pop("headers", {}),
        }
        headers = {name: value for name, value in headers.items() if value is not None}
        return self.post(path, data or {}, secure=True, headers=headers, **kwargs)

    def choose(self, *situations: Any, remember: bool = False) -> Any:
        data: dict[str, Any] = {"situation": [item.slug for item in situations]}
        if remember:
            data["remember"] = "1"
        return self.submit("/medborgare/choose/", data)


@pytest.fixture
def visitor() -> VisitorClient:
    return VisitorClient(enforce_csrf_checks=True)


@pytest.fixture
def other_visitor() -> VisitorClient:
    return VisitorClient(enforce_csrf_checks=True)
