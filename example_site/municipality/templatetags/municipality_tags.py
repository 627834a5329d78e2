from typing import Any

from django import template
from wagtail.models import Page, Site

from municipality.models import MyServicesPage, ServiceCataloguePage

register = template.Library()


@register.simple_tag(takes_context=True)
def site_pages(context: Any) -> dict[str, Any]:
    """Return what the header and the footer link to."""
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return {}
    start = site.root_page
    below = list(start.get_children().live().order_by("path"))
    return {
        "start": start,
        "sections": [page for page in below if page.show_in_menus],
        "about": [
            page for page in below if page.slug in {"om-webbplatsen", "tillganglighet"}
        ],
        "my_services": MyServicesPage.objects.live().first(),
        "catalogue": ServiceCataloguePage.objects.live().first(),
    }


@register.filter
def is_within(page: Any, section: Page) -> bool:
    """Say whether a page is this section, or lies in it."""
    return isinstance(page, Page) and page.path.startswith(section.path)


@register.simple_tag
def pages_above(page: Any) -> list[Page]:
    """Return the pages from the start page down to this one's parent."""
    return list(page.get_ancestors().live().filter(depth__gt=1)) if page else []
