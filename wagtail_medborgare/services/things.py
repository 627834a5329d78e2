"""Services are things that a visitor can save or wave away."""

from collections.abc import Sequence

from wagtail_medborgare.services.snapshot import catalogue
from wagtail_medborgare.visitors.things import ThingKind, register_kind

SERVICE = "service"


def sensitivity(keys: Sequence[str]) -> dict[str, bool]:
    """Say for each published service whether keeping it reveals something sensitive."""
    services = catalogue.get()
    found = {key: services.is_sensitive(int(key)) for key in keys if key.isdecimal()}
    return {key: answer for key, answer in found.items() if answer is not None}


def register() -> None:
    """Tell the visitors' room about services."""
    register_kind(ThingKind(name=SERVICE, sensitivity=sensitivity))
