"""The editor guide is read inside the administration."""

from __future__ import annotations

import gettext
import json
import re
from pathlib import Path

import pytest
import wagtail
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.utils.text import capfirst
from django.utils.translation import override
from factories import make_editor
from wagtail.admin.menu import reports_menu

import wagtail_medborgare
from wagtail_medborgare.core.guide import CHAPTERS, LANGUAGES, chapters, guide_language
from wagtail_medborgare.core.wagtail_hooks import medborgare_menu

pytestmark = pytest.mark.django_db

START = "/admin/medborgare/guide/"


@pytest.fixture
def editor(client):
    user = make_editor(is_superuser=False)
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    return client


def soup(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_help_leads_to_the_guide(editor):
    assert START in editor.get("/admin/").content.decode()


def test_the_guide_begins_with_the_first_chapter(editor):
    page = soup(editor.get(START, headers={"Accept-Language": "en"}))

    assert page.select_one("article h2").text == chapters("en")[0].title


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_link_and_picture_of_a_chapter_is_there(editor, slug, language):
    page = soup(editor.get(f"{START}{slug}/?language={language}"))
    article = page.select_one("article")

    for link in article.select("a[href]"):
        assert editor.get(link["href"]).status_code == 200
    for picture in article.select("img"):
        path = picture["src"].removeprefix("/static/")
        assert finders.find(path), path
        assert picture["alt"]


def test_the_guide_speaks_the_language_of_the_administration(editor):
    page = soup(editor.get(START, headers={"Accept-Language": "sv"}))

    assert page.select_one("article")["lang"] == "sv"


def test_another_language_is_kept_from_chapter_to_chapter(editor):
    page = soup(editor.get(f"{START}?language=sv"))

    links = page.select(".mb-guide__contents ol a")
    assert len(links) == len(CHAPTERS)
    assert all(link["href"].endswith("?language=sv") for link in links)


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("sv-fi", "sv"), ("nb", "sv"), ("nn", "sv"), ("fi", "en"), (None, "en")],
)
def test_who_reads_no_language_of_the_guide_gets_the_nearest(wanted, language):
    assert guide_language(wanted) == language


@pytest.mark.parametrize("slug", ["nothing", "__init__", "first-hour.md"])
def test_an_unknown_chapter_is_not_found(editor, slug):
    assert editor.get(f"{START}{slug}/").status_code == 404


def test_who_has_no_business_in_the_administration_is_sent_to_log_in(client):
    response = client.get(START)

    assert response.status_code == 302
    assert "login" in response["Location"]


def test_the_text_has_no_markup_of_its_own():
    for language in LANGUAGES:
        for chapter in chapters(language):
            assert not re.search(r"<[a-zA-Z]", chapter.text)


# --- Links to the menu ----------------------------------------------------------------

_MENU_LINK = re.compile(r"\[([^]]+)\]\(menu:([\w-]+)\)")


def menu_of(user) -> dict[str, str]:
    """Return what the items of our menu and of the reports are called, by name."""
    request = RequestFactory().get("/admin/")
    request.user = user
    return {
        item.name: capfirst(str(item.label))
        for menu in (medborgare_menu, reports_menu)
        for item in menu.menu_items_for_request(request)
        if item.name.startswith("medborgare-")
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_to_the_menu_says_what_the_menu_says(language):
    links = {
        (name, " ".join(words.split()))
        for chapter in chapters(language)
        for words, name in _MENU_LINK.findall(chapter.text)
    }
    with override(language):
        menu = menu_of(make_editor(is_superuser=True))

    # In running text it may be said in other words.
    in_text = {"list of services", "listan över tjänster"}
    assert links
    assert {link for link in links if link[1] not in in_text} <= set(menu.items())
    assert {name for name, _words in links} <= set(menu)


@pytest.mark.parametrize("slug", CHAPTERS)
def test_every_link_of_a_chapter_is_there_for_who_may_do_everything(client, slug):
    client.force_login(make_editor(is_superuser=True))
    article = soup(client.get(f"{START}{slug}/?language=sv")).select_one("article")
    source = next(item.text for item in chapters("sv") if item.slug == slug)

    links = [link["href"] for link in article.select("a[href]")]

    named = len(_MENU_LINK.findall(source))
    assert len([link for link in links if not link.startswith(START)]) == named
    assert {client.get(link).status_code for link in links} == {200}


def test_a_menu_item_that_the_reader_does_not_have_is_no_link(editor):
    article = soup(editor.get(f"{START}life-situations/?language=sv")).article

    # Who may edit pages only has no list of life situations.
    assert "Medborgare → Livssituationer" in article.text
    assert not article.select("a[href*=lifesituation]")
    assert "menu:" not in str(article)


# --- Labels ---------------------------------------------------------------------------

EXAMPLE_SITE = Path(__file__).parents[2] / "example_site" / "municipality"
# Words that are explained or stressed, what has no Swedish in Wagtail, an example of our
# own, and a label of which the catalogues keep the singular only.
OTHERS = {
    "sv": {"känslig", "mindre", "sort item order"},
    "en": {
        "sensitive",
        "less",
        "sort item order",
        "two children and a house",
        "show all",
    },
}
# The name of whatever model the list is about takes the place of the placeholder.
ADDED = {"sv": ("modul", "verksamhet", "tjänst"),
         "en": ("module of a unit", "unit", "service")}  # fmt: skip


def labels_in(language: str) -> set[str]:
    """Return what the guide sets in bold or italics or explains in a table.

    It is in lower case.
    """
    found = []
    for chapter in chapters(language):
        text = _MENU_LINK.sub(r"\1", chapter.text)
        for marked in re.findall(r"\*\*(.+?)\*\*|\*(.+?)\*", text, re.DOTALL):
            found += "".join(marked).split("→")
        if chapter.slug in {"blocks", "modules", "what-is-missing"}:
            rows = re.sub(r".*\n *\| ---.*", "", text)
            found += re.findall(r"^ *\| ([^|]+) \|", rows, re.MULTILINE)
    return {" ".join(label.split()).casefold() for label in found}


def labels_of_the_admin(language: str) -> set[str]:
    """Return every text of Wagtail's and ours in a language, in lower case.

    A placeholder at its end is left out: "Submit to %(workflow_name)s".
    """
    found = set()
    for package in (wagtail, wagtail_medborgare):
        folder = Path(package.__file__).parent
        for path in folder.rglob("locale/sv/LC_MESSAGES/*.mo"):
            with path.open("rb") as file:
                known = gettext.GNUTranslations(file)._catalog
            for key, translated in known.items():
                text = key[0] if isinstance(key, tuple) else key
                original = text.rpartition("\x04")[2]
                found.add(original if language == "en" else translated)
    add = "add" if language == "en" else "lägg till"
    return {re.sub(r"\s*%\(\w+\)s$", "", text).strip().casefold() for text in found} | {
        f"{add} {name}" for name in ADDED[language]
    }


def examples(language: str) -> set[str]:
    """Return what the example site and the starter set call things, in lower case."""
    package = Path(wagtail_medborgare.__file__).parent
    starter_set = package / "situations" / "starter_set.json"
    situations = json.loads(starter_set.read_text("utf-8"))["situations"]
    personas = (EXAMPLE_SITE / "content" / "personas.json").read_text("utf-8")
    sources = [EXAMPLE_SITE / "blocks.py", EXAMPLE_SITE / "demo" / "editors.py"]
    python = " ".join(path.read_text("utf-8") for path in sources)
    named = re.findall(r'(?:label|name|WORKFLOW) ?= ?"([^"]+)"', python)
    named += re.findall(r'"name": "([^"]+)"', personas)
    named += [item["labels"][language]["name"] for item in situations]
    return {name.casefold() for name in named}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_calls_everything_what_the_administration_calls_it(language):
    known = labels_of_the_admin(language) | examples(language) | OTHERS[language]

    assert labels_in(language) - known == set()
