from datetime import date
from typing import Any

from wagtail.models import Locale

from municipality.demo import texts
from municipality.demo.situations import situations
from wagtail_medborgare.services.models import Channel, Service, ServiceDeadline, Unit

# The texts hold both in one; the form of a service has a field for each.
WHAT_HAPPENS_THEN = "<h3>Det här händer sedan</h3>"


def load_services() -> int:
    """Create the services that are missing."""
    units = {unit.slug: unit for unit in Unit.objects.all()}
    made = 0
    for text in texts("services")["services"]:
        if Service.objects.filter(slug=text["slug"]).exists():
            continue
        _create(text, units)
        made += 1
    return made


def _create(text: dict[str, Any], units: dict[str, Unit]) -> None:
    description, _, what_happens_then = text["description"].partition(WHAT_HAPPENS_THEN)
    fields = ("slug", "name", "summary", "cost", "handling_time", "have_at_hand")
    service = Service(
        **{name: text[name] for name in fields},
        needs_assessment=text["needs_assessment"],
        is_sensitive=text["is_sensitive"],
        description=description,
        what_happens_then=what_happens_then,
        unit=units.get(text["unit"]),
        locale=Locale.get_default(),
    )
    service.channels = [Channel(**channel) for channel in text["channels"]]
    service.deadlines = [
        ServiceDeadline(**{**item, "date": date.fromisoformat(item["date"])})
        for item in text["deadlines"]
    ]
    service.save()
    service.life_situations.set(situations(text["situations"]))
    service.save()
    service.save_revision().publish()
