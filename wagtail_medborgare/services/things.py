"""Services are things that a visitor can save or wave away."""

from collections.abc import Sequence
from typing import Any

from wagtail_medborgare.services.models import Service
from wagtail_medborgare.visitors.things import ThingKind, register_kind

SERVICE = "service"


def sensitivity(keys: Sequence[str]) -> dict[str, bool]:
    """Say for each published service whether keeping it reveals something sensitive."""
    pks = [int(key) for key in keys if key.isdecimal()]
    services: Any = Service.objects.filter(pk__in=pks, live=True).with_sensitivity()
    found = dict(services.values_list("pk", "is_about_something_sensitive"))
    return {
        key: found[int(key)] for key in keys if key.isdecimal() and int(key) in found
    }


def register() -> None:
    """Tell the visitors' room about services."""
    register_kind(ThingKind(name=SERVICE, sensitivity=sensitivity))
