"""Everything of ours that has an address: ``include("wagtail_medborgare.urls")``."""

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

_ROOMS = ("visitors", "segments", "services")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"wagtail_medborgare.{room}.urls"))
    for room in _ROOMS
    if apps.is_installed(f"wagtail_medborgare.{room}")
]
