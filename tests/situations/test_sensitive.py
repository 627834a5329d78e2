from __future__ import annotations

import pytest
from factories import make_page, make_situation
from testapp.models import PlainPage
from wagtail.models import Page

from wagtail_medborgare.situations.sensitive import is_sensitive_page, sensitive_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def debt():
    return make_situation("Få skulder", is_sensitive=True)


@pytest.fixture
def section(home, debt):
    return make_page(home, situations=[debt], situations_cover_section=True)


def is_sensitive(page):
    return is_sensitive_page(Page.objects.get(pk=page.pk))


def test_page_is_sensitive_by_its_own_tag(home, debt):
    page = make_page(home, situations=[debt])

    assert is_sensitive(page)


def test_page_of_another_situation_is_not(home, debt):
    page = make_page(home, situations=[make_situation()])

    assert not is_sensitive(page)
    assert not is_sensitive(home)


def test_page_below_a_sensitive_page_is_not_unless_it_covers_the_section(home, debt):
    page = make_page(make_page(home, situations=[debt]), PlainPage)

    assert not is_sensitive(page)


def test_page_of_any_type_is_sensitive_by_its_section(section):
    page = make_page(make_page(section), PlainPage)

    assert is_sensitive(page)


def test_page_beside_a_sensitive_section_is_not(home, section):
    assert not is_sensitive(make_page(home))


def test_page_is_sensitive_as_soon_as_it_is_tagged(home, debt):
    page = make_page(home)
    sensitive_pages.get()

    page.life_situations.add(debt)
    page.save()

    assert is_sensitive(page)


def test_page_is_not_sensitive_once_untagged(home, debt):
    page = make_page(home, situations=[debt])
    sensitive_pages.get()

    page.life_situations.clear()
    page.save()

    assert not is_sensitive(page)


def test_page_moved_into_a_section_is_sensitive(home, section):
    page = make_page(home)
    sensitive_pages.get()

    page.move(Page.objects.get(pk=section.pk), pos="last-child")

    assert is_sensitive(page)


def test_section_that_moves_takes_its_pages_along(home, section):
    page, elsewhere = make_page(section), make_page(home)
    sensitive_pages.get()

    Page.objects.get(pk=section.pk).move(elsewhere, pos="first-child")

    assert is_sensitive(page)
    assert not is_sensitive(elsewhere)


def test_page_that_takes_the_place_of_a_section_is_not_sensitive(home, section):
    other = make_page(home)
    sensitive_pages.get()

    # Reordering moves every sibling to another path.
    Page.objects.get(pk=other.pk).move(Page.objects.get(pk=section.pk), pos="left")

    assert not is_sensitive(other)
    assert is_sensitive(section)


def test_page_follows_the_flag_of_its_situation(section, debt):
    page = make_page(section)
    sensitive_pages.get()

    debt.is_sensitive = False
    debt.save()

    assert not is_sensitive(page)


def test_page_becomes_sensitive_with_its_situation(home):
    situation = make_situation()
    page = make_page(home, situations=[situation])
    sensitive_pages.get()

    situation.is_sensitive = True
    situation.save()

    assert is_sensitive(page)


def test_page_is_not_sensitive_when_the_situation_is_gone(section, debt):
    sensitive_pages.get()

    debt.delete()

    assert not is_sensitive(section)


def test_draft_of_a_section_is_not_sensitive_yet(home, debt):
    page = make_page(home, situations=[debt])
    below = make_page(page)

    page.situations_cover_section = True
    page.save_revision()

    assert not is_sensitive(below)


def test_no_query_is_made_once_warm(section, django_assert_num_queries):
    page = Page.objects.get(pk=make_page(section).pk)
    sensitive_pages.get()

    with django_assert_num_queries(0):
        assert is_sensitive_page(page)
