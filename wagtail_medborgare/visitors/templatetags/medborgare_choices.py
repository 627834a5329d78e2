from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.situations.sensitive import is_sensitive_page

register = template.Library()


@register.filter
def names(situations: Iterable[Any]) -> str:
    """Join names as people do: “Having a child and Moving”.

    Names with a comma of their own are quoted, or nobody would see where one ends.
    """
    found = [str(item) for item in situations]
    if len(found) > 1 and any("," in name for name in found):
        found = [_("“%(name)s”") % {"name": name} for name in found]
    return str(get_text_list(found, _("and")))


@register.simple_tag
def remembered_days() -> int:
    """Return for how many days a device remembers a choice."""
    return app_settings.DEVICE_COOKIE_DAYS


@register.simple_tag
def quick_exit_address() -> str:
    """Return where the quick exit leads, for the script that leaves no history."""
    return app_settings.QUICK_EXIT_URL or "/"


@register.inclusion_tag("medborgare_visitors/includes/quick_exit_on_page.html")
def quick_exit(page: Any) -> dict[str, bool]:
    """Offer the quick exit on pages about something sensitive; reads no visitor.

    Put it first in the body: first in sight and first for the keyboard.
    """
    return {"is_sensitive": bool(page) and is_sensitive_page(page)}
