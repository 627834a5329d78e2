"""What a query is taken to read is never less than what it reads."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.db.models import Count, F, Q
from factories import (
    make_home,
    make_page,
    make_service,
    make_situation,
    make_unit,
)
from testapp.models import ArticlePage, PlainPage
from wagtail.models import Page, Revision, Site

from wagtail_medborgare.core.stamps import stamps
from wagtail_medborgare.segments.page_cache.queries import reading_of
from wagtail_medborgare.segments.page_cache.tables import row_stamp
from wagtail_medborgare.services.models import Service, Unit
from wagtail_medborgare.situations.models import LifeSituation

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> list[Page]:
    home = make_home()
    first = make_page(home, PlainPage, show_in_menus=True)
    second = make_page(home, ArticlePage, show_in_menus=True)
    third = make_page(first, PlainPage)
    return [home, first, second, third, make_page(third, ArticlePage)]


class _Note:
    """Which stamps the queries inside are taken to depend on."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.is_known = True

    def __call__(self, execute: Any, sql: str, params: Any, *args: Any) -> Any:
        reading = reading_of(sql)
        self.names |= set(reading.stamps(params or ()))
        self.is_known &= reading.is_known
        return execute(sql, params, *args)


def stamps_of(ask: Callable[[], Any]) -> tuple[_Note, Any]:
    note = _Note()
    with connection.execute_wrapper(note):
        answer = plain(ask())
    return note, answer


def plain(answer: Any) -> Any:
    """Return what was read, column by column."""
    if isinstance(answer, models.Model):
        return {
            field.attname: getattr(answer, field.attname)
            for field in answer._meta.concrete_fields
        }
    if isinstance(answer, (list, tuple, models.QuerySet)):
        return [plain(item) for item in answer]
    return answer


def questions(tree: list[Page]) -> list[Callable[[], Any]]:
    home, first, second, third, fourth = (Page.objects.get(pk=item.pk) for item in tree)
    return [
        lambda: Page.objects.get(pk=first.pk),
        lambda: PlainPage.objects.get(pk=third.pk),
        lambda: Page.objects.filter(pk__in=[first.pk, second.pk]),
        lambda: Page.objects.filter(pk__in=[first.pk, second.pk], live=True),
        lambda: list(Page.objects.filter(pk__in=[first.pk, second.pk]).specific()),
        lambda: list(home.get_children().live().in_menu()),
        lambda: list(home.get_children().live().specific()),
        lambda: list(third.get_siblings().live()),
        lambda: list(first.get_descendants().live()),
        lambda: list(fourth.get_ancestors(inclusive=True)),
        lambda: list(Page.objects.child_of(home).order_by("-first_published_at")[:2]),
        lambda: list(Page.objects.not_child_of(home)),
        lambda: list(Page.objects.exclude(pk=first.pk)),
        lambda: list(Page.objects.filter(~Q(depth=3) & Q(path__startswith=home.path))),
        lambda: list(Page.objects.filter(Q(pk=first.pk) | Q(live=True))),
        lambda: list(PlainPage.objects.live()),
        lambda: list(ArticlePage.objects.filter(title__contains="a")),
        lambda: list(Page.objects.live().public()),
        lambda: Page.objects.filter(live=True).count(),
        lambda: list(first.get_translations(inclusive=True)),
        lambda: list(
            Page.objects.annotate(n=Count("life_situation_items")).values("n")
        ),
        lambda: list(Unit.objects.all()),
        lambda: list(Unit.objects.filter(pk__in=Unit.objects.values("pk"))),
        lambda: list(Service.objects.select_related("unit").filter(pk=1)),
        lambda: list(
            Service.objects.filter(life_situation_items__tag__name__contains="a")
        ),
        lambda: list(LifeSituation.objects.filter(is_active=True).values_list("name")),
        lambda: list(
            Page.objects.filter(pk=first.pk).values_list(
                F("title"), F("owner__username")
            )
        ),
    ]


def changes(tree: list[Page]) -> list[Callable[[], Any]]:
    def edit(page: Page) -> None:
        page = Page.objects.get(pk=page.pk).specific
        page.title += "a"
        page.show_in_menus = not page.show_in_menus
        page.save_revision().publish()

    def edit_as_any_page(page: Page) -> None:
        page = Page.objects.get(pk=page.pk)
        page.title += "a"
        page.save()

    def rename(page: Page) -> None:
        page = Page.objects.get(pk=page.pk).specific
        page.slug += "a"
        page.save()

    def move(page: Page, target: Page, pos: str) -> None:
        Page.objects.get(pk=page.pk).move(Page.objects.get(pk=target.pk), pos=pos)

    def unpublish(page: Page) -> None:
        Page.objects.get(pk=page.pk).unpublish()

    def edit_unit() -> None:
        unit = Unit.objects.first()
        unit.name += "a"
        unit.save()

    home, first, second, third, fourth = tree
    return [
        *(lambda page=page: edit(page) for page in tree),
        *(lambda page=page: edit_as_any_page(page) for page in tree),
        *(lambda page=page: rename(page) for page in (first, third)),
        *(lambda page=page: unpublish(page) for page in (first, fourth)),
        lambda: move(second, first, "left"),
        lambda: move(third, second, "last-child"),
        lambda: make_page(home, PlainPage),
        lambda: make_page(third, ArticlePage),
        lambda: Page.objects.get(pk=fourth.pk).delete(),
        edit_unit,
        make_unit,
        lambda: make_service("a", situations=[make_situation("a")]),
        lambda: Service.objects.first().delete(),
        lambda: LifeSituation.objects.first().delete(),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_changes_an_answer_renews_a_stamp_of_its_query(tree, seed):
    unit = make_unit("a")
    make_service("a", unit=unit, situations=[make_situation("a")])
    chance = random.Random(seed)
    seen = 0
    for change in chance.sample(changes(tree), 6):
        if Page.objects.filter(pk__in=[page.pk for page in tree]).count() < len(tree):
            break
        before = [(ask, *stamps_of(ask)) for ask in questions(tree) if exists(ask)]
        versions = dict(stamps.versions())
        change()
        current = stamps.versions()
        renewed = {name for name in current if current[name] != versions.get(name)}
        for ask, note, answer in before:
            if answer != (stamps_of(ask)[1] if exists(ask) else None):
                seen += 1
                assert note.is_known
                assert note.names & renewed or "pages" in renewed

    assert seen


def exists(ask: Callable[[], Any]) -> bool:
    try:
        ask()
    except models.ObjectDoesNotExist:
        return False
    return True


def names_of(ask: Callable[[], Any]) -> set[str]:
    return stamps_of(ask)[0].names


def test_a_page_by_its_key_is_one_row(tree):
    assert names_of(lambda: Page.objects.get(pk=tree[1].pk)) == {
        "rows:wagtailcore_page",
        f"row:wagtailcore_page:{tree[1].pk}",
    }


def test_a_menu_is_the_children_of_one_page(tree):
    home = Page.objects.get(pk=tree[0].pk)

    names = names_of(lambda: list(home.get_children().live().in_menu()))

    assert names == {f"children:{home.path}"}


def test_pages_of_one_type_are_one_table(tree):
    assert names_of(lambda: list(PlainPage.objects.live())) == {
        "table:testapp_plainpage"
    }


def test_pages_at_another_depth_are_no_children(tree):
    home = Page.objects.get(pk=tree[0].pk)

    names = names_of(
        lambda: list(Page.objects.filter(path__startswith=home.path, depth=9))
    )

    assert names == {"table:wagtailcore_page"}


def test_a_very_long_key_has_a_stamp_of_a_length_that_fits():
    name = row_stamp("a_table", "k" * 500)

    assert len(name) <= 128
    assert name != row_stamp("a_table", "k" * 501)


def test_many_keys_are_a_list(tree):
    assert names_of(lambda: list(Unit.objects.filter(pk__in=range(60)))) == {
        "table:medborgare_services_unit"
    }


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Site.objects.first(),
        lambda: ContentType.objects.first(),
    ],
)
def test_what_every_page_depends_on_is_not_noted_again(tree, ask):
    note = stamps_of(lambda: bool(ask()))[0]

    assert (note.names, note.is_known) == (set(), True)


def raw(sql: str) -> Callable[[], Any]:
    def ask() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    return ask


@pytest.mark.parametrize(
    "ask",
    [
        lambda: bool(Revision.objects.exists()),
        raw("WITH x AS (SELECT id FROM wagtailcore_page) SELECT * FROM x"),
        raw("SELECT 1 FROM wagtailcore_page, auth_group"),
        raw("SELECT 1 FROM django_migrations"),
        raw("SELECT upper('a')"),
    ],
)
def test_what_nobody_follows_is_not_known(tree, ask):
    assert not stamps_of(ask)[0].is_known


def test_writing_reads_nothing(tree):
    note = stamps_of(lambda: bool(Group.objects.create(name="x")))[0]

    assert not note.names
    assert reading_of("").is_known
