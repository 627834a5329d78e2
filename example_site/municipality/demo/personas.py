from municipality.demo import texts
from municipality.demo.situations import situations
from wagtail_medborgare.situations.models import Persona


def load_personas() -> int:
    """Create the made-up residents that are missing, for editors to preview as."""
    made = 0
    for number, text in enumerate(texts("personas")["personas"]):
        if Persona.objects.filter(name=text["name"]).exists():
            continue
        persona = Persona.objects.create(
            name=text["name"], description=text["description"], sort_order=number
        )
        persona.life_situations.set(situations(text["situations"]))
        persona.save()
        made += 1
    return made
