from typing import Any

from django import template

from wagtail_medborgare.services.addresses import CATALOGUE, MY_SERVICES, page_url

register = template.Library()


@register.simple_tag(takes_context=True)
def my_services_url(context: Any) -> str:
    """Return the address of My services on this site; empty when there is none."""
    return page_url(MY_SERVICES, context.get("request"))


@register.simple_tag(takes_context=True)
def catalogue_url(context: Any) -> str:
    """Return the address of the service catalogue on this site; empty without one."""
    return page_url(CATALOGUE, context.get("request"))
