from django import template
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

register = template.Library()

_FOLDER = "medborgare_situations/icons"


@register.inclusion_tag(f"{_FOLDER}/icon.html")
def mb_icon(name: str, classname: str = "") -> dict[str, str]:
    """Draw an icon by name; always put words beside it, it is hidden from readers."""
    return {"shape": _shape(name), "classname": classname}


def _shape(name: str) -> str:
    try:
        return get_template(f"{_FOLDER}/{name}.svg").render()
    except TemplateDoesNotExist:
        return get_template(f"{_FOLDER}/circle.svg").render()
