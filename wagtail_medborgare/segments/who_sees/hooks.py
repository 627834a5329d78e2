"""Where an editor meets “Who sees this”: beside the form."""

from django.urls import URLResolver, include, path
from wagtail import hooks

from wagtail_medborgare.segments.side_panels import register_side_panel
from wagtail_medborgare.segments.who_sees import urls
from wagtail_medborgare.segments.who_sees.panel import make_panel

register_side_panel(make_panel)


@hooks.register("register_admin_urls")
def register_who_sees() -> list[URLResolver]:
    return [path("medborgare/who-sees/", include(urls))]
