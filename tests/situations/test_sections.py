"""What a section says beneath it, and the pages for which that does not hold."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_page, make_situation
from testapp.models import ArticlePage, PlainPage
from wagtail.models import Page
from wagtail.test.utils import WagtailTestUtils

from wagtail_medborgare.situations.models import SectionExit, TaggedPage
from wagtail_medborgare.situations.pages import (
    first_pages_for_situations,
    pages_for_situations,
    situations_of_page,
    with_reasons,
)
from wagtail_medborgare.situations.reach import count_beneath
from wagtail_medborgare.situations.sections import regions
from wagtail_medborgare.situations.sensitive import is_sensitive_page

pytestmark = pytest.mark.django_db

FORM = "page-edit-form"


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def house():
    return make_situation("Bygga hus")


@pytest.fixture
def section(home, child):
    return make_page(
        home, title="Familj", situations=[child], situations_cover_section=True
    )


@pytest.fixture
def left(section):
    """A page in the section for which the section's situations do not hold."""
    return make_page(section, title="Utanför", situations_leave_section=True)


def fresh(page):
    return Page.objects.get(pk=page.pk)


def titles(*situations):
    pks = [item.pk for item in situations]
    found = list(pages_for_situations(pks))
    first = first_pages_for_situations(pks, limit=100)
    assert first == with_reasons(found, pks)
    return {page.title for page in found}


# --- Leaving ---


def test_page_that_leaves_is_not_about_what_its_section_says(section, left, child):
    assert situations_of_page(fresh(left)) == frozenset()
    assert titles(child) == {"Familj"}


def test_everything_beneath_a_page_that_leaves_leaves_with_it(section, left, child):
    below = make_page(make_page(left), PlainPage)

    assert situations_of_page(below) == frozenset()
    assert titles(child) == {"Familj"}


def test_page_that_leaves_keeps_its_own_situations(section, child, house):
    page = make_page(
        section, title="Egen", situations=[house], situations_leave_section=True
    )

    assert situations_of_page(page) == {house.pk}
    assert titles(child, house) == {"Familj", "Egen"}


def test_page_that_leaves_can_be_a_section_itself(section, child, house):
    page = make_page(
        section,
        situations=[house],
        situations_leave_section=True,
        situations_cover_section=True,
    )
    below = make_page(page, title="Under")

    assert situations_of_page(below) == {house.pk}
    assert "Under" in titles(house)
    assert "Under" not in titles(child)


def test_section_beneath_a_page_that_left_holds_again(left, child):
    inner = make_page(left, situations=[child], situations_cover_section=True)
    make_page(inner, title="Inne igen")

    assert "Inne igen" in titles(child)


def test_draft_that_leaves_changes_nothing(section, child):
    page = make_page(section, title="Sida")
    page.situations_leave_section = True
    page.save_revision()

    assert situations_of_page(page) == {child.pk}
    assert titles(child) == {"Familj", "Sida"}

    page.get_latest_revision().publish()

    assert titles(child) == {"Familj"}


def test_page_that_comes_back_is_covered_again(left, child):
    page = ArticlePage.objects.get(pk=left.pk)
    page.situations_leave_section = False
    page.save_revision().publish()

    assert not SectionExit.objects.exists()
    assert titles(child) == {"Familj", "Utanför"}


def test_page_that_left_and_is_not_published_any_more_says_nothing(left, child):
    make_page(left, title="Under")
    assert titles(child) == {"Familj"}

    fresh(left).specific.unpublish()

    assert titles(child) == {"Familj", "Under"}


def test_page_moved_beneath_one_that_left_leaves_too(section, left, child):
    page = make_page(section, title="Flyttad")
    assert titles(child) == {"Familj", "Flyttad"}

    fresh(page).move(fresh(left), pos="last-child")

    assert titles(child) == {"Familj"}


def test_copy_of_a_page_that_left_has_left_too(section, left, child):
    copy = ArticlePage.objects.get(pk=left.pk).copy(
        update_attrs={"slug": "kopia", "title": "Kopia"}
    )

    assert SectionExit.objects.filter(page_id=copy.pk).exists()
    assert titles(child) == {"Familj"}


def test_deleted_page_leaves_no_trace(left):
    fresh(left).delete()

    assert not SectionExit.objects.exists()


def test_page_that_leaves_something_sensitive_is_not_sensitive(home):
    debt = make_situation(is_sensitive=True)
    section = make_page(home, situations=[debt], situations_cover_section=True)
    page = make_page(section)
    assert is_sensitive_page(page)

    page.situations_leave_section = True
    page.save_revision().publish()
    below = make_page(page)

    assert is_sensitive_page(section)
    assert not is_sensitive_page(page)
    assert not is_sensitive_page(below)

    fresh(page).specific.unpublish()

    assert is_sensitive_page(below)


# --- Against a walk up the tree ---


def tags_by_walking(page):
    """Ask each page above in turn, without any of the code under test."""
    tags = {item.pk for item in page.specific.life_situations.all()}
    while True:
        own = page.specific
        if own.live and own.situations_cover_section:
            tags |= {item.pk for item in own.life_situations.all()}
        if own.live and own.situations_leave_section:
            return tags
        if page.depth == 2:
            return tags
        page = page.get_parent()


@pytest.mark.parametrize("seed", range(12))
def test_all_ways_to_ask_agree_with_a_walk_up_the_tree(home, seed):
    chance = random.Random(seed)
    situations = [make_situation(is_sensitive=chance.random() < 0.3) for _ in range(4)]
    parents = [home]
    for _number in range(30):
        # Deep rather than broad, so that sections and exits lie in one another.
        parent = chance.choice(parents[-6:])
        page = make_page(
            parent,
            situations=chance.sample(situations, chance.randrange(3)),
            situations_cover_section=chance.random() < 0.4,
            situations_leave_section=chance.random() < 0.25,
            live=chance.random() < 0.85,
        )
        parents.append(page)
    pages = list(Page.objects.filter(depth__gte=2))
    expected = {page.pk: tags_by_walking(page) for page in pages if page.live}

    chosen = {item.pk for item in chance.sample(situations, 2)}
    listed = {page.pk for page in pages_for_situations(chosen)}
    first = first_pages_for_situations(chosen, limit=100)

    assert listed == {pk for pk, tags in expected.items() if tags & chosen}
    assert {item.page.pk: item.situation_pks for item in first} == {
        pk: tags & chosen for pk, tags in expected.items() if tags & chosen
    }
    assert {
        page.pk: situations_of_page(page) for page in pages if page.live
    } == expected
    sensitive = {item.pk for item in situations if item.is_sensitive}
    for page in pages:
        if page.live and expected[page.pk] & sensitive:
            assert is_sensitive_page(page)


@pytest.mark.parametrize("seed", range(50))
def test_regions_hold_where_the_nearest_word_says_so(seed):
    chance = random.Random(seed)
    paths = {
        "".join(f"{chance.randrange(3):04}" for _ in range(chance.randrange(1, 6)))
        for _ in range(40)
    }
    sections = {path for path in paths if chance.random() < 0.3}
    exits = {path for path in paths if chance.random() < 0.3}

    found = regions(sections, exits)

    for path in paths:
        expected = False
        for end in range(4, len(path) + 1, 4):
            above = path[:end]
            expected = above in sections or (expected and above not in exits)
        inside = [
            region
            for region in found
            if path.startswith(region.path) and not path.startswith(tuple(region.exits))
        ]
        assert bool(inside) == expected


# --- What it costs ---


@pytest.mark.parametrize("count", [1, 30])
def test_queries_do_not_grow_with_the_pages_that_leave(section, child, count):
    for _number in range(count):
        make_page(section, situations_leave_section=True)
    page = fresh(section)
    with CaptureQueriesContext(connection) as queries:
        list(pages_for_situations([child.pk]))
    with CaptureQueriesContext(connection) as for_one:
        situations_of_page(page)

    assert len(queries) <= 5
    assert len(for_one) == 1


# --- In the editor ---


def edit_form(browser, page):
    text = browser.get(f"/admin/pages/{page.pk}/edit/").text
    return WagtailTestUtils.get_soup(text).select_one(".mb-sections")


def words(soup):
    return " ".join(soup.get_text().split())


def test_editor_sees_what_comes_from_above_and_from_where(editor_with, section):
    page = make_page(section)

    shown = edit_form(editor_with(language="en"), page)

    assert "Få barn from “Familj”" in words(shown)
    assert shown.find("a")["href"] == f"/admin/pages/{section.pk}/edit/"


def test_section_that_the_editor_may_not_edit_is_no_link(editor_of, section):
    page = make_page(section)

    shown = edit_form(editor_of(page), page)

    assert "Få barn" in words(shown)
    assert shown.find("a") is None


def test_editor_sees_that_what_is_above_does_not_hold(editor_with, left):
    shown = edit_form(editor_with(language="en"), left)

    assert "Said above, but does not hold here" in words(shown)


def test_editor_sees_how_many_pages_a_section_reaches(editor_with, section, left):
    make_page(left)
    make_page(make_page(section), live=False)

    shown = edit_form(editor_with(language="en"), section)

    assert count_beneath(fresh(section)) == 1
    assert "hold for 1 published page beneath it" in words(shown)


def test_new_page_shows_what_it_will_have_from_above(editor_with, section):
    text = (
        editor_with(language="en")
        .get(f"/admin/pages/add/testapp/articlepage/{section.pk}/")
        .text
    )

    assert "from “Familj”" in words(WagtailTestUtils.get_soup(text))


def test_page_without_anything_above_or_beneath_shows_nothing(editor_with, home):
    page = make_page(home)

    assert edit_form(editor_with(), page) is None


def test_editor_lets_a_page_leave_its_section(editor_with, section, child):
    browser = editor_with()
    page = make_page(section, title="Sida")
    url = f"/admin/pages/{page.pk}/edit/"
    form = browser.read_form(url, FORM)
    form["situations_leave_section"] = "on"
    form["action-publish"] = "action-publish"

    assert browser.send_form(url, form).status_code == 302

    assert titles(child) == {"Familj"}
    assert TaggedPage.objects.count() == 1
