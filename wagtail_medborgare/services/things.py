"""Services are things that a visitor can save or wave away."""

from wagtail_medborgare.services.models import Service
from wagtail_medborgare.visitors.things import ThingKind, register_kind

SERVICE = "service"


def is_sensitive(key: str) -> bool | None:
    """Say whether saving this service reveals something sensitive; None if unknown."""
    if not key.isdecimal():
        return None
    service = Service.objects.filter(pk=int(key), live=True).first()
    if service is None:
        return None
    return (
        service.is_sensitive
        or service.life_situation_items.filter(tag__is_sensitive=True).exists()
    )


def register() -> None:
    """Tell the visitors' room about services."""
    register_kind(ThingKind(name=SERVICE, is_sensitive=is_sensitive))
