"""The contract of a kind of unit module, and the kinds that there are."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils.functional import Promise
from wagtail import hooks

from wagtail_medborgare.services.models import Module
from wagtail_medborgare.visitors.visitor import Visitor

HOOK = "register_medborgare_unit_module_kinds"


class UnitModuleKind(ABC):
    """What a unit's module can be. Register the class with the hook ``HOOK``.

    The class is made anew for each rendering of a page, and once for all modules of its
    kind: what ``prepare`` has read, ``get_context`` finds on ``self``.
    """

    name: ClassVar[str]
    """What is stored in the module: short, stable, of one's own."""

    label: ClassVar[str | Promise]
    """What editors choose it by."""

    template_name: ClassVar[str]
    """Rendered with ``item.module``, and what ``get_context`` returns as ``shown``."""

    fields: ClassVar[tuple[str, ...]] = ("text",)
    """Which fields and lists of ``Module`` it uses; the form shows no others."""

    prefetch: ClassVar[tuple[str | Prefetch, ...]] = ()
    """What it reads beside the modules, as for ``prefetch_related``."""

    def clean(self, module: Module, rows: Mapping[str, int]) -> None:  # noqa: B027
        """Say in words what is missing before it is published.

        ``rows`` is how many rows each list has: ``{"links": 2}``. Raises ValidationError,
        with a dict to name the fields.
        """

    def prepare(  # noqa: B027  (neither is every kind's concern)
        self, modules: Sequence[Module], visitor: Visitor, request: HttpRequest | None
    ) -> None:
        """Read at once what all modules of this kind on the page need."""

    @abstractmethod
    def get_context(
        self, module: Module, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        """Return what the template needs; None leaves the module out."""


def unit_module_kinds() -> dict[str, type[UnitModuleKind]]:
    """Return all kinds by name: ours, then those that the site has registered."""
    from wagtail_medborgare.services.unit_modules.feed import FeedKind
    from wagtail_medborgare.services.unit_modules.opening_hours import OpeningHoursKind
    from wagtail_medborgare.services.unit_modules.service_list import ServiceListKind
    from wagtail_medborgare.services.unit_modules.text import TextKind

    kinds: list[type[UnitModuleKind]] = [
        TextKind,
        ServiceListKind,
        FeedKind,
        OpeningHoursKind,
    ]
    for hook in hooks.get_hooks(HOOK):
        contributed = hook()
        kinds += contributed if isinstance(contributed, Iterable) else [contributed]
    return {kind.name: kind for kind in kinds}
