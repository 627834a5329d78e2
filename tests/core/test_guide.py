"""The editor guide is read inside the administration."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.contrib.staticfiles import finders
from factories import make_editor

from wagtail_medborgare.core.guide import CHAPTERS, LANGUAGES, chapters, guide_language

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
