"""The edge form of a page: the same for everybody, with its personal parts fetched after.

A page of a type in ``EDGE_PAGES`` is rendered as for somebody who chose nothing, and each
personal block of it stands in a marked place. The browser then asks once for the parts as
this visitor sees them. Both renderings go through the same blocks in the same order.
"""

import json
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.models import Page

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.visitors.visitor import Reads, Visitor

_ATTRIBUTE = "_medborgare_parts"


class Parts:
    """The personal parts of one page while it is rendered."""

    def __init__(self, page: Page, *, marks_places: bool) -> None:
        self.page = page
        self.marks_places = marks_places
        """Mark where the parts belong; else collect them."""
        self.collected: dict[str, str] = {}
        self._is_inside = False
        self._count: dict[str, int] = {}

    def render(self, name: str, render: Callable[[], str], request: HttpRequest) -> str:
        """Render one part. What is personal inside another part belongs to that one."""
        if self._is_inside:
            return render()
        self._is_inside = True
        try:
            html = render()
        finally:
            self._is_inside = False
        self._count[name] = self._count.get(name, 0) + 1
        key = f"{name}-{self._count[name]}"
        if not self.marks_places:
            self.collected[key] = html
            return html
        place = format_html('<mb-part data-mb-part="{}">{}</mb-part>', key, html)
        if sum(self._count.values()) > 1:
            return place
        return self._link(request) + place

    def _link(self, request: HttpRequest) -> SafeString:
        return render_to_string(
            "medborgare_segments/includes/parts_link.html", {"page": self.page}, request
        )


class _Unnoted(Reads):
    """A note of nothing: what an unpersonal visitor answers is the same for all."""

    def __bool__(self) -> bool:
        return False


class Nobody(Visitor):
    """The visitor that the edge form of a page is made for: has chosen nothing."""

    def __init__(self) -> None:
        super().__init__(None)
        self.reads = _Unnoted()


def parts_of(request: HttpRequest | None) -> Parts | None:
    """Return the parts that a request marks or collects; None for an ordinary page."""
    return getattr(request, _ATTRIBUTE, None)


def collect_parts(request: HttpRequest, page: Page) -> Parts:
    """Collect the parts of the page that this request renders."""
    parts = Parts(page, marks_places=False)
    setattr(request, _ATTRIBUTE, parts)
    return parts


def as_part(
    name: Callable[[], str], render: Callable[[], str], context: Any
) -> SafeString | str:
    """Render something personal: in its place, as a part, or as it is."""
    request = context.get("request") if context else None
    parts = parts_of(request)
    if parts is None or request is None:
        return render()
    return SafeString(parts.render(name(), render, request))


def name_of_block(block: Any, value: Any) -> str:
    """Return a name that a block has in every rendering, by what it holds."""
    held = json.dumps(_without_ids(block.get_prep_value(value)), cls=DjangoJSONEncoder)
    return short_name(f"{type(block).__name__} {held}")


def _without_ids(held: Any) -> Any:
    """Leave out the ids of list items: what was never saved gets new ones each time."""
    if isinstance(held, dict):
        return {key: _without_ids(value) for key, value in held.items() if key != "id"}
    if isinstance(held, list | tuple):
        return [_without_ids(item) for item in held]
    return held


def short_name(text: str) -> str:
    """Return a short name for a text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def is_edge_page(page: Page) -> bool:
    """Say whether the site wants pages of this type in the edge form."""
    wanted = {label.lower() for label in app_settings.EDGE_PAGES}
    return page.specific_class is not None and (
        page.specific_class._meta.label_lower in wanted
    )


def serve_at_the_edge(serve: Callable[..., Any]) -> Callable[..., Any]:
    """Serve the edge form of the pages that have one (``on_serve_page``)."""

    def inner(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> Any:
        is_personal = getattr(request, "_medborgare_is_personal", False)
        if not is_personal and is_edge_page(page):
            request.visitor = Nobody()  # type: ignore[attr-defined]  # ours
            setattr(request, _ATTRIBUTE, Parts(page, marks_places=True))
        return serve(page, request, args, kwargs)

    return inner
