from __future__ import annotations

import pytest
from django.test import override_settings
from django.utils.translation import override

from wagtail_medborgare.situations.languages import in_language, language_choices

NAMES = {
    "fi": "Lapsi",
    "en": "Child",
    "nb": "Barn (nb)",
    "nn": "Born (nn)",
    "pt-br": "Criança",
}


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("sv", "Barn"),
        ("sv-se", "Barn"),
        ("de", "Barn"),
        ("en", "Child"),
        ("en-gb", "Child"),
        ("fi", "Lapsi"),
        ("nb", "Barn (nb)"),
        ("no", "Barn (nb)"),
        ("nn", "Born (nn)"),
        ("pt-br", "Criança"),
        ("pt", "Barn"),
    ],
)
def test_text_is_in_the_active_language_else_the_default(language, name):
    with override(language):
        assert in_language(NAMES, "Barn") == name


@override_settings(LANGUAGE_CODE="en-us")
def test_site_language_is_used_while_translation_is_off():
    with override(None):
        assert in_language(NAMES, "Barn") == "Child"


@override_settings(LANGUAGES=[("de-at", "Österreichisch"), ("sv", "Vår svenska")])
def test_languages_of_the_site_come_first_and_under_its_own_names():
    codes = [code for code, _name in language_choices()]
    names = dict(language_choices())

    assert codes[:3] == ["de", "sv", "nb"]
    assert names["sv"] == "Vår svenska"


def test_minority_languages_can_be_chosen_by_their_own_names():
    names = dict(language_choices())

    assert names["se"] == "Davvisámegiella"
    assert names["fit"] == "Meänkieli"
    assert names["nb"] == "Norsk (bokmål)"
