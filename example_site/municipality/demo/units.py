from municipality.demo import texts
from municipality.demo.situations import situations
from wagtail_medborgare.services.models import Unit

HELPS = {
    "barn-och-utbildning": ["having-a-child", "starting-education"],
    "samhallsbyggnad": [
        "building-a-house",
        "looking-for-a-place-to-live",
        "driving-a-vehicle",
    ],
    "omsorg-och-stod": [
        "becoming-a-social-caretaker",
        "facing-debt",
        "facing-a-crime",
        "retirement",
    ],
    "kultur-och-fritid": ["starting-and-running-an-association", "retirement"],
    "naringsliv-och-arbete": [
        "looking-for-a-new-job",
        "losing-quitting-a-job",
        "starting-and-running-a-business",
    ],
    "kontaktcenter": [
        "moving-to-from-the-country",
        "death-of-a-relative",
        "changing-relationship-status",
    ],
}


def load_units() -> int:
    """Create the units that are missing."""
    made = 0
    for text in texts("services")["units"]:
        if Unit.objects.filter(slug=text["slug"]).exists():
            continue
        unit = Unit.objects.create(**text)
        unit.life_situations.set(situations(HELPS[unit.slug]))
        unit.save()
        unit.save_revision().publish()
        made += 1
    return made
