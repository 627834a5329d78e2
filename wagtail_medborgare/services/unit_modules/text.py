"""A text and links."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_medborgare.services.models import Module, ModuleLink
from wagtail_medborgare.services.models.services import shown_address
from wagtail_medborgare.services.unit_modules.base import UnitModuleKind
from wagtail_medborgare.visitors.visitor import Visitor


class TextKind(UnitModuleKind):
    """A text, and links to pages and web addresses."""

    name = "text"
    label = gettext_lazy("Text and links")
    template_name = "medborgare_services/unit_modules/text.html"
    fields = ("text", "links")
    prefetch = (Prefetch("links", ModuleLink.objects.select_related("page")),)

    def clean(self, module: Module, rows: Mapping[str, int]) -> None:
        if not has_text(module) and not rows.get("links"):
            raise ValidationError({"text": _("Write a text, or add a link.")})

    def get_context(
        self, module: Module, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        links = [_shown(link, request) for link in module.links.all()]
        links = [link for link in links if link["url"]]
        return {"links": links} if links or has_text(module) else None


def _shown(link: ModuleLink, request: HttpRequest | None) -> dict[str, str]:
    """Return text and address; no address for a page that is not published."""
    page = link.page
    if page is None:
        return {"label": link.label, "url": shown_address(link.url)}
    url = page.get_url(request) if page.live else ""
    return {"label": link.label or page.title, "url": url or ""}


def has_text(module: Module) -> bool:
    """Say whether anything is left of the text without its tags."""
    return bool(strip_tags(module.text or "").strip())
