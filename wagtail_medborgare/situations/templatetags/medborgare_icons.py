import re
from functools import lru_cache

from django import template
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()

_FOLDER = "medborgare_situations/icons"
_NAME = re.compile(r"[a-z0-9-]{1,40}")


@register.simple_tag
def mb_icon(name: str, classname: str = "") -> SafeString:
    """Draw an icon by name; always put words beside it, it is hidden from readers."""
    return _draw(name, classname)


@lru_cache(maxsize=256)
def _draw(name: str, classname: str) -> SafeString:
    # A list shows the same few icons a hundred times.
    context = {"shape": _shape(name), "classname": classname}
    return SafeString(get_template(f"{_FOLDER}/icon.html").render(context))


def _shape(name: str) -> str:
    # It is the name of a file: nothing but a plain name leads to the file system.
    if not _NAME.fullmatch(name):
        name = "circle"
    try:
        return get_template(f"{_FOLDER}/{name}.svg").render()
    except TemplateDoesNotExist:
        return get_template(f"{_FOLDER}/circle.svg").render()
