"""The languages that names of situations can be given in."""

from collections.abc import Iterable
from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_language, get_language_info

# The official and national minority languages of Sweden and Norway, and English.
_USUAL = ("sv", "nb", "nn", "fi", "en", "se", "fit", "rom", "yi")

T = TypeVar("T")


def language_choices() -> list[tuple[str, str]]:
    """Return codes and own names: the site's languages first, then the usual ones."""
    choices = {_base(code): str(name) for code, name in settings.LANGUAGES}
    for code in _USUAL:
        choices.setdefault(code, _own_name(code))
    return list(choices.items())


def in_language(values: dict[str, T], default: T) -> T:
    """Return the value for the active language, else the default."""
    language = get_language() or settings.LANGUAGE_CODE
    for code in candidates(language):
        if code in values:
            return values[code]
    return default


def candidates(language: str) -> Iterable[str]:
    """Return the codes under which a text for this language may be stored."""
    lowered = language.lower()
    base = _base(lowered)
    # Wagtail sites in Norway are set up as nb, nn or the macro language.
    return (lowered, base, *(("nb",) if base == "no" else ()))


def _base(code: str) -> str:
    return code.split("-")[0].lower()


def _own_name(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return _NAMES[code]


_NAMES = {
    "se": "Davvisámegiella",
    "fit": "Meänkieli",
    "rom": "Romani",
    "yi": "ייִדיש",
}
