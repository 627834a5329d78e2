from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from wagtail_medborgare.situations.sensitive import is_sensitive_page

register = template.Library()


@register.filter
def names(situations: Iterable[Any]) -> str:
    """Join names as people do: “Having a child and Moving”."""
    return str(get_text_list([str(item) for item in situations], _("and")))


@register.inclusion_tag("medborgare_visitors/includes/quick_exit_on_page.html")
def quick_exit(page: Any) -> dict[str, bool]:
    """Offer the quick exit on pages about something sensitive; reads no visitor.

    Put it first in the body: first in sight and first for the keyboard.
    """
    return {"is_sensitive": bool(page) and is_sensitive_page(page)}
