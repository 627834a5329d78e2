from datetime import date, time
from typing import Any

from wagtail.models import Locale

from municipality.demo import texts
from municipality.demo.situations import situations
from wagtail_medborgare.services.models import (
    Module,
    ModuleClosedDay,
    ModuleLink,
    ModuleOpeningHours,
    ModuleService,
    Service,
    Unit,
)


def load_modules() -> int:
    """Create the modules of the units that are missing."""
    units = {unit.slug: unit for unit in Unit.objects.all()}
    made = 0
    for place, text in enumerate(texts("modules")["modules"]):
        if Module.objects.filter(title=text["title"]).exists():
            continue
        _create(text, units, place)
        made += 1
    return made


def _create(text: dict[str, Any], units: dict[str, Unit], place: int) -> None:
    chosen = situations(text["situations"])
    module = Module(
        kind=text["kind"],
        title=text["title"],
        text=text["text"],
        unit=units.get(text["unit"]),
        locale=Locale.get_default(),
        sort_order=place,
    )
    module.links = [
        ModuleLink(label=label, url=url) for label, url in text.get("links", ())
    ]
    module.opening_hours = [
        ModuleOpeningHours(
            weekday=weekday,
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
        )
        for weekday, opens, closes in text.get("hours", ())
    ]
    module.closed_days = [
        ModuleClosedDay(date=date.fromisoformat(day), label=label)
        for day, label in text.get("closed", {}).items()
    ]
    found = Service.objects.filter(life_situations__in=chosen).distinct()
    module.service_items = [
        ModuleService(service=service) for service in found[: text.get("services", 0)]
    ]
    module.save()
    module.life_situations.set(chosen)
    module.save()
    module.save_revision().publish()
