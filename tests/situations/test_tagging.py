"""Tags of a page go the way of the page: draft, published, copied, moved, translated."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_page, make_situation
from testapp.models import ArticlePage, HomePage
from wagtail.models import Page

from wagtail_medborgare.situations.models import TaggedPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def house():
    return make_situation("Bygga hus")


@pytest.fixture
def article(home, child):
    """A published page about having a child."""
    page = make_page(home, title="Barn", situations=[child])
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def public_tags(page):
    return {
        item.tag.name for item in TaggedPage.objects.filter(content_object_id=page.pk)
    }


def is_section(page):
    flags = set(
        TaggedPage.objects.filter(content_object_id=page.pk).values_list(
            "covers_section", flat=True
        )
    )
    assert len(flags) == 1
    return flags.pop()


def test_any_page_type_can_be_tagged(home, child):
    home.life_situations.add(child)
    home.save()
    make_page(home, situations=[child])

    pages = Page.objects.filter(life_situation_items__tag=child).specific()

    assert {type(page) for page in pages} == {HomePage, ArticlePage}


def test_draft_changes_nothing_for_the_public(article, house):
    article.life_situations.set([house])
    article.save_revision()

    assert public_tags(article) == {"Få barn"}


def test_draft_is_what_the_editor_sees_again(article, house):
    article.life_situations.set([house])
    article.save_revision()

    draft = article.get_latest_revision_as_object()

    assert list(draft.life_situations.all()) == [house]


def test_publishing_makes_the_draft_public(article, house):
    article.life_situations.set([house])

    article.save_revision().publish()

    assert public_tags(article) == {"Bygga hus"}


def test_going_back_to_an_earlier_revision_restores_the_tags(article, house):
    earlier = article.latest_revision
    article.life_situations.set([house])
    article.save_revision().publish()

    earlier.as_object().save_revision().publish()

    assert public_tags(article) == {"Få barn"}


def test_revision_with_a_deleted_situation_can_still_be_published(
    article, child, house
):
    article.life_situations.add(house)
    revision = article.save_revision()
    child.delete()

    revision.publish()

    assert public_tags(article) == {"Bygga hus"}


def test_unpublished_page_keeps_its_tags_for_later(article):
    article.unpublish()

    assert public_tags(article) == {"Få barn"}


def test_copy_has_the_tags_of_its_own(article, home, child):
    copy = article.copy(to=home, update_attrs={"slug": "kopia"})

    copy.life_situations.clear()
    copy.save()

    assert public_tags(copy) == set()
    assert public_tags(article) == {"Få barn"}


def test_copy_takes_the_tags_with_it(article, home):
    copy = article.copy(to=home, update_attrs={"slug": "kopia"})

    assert public_tags(copy) == {"Få barn"}


def test_moved_page_keeps_its_tags(article, home):
    section = make_page(home)

    article.move(section, pos="last-child")

    assert public_tags(article) == {"Få barn"}


def test_alias_has_the_tags_of_its_source(article, home):
    alias = article.create_alias(parent=home, update_slug="alias")

    assert public_tags(alias) == {"Få barn"}


def test_alias_follows_when_its_source_is_published(article, home, house):
    alias = article.create_alias(parent=home, update_slug="alias")

    article.life_situations.set([house])
    article.situations_cover_section = True
    article.save_revision().publish()

    assert public_tags(alias) == {"Bygga hus"}
    assert is_section(alias)


def test_translation_has_the_tags(article, finnish):
    translation = article.copy_for_translation(finnish, copy_parents=True)

    assert public_tags(translation) == {"Få barn"}


def test_translation_made_in_the_admin_has_the_tags(admin, article, home, finnish):
    home.copy_for_translation(finnish)
    url = f"/admin/translation/submit/page/{article.pk}/"

    admin.post(url, {"locales": [finnish.pk], "include_subtree": ""})

    assert public_tags(article.get_translation(finnish)) == {"Få barn"}


def test_deleted_page_leaves_no_tags(article):
    article.delete()

    assert not TaggedPage.objects.exists()


def test_many_pages_are_read_in_two_queries(home, child, django_assert_num_queries):
    for _number in range(5):
        make_page(home, situations=[child])

    with django_assert_num_queries(2):
        pages = ArticlePage.objects.prefetch_related("life_situations")
        tags = [tag for page in pages for tag in page.life_situations.all()]

    assert tags == [child] * 5


# --- Whole sections ---


def test_section_is_public_when_the_page_is_published(article):
    article.situations_cover_section = True
    article.save_revision().publish()

    assert is_section(article)


def test_section_in_a_draft_is_not_public(article):
    article.situations_cover_section = True
    article.save_revision()

    assert not is_section(article)


def test_section_taken_back_in_a_draft_is_still_public(article):
    article.situations_cover_section = True
    article.save_revision().publish()
    article.situations_cover_section = False
    article.save_revision()

    assert is_section(article)


def test_section_that_is_taken_back_is_none(article):
    article.situations_cover_section = True
    article.save_revision().publish()

    article.situations_cover_section = False
    article.save_revision().publish()

    assert not is_section(article)


def test_new_tag_of_a_section_covers_it_too(article, house):
    article.situations_cover_section = True
    article.save()

    article.life_situations.add(house)
    article.save()

    assert is_section(article)


def test_section_is_saved_with_only_that_field(article):
    article.situations_cover_section = True
    article.save(update_fields=["situations_cover_section"])

    assert is_section(article)


def test_copy_of_a_section_is_a_section(article, home):
    article.situations_cover_section = True
    article.save_revision().publish()

    copy = article.copy(to=home, update_attrs={"slug": "kopia"})

    assert is_section(copy)


def test_only_a_changed_flag_is_written(article):
    with CaptureQueriesContext(connection) as queries:
        article.save(update_fields=["situations_cover_section"])

    assert not [
        q for q in queries if q["sql"].startswith("UPDATE") and "tagged" in q["sql"]
    ]
