from __future__ import annotations

import datetime
import random

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from factories import make_page, make_situation
from testapp.models import HomePage, PlainPage
from wagtail.models import Locale, Page, PageViewRestriction, Site

from wagtail_medborgare.situations.pages import (
    first_pages_for_situations,
    pages_for_situations,
    situations_of_page,
    with_reasons,
)
from wagtail_medborgare.situations.tagged_pages import tagged_pages

pytestmark = pytest.mark.django_db

RESTRICTIONS = ["password", "login", "groups"]


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def house():
    return make_situation("Bygga hus")


@pytest.fixture
def section(home, child):
    """Everything beneath is about having a child."""
    return make_page(home, situations=[child], situations_cover_section=True)


def titles(*situations, **kwargs):
    pks = [situation.pk for situation in situations]
    pages = list(pages_for_situations(pks, **kwargs))
    first = first_pages_for_situations(pks, limit=100, **kwargs)
    assert [item.page for item in first] == pages
    return [page.title for page in pages]


def reasons(*situations):
    pks = [situation.pk for situation in situations]
    found = with_reasons(pages_for_situations(pks), pks)
    assert first_pages_for_situations(pks, limit=100) == found
    return {item.page.title: item.situation_pks for item in found}


def restrict(page, kind):
    page = Page.objects.get(pk=page.pk)
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=kind, password="hemligt"
    )
    if kind == PageViewRestriction.GROUPS:
        restriction.groups.add(Group.objects.create(name="Personal"))


def make_other_site():
    root = Page.objects.get(depth=1)
    other = root.add_child(instance=HomePage(title="Annan", slug="annan"))
    return Site.objects.create(hostname="other.example", root_page=other)


def test_pages_of_any_type_are_found(home, child):
    home.life_situations.add(child)
    home.save()
    make_page(home, title="Barn", situations=[child])
    make_page(home, title="Något annat")

    assert set(titles(child)) == {"Start", "Barn"}


def test_nothing_is_found_for_no_situation(home, child):
    make_page(home, situations=[child])

    assert titles() == []
    assert with_reasons([], []) == []


def test_page_is_found_once_for_several_situations(home, child, house):
    make_page(home, title="Båda", situations=[child, house])

    assert titles(child, house) == ["Båda"]


def test_page_that_is_not_live_is_left_out(home, child):
    make_page(home, situations=[child], live=False)

    assert titles(child) == []


def test_unpublished_page_disappears(home, child):
    make_page(home, situations=[child]).unpublish()

    assert titles(child) == []


@pytest.mark.parametrize("kind", RESTRICTIONS)
def test_restricted_page_is_left_out(home, child, kind):
    restrict(make_page(home, situations=[child]), kind)

    assert titles(child) == []


@pytest.mark.parametrize("kind", RESTRICTIONS)
def test_page_below_a_restricted_page_is_left_out(home, child, kind):
    parent = make_page(home)
    make_page(make_page(parent), situations=[child])

    restrict(parent, kind)

    assert titles(child) == []


@pytest.mark.parametrize("kind", RESTRICTIONS)
def test_restricted_part_of_a_section_is_left_out(section, child, kind):
    part = make_page(section)
    make_page(part)
    section.title = "Öppen"
    section.save()

    restrict(part, kind)

    assert titles(child) == ["Öppen"]


# --- Sections ---


def test_every_page_of_a_section_is_found(section, home, child):
    make_page(make_page(section, title="Under"), PlainPage, title="Längst ner")
    make_page(home, title="Bredvid")

    assert set(titles(child)) == {section.title, "Under", "Längst ner"}


def test_nested_sections_are_for_both(section, child, house):
    inner = make_page(
        section, title="Inre", situations=[house], situations_cover_section=True
    )
    make_page(inner, title="Sida")

    assert reasons(child, house) == {
        section.title: {child.pk},
        "Inre": {child.pk, house.pk},
        "Sida": {child.pk, house.pk},
    }


def test_section_within_a_section_of_the_same_situation_is_found(section, child):
    make_page(section, title="Inre", situations=[child], situations_cover_section=True)

    assert set(titles(child)) == {section.title, "Inre"}


def test_section_whose_page_is_not_published_covers_nothing(section, child):
    page = make_page(section)

    Page.objects.filter(pk=section.pk).update(live=False)

    assert titles(child) == []
    assert situations_of_page(Page.objects.get(pk=page.pk)) == frozenset()


def test_page_moved_into_a_section_is_found(home, section, child):
    page = make_page(home, title="Flyttad")

    page.move(Page.objects.get(pk=section.pk), pos="last-child")

    assert "Flyttad" in titles(child)


def test_page_moved_out_of_a_section_is_not_found(home, section, child):
    page = make_page(section, title="Flyttad")

    Page.objects.get(pk=page.pk).move(Page.objects.get(pk=home.pk), pos="last-child")

    assert "Flyttad" not in titles(child)


def test_moved_section_takes_its_pages_along(home, section, child):
    make_page(section, title="Under")

    Page.objects.get(pk=section.pk).move(make_page(home), pos="last-child")

    assert set(titles(child)) == {section.title, "Under"}


def test_draft_of_a_section_covers_nothing(home, child):
    page = make_page(home, title="Sida", situations=[child])
    make_page(page, title="Under")

    page.situations_cover_section = True
    page.save_revision()

    assert titles(child) == ["Sida"]


# --- Sites and languages ---


def test_pages_of_another_site_are_left_out(home, child):
    make_page(make_other_site().root_page, title="Där", situations=[child])
    make_page(home, title="Här", situations=[child])

    site = Site.objects.get(is_default_site=True)

    assert titles(child, site=site) == ["Här"]
    assert set(titles(child)) == {"Här", "Där"}


def test_start_page_of_the_site_is_one_of_its_pages(home, child):
    home.life_situations.add(child)
    home.save()

    assert titles(child, site=Site.objects.get()) == ["Start"]


def test_pages_are_in_the_active_language(home, child, finnish):
    page = make_page(home, title="Barn", situations=[child])
    translation = page.copy_for_translation(finnish, copy_parents=True)
    translation.title = "Lapsi"
    translation.save_revision().publish()

    with override("fi"):
        assert titles(child) == ["Lapsi"]
    with override("sv"):
        assert titles(child) == ["Barn"]


def test_translated_pages_belong_to_the_site(home, child, finnish):
    page = make_page(home, title="Barn", situations=[child])
    translation = page.copy_for_translation(finnish, copy_parents=True)
    translation.title = "Lapsi"
    translation.save_revision().publish()
    make_other_site()

    with override("fi"):
        assert titles(child, site=Site.objects.get(is_default_site=True)) == ["Lapsi"]
        assert titles(child, site=Site.objects.get(hostname="other.example")) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_pages_are_in_the_default_language_where_the_site_has_no_other(
    home, child, language
):
    make_page(home, title="Barn", situations=[child])

    with override(language):
        assert titles(child) == ["Barn"]


@override_settings(WAGTAIL_I18N_ENABLED=False)
def test_language_is_not_asked_on_a_site_with_one(home, child):
    make_page(home, title="Barn", situations=[child])

    with override("fi"):
        assert titles(child) == ["Barn"]


# --- Order ---


def test_page_for_most_of_the_situations_comes_first(home, child, house):
    make_page(home, title="En", situations=[child])
    make_page(home, title="Två", situations=[child, house])

    assert titles(child, house) == ["Två", "En"]


def test_only_the_situations_asked_for_count(home, child, house):
    now = timezone.now()
    other = make_situation()
    make_page(home, title="Ny", situations=[child], last_published_at=now)
    make_page(
        home,
        title="Gammal",
        situations=[child, house, other],
        last_published_at=now - datetime.timedelta(days=1),
    )

    assert titles(child) == ["Ny", "Gammal"]


def test_own_tag_comes_before_the_section(section, child):
    make_page(section, title="Sida", last_published_at=timezone.now())

    assert titles(child) == [section.title, "Sida"]


def test_newest_comes_first_and_what_was_never_published_last(home, child):
    now = timezone.now()
    for title, days in (("Förrgår", 2), ("I dag", 0), ("I går", 1)):
        published = now - datetime.timedelta(days=days)
        make_page(home, title=title, situations=[child], last_published_at=published)
    make_page(home, title="Aldrig", situations=[child], last_published_at=None)

    assert titles(child) == ["I dag", "I går", "Förrgår", "Aldrig"]


# --- Reasons ---


def test_page_says_because_of_what_it_is_listed(section, home, child, house):
    make_page(section, title="Under", situations=[house])
    make_page(home, title="Hus", situations=[house])

    assert reasons(child, house) == {
        section.title: {child.pk},
        "Under": {child.pk, house.pk},
        "Hus": {house.pk},
    }


def test_only_chosen_situations_are_reasons(home, child, house):
    make_page(home, title="Båda", situations=[child, house])

    assert reasons(child) == {"Båda": {child.pk}}


def test_reasons_keep_the_order_of_the_pages(home, child):
    pages = [make_page(home, situations=[child]) for _number in range(3)][::-1]

    listed = with_reasons(pages, [child.pk])

    assert [item.page for item in listed] == pages


def test_situations_of_a_page_are_its_own_and_those_above(section, child, house):
    page = make_page(make_page(section), situations=[house])

    assert situations_of_page(page) == {child.pk, house.pk}
    assert situations_of_page(section) == {child.pk}


def test_situations_of_a_parent_that_is_no_section_do_not_count(home, child):
    page = make_page(make_page(home, situations=[child]), PlainPage)

    assert situations_of_page(page) == frozenset()


def test_situations_of_a_page_take_one_query(section, django_assert_num_queries):
    page = make_page(make_page(section))

    with django_assert_num_queries(1):
        situations_of_page(page)


# --- The first pages, from memory ---


def make_random_tree(home, situations, chance):
    """Make sections within sections, drafts, closed pages, a second site and language."""
    finnish = Locale.objects.create(language_code="fi")
    parents = [home, make_other_site().root_page, home.copy_for_translation(finnish)]
    parents[2].save_revision().publish()
    for _number in range(40):
        published = timezone.now() - datetime.timedelta(chance.randrange(5))
        page = make_page(
            chance.choice(parents),
            situations=chance.sample(situations, chance.randrange(4)),
            situations_cover_section=chance.random() < 0.15,
            live=chance.random() < 0.85,
            last_published_at=chance.choice((published, None)),
            locale=chance.choice((parents[0].locale, finnish)),
        )
        parents.append(page)
        if chance.random() < 0.05:
            restrict(page, PageViewRestriction.LOGIN)


@pytest.mark.parametrize("seed", range(8))
def test_first_pages_are_the_first_of_all(home, seed):
    chance = random.Random(seed)
    situations = [make_situation() for _number in range(5)]
    make_random_tree(home, situations, chance)
    chosen = [item.pk for item in situations[: chance.choice((1, 2, 5))]]

    for site in (None, *Site.objects.select_related("root_page")):
        for language in ("sv", "fi"):
            with override(language):
                pages = pages_for_situations(chosen, site=site)
                for limit in (1, 3, 6, 50):
                    assert first_pages_for_situations(
                        chosen, site=site, limit=limit
                    ) == with_reasons(pages[:limit], chosen)


def first_titles(situation):
    found = first_pages_for_situations([situation.pk], limit=5)
    return [item.page.title for item in found]


def test_published_page_is_among_the_first_at_once(home, child):
    page = make_page(home, title="Sida", situations=[child], live=False)
    before = first_titles(child)

    page.save_revision().publish()

    assert before == []
    assert first_titles(child) == ["Sida"]


def test_page_published_again_comes_first_at_once(home, child):
    now = timezone.now()
    for title, days in (("Ny", 1), ("Gammal", 2)):
        published = now - datetime.timedelta(days)
        make_page(home, title=title, situations=[child], last_published_at=published)
    before = first_titles(child)

    Page.objects.get(title="Gammal").specific.save_revision().publish()

    assert before == ["Ny", "Gammal"]
    assert first_titles(child) == ["Gammal", "Ny"]


@pytest.mark.parametrize("change", ["unpublish", "delete", "restrict", "retag"])
def test_page_that_goes_is_not_among_the_first_at_once(home, child, change):
    page = make_page(home, title="Sida", situations=[child])
    before = first_titles(child)

    if change == "restrict":
        restrict(page, PageViewRestriction.LOGIN)
    elif change == "retag":
        page.life_situations.clear()
        page.save()
    else:
        getattr(Page.objects.get(pk=page.pk), change)()

    assert before == ["Sida"]
    assert first_titles(child) == []


def test_restriction_that_is_lifted_shows_the_page_at_once(home, child):
    page = make_page(home, title="Sida", situations=[child])
    restrict(page, PageViewRestriction.LOGIN)
    before = first_titles(child)

    PageViewRestriction.objects.get().delete()

    assert before == []
    assert first_titles(child) == ["Sida"]


def test_page_moved_to_another_site_is_seen_there_at_once(home, child):
    page = make_page(home, title="Sida", situations=[child])
    other = make_other_site()
    first_titles(child)

    Page.objects.get(pk=page.pk).move(other.root_page, pos="last-child")

    found = first_pages_for_situations([child.pk], limit=5, site=other)
    assert [item.page.title for item in found] == ["Sida"]


def test_page_hidden_behind_our_back_gives_way_to_the_next(home, child):
    now = timezone.now()
    for days in range(3):
        published = now - datetime.timedelta(days)
        make_page(
            home, title=f"{days}", situations=[child], last_published_at=published
        )
    first_titles(child)

    Page.objects.filter(title="0").update(live=False)

    found = first_pages_for_situations([child.pk], limit=2)
    assert [item.page.title for item in found] == ["1", "2"]


@pytest.mark.parametrize("count", [10, 300])
def test_first_pages_take_two_queries(home, child, count, django_assert_num_queries):
    for number in range(count):
        make_page(home, situations=[child], situations_cover_section=not number % 50)
    site = Site.objects.select_related("root_page").get()
    tagged_pages.get()

    with django_assert_num_queries(2):  # What is private, and the pages.
        found = first_pages_for_situations([child.pk], limit=6, site=site)

    assert len(found) == 6


# --- Cost ---


def queries_with(pages, home, child, house):
    for number in range(pages):
        situation = child if number % 2 else house
        make_page(
            home, situations=[situation], situations_cover_section=not number % 50
        )
    pks, site = [child.pk, house.pk], Site.objects.select_related("root_page").get()
    Page.objects.get(pk=home.pk)
    with CaptureQueriesContext(connection) as queries:
        found = with_reasons(pages_for_situations(pks, site=site), pks)
    assert len(found) == pages
    return len(queries)


@pytest.mark.parametrize("count", [10, 300])
def test_queries_do_not_grow_with_the_pages(home, child, house, count):
    assert queries_with(count, home, child, house) <= 8


def test_queries_do_not_grow_with_restrictions(home, child, house):
    before = queries_with(3, home, child, house)
    for number in range(10):
        restrict(make_page(home, title=f"Stängd {number}"), "login")

    with CaptureQueriesContext(connection) as queries:
        pks = [child.pk, house.pk]
        with_reasons(pages_for_situations(pks, site=Site.objects.get()), pks)

    assert len(queries) <= before + 2  # The site and its root, fetched here.
