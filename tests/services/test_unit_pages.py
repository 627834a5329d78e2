"""Pages that belong to units: Wagtail's permissions, and what a unit adds to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from factories import (
    give_pages,
    make_editor,
    make_group,
    make_home,
    make_page,
    make_staff,
    make_unit,
)
from testapp.models import ArticlePage, HomePage
from wagtail.models import Page

pytestmark = pytest.mark.django_db

ALL = ("add", "change", "publish", "bulk_delete", "lock", "unlock")


class Tree:
    """A start page of nobody's; below it a section of each unit, and pages in them."""

    def __init__(self) -> None:
        self.schools, self.building = make_unit("Skola"), make_unit("Bygg")
        self.home = make_home()
        self.own = make_page(self.home, HomePage, slug="skola", unit=self.schools)
        self.foreign = make_page(self.home, HomePage, slug="bygg", unit=self.building)
        self.below_own = make_page(self.own, HomePage, slug="under-skola")
        self.below_foreign = make_page(self.foreign, HomePage, slug="under-bygg")
        self.group = make_group("Skolans", units=[self.schools])
        give_pages(self.group, self.home, *ALL)
        self.editor = make_staff("maja", self.group)
        centrals = make_group("Centrala")
        give_pages(centrals, self.home, *ALL)
        self.central = make_staff("clara", centrals)
        for page in (self.home, self.own, self.foreign, self.below_foreign):
            Page.objects.get(pk=page.pk).specific.save_revision().publish()


@pytest.fixture
def tree(db: None) -> Tree:
    return Tree()


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(tree: Tree) -> Client:
    return browser(tree.editor)


def is_refused(response: Any) -> bool:
    return response.status_code == 302 and response["Location"] == "/admin/"


def asked(user: Any, page: Page) -> Any:
    # As Wagtail does: often from the base class.
    return Page.objects.get(pk=page.pk).permissions_for_user(user)


REFUSED = (
    "can_edit", "can_delete", "can_publish", "can_unpublish", "can_move", "can_lock",
    "can_unlock", "can_add_subpage", "can_publish_subpage", "can_reorder_children",
    "can_set_view_restrictions", "can_unschedule",
)  # fmt: skip


@pytest.mark.parametrize("question", REFUSED)
def test_a_page_of_another_unit_is_not_ones_own(tree, question):
    assert getattr(asked(tree.editor, tree.own), question)()
    assert not getattr(asked(tree.editor, tree.foreign), question)()
    assert getattr(asked(tree.central, tree.foreign), question)()
    assert getattr(asked(make_editor(), tree.foreign), question)()


def test_a_page_without_a_unit_belongs_to_the_page_above(tree):
    assert asked(tree.editor, tree.below_own).can_edit()
    assert not asked(tree.editor, tree.below_foreign).can_edit()


def test_what_belongs_to_nobody_follows_wagtail_alone(tree):
    assert asked(tree.editor, tree.home).can_edit()


def test_a_unit_gives_nothing_that_wagtail_has_not_given(tree):
    visitor = make_staff("nils", make_group("Utan sidor", units=[tree.schools]))

    assert not asked(visitor, tree.own).can_edit()


def test_another_units_page_can_be_copied_to_ones_own(tree):
    perms = asked(tree.editor, tree.foreign)

    assert perms.can_copy()
    assert perms.can_copy_to(tree.own)
    assert not perms.can_copy_to(tree.below_foreign)


def test_a_section_that_holds_another_units_page_is_neither_deleted_nor_moved(tree):
    guest = make_page(tree.own, HomePage, slug="gast", unit=tree.building)

    assert not asked(tree.editor, tree.own).can_delete()
    assert not asked(tree.editor, tree.own).can_move()
    assert asked(tree.central, tree.own).can_delete()

    guest.delete()
    assert asked(tree.editor, tree.own).can_delete()


def test_somebody_without_an_active_account_may_nothing(tree):
    tree.editor.is_active = False

    assert not any(getattr(asked(tree.editor, tree.own), each)() for each in REFUSED)


PATHS = (
    "{}/edit/", "{}/delete/", "{}/unpublish/", "{}/move/", "{}/move/{home}/confirm/",
    "{}/history/", "{}/privacy/", "{}/revisions/{revision}/revert/",
    "{}/revisions/{revision}/view/", "{}/revisions/compare/live...latest/",
    "add/testapp/homepage/{}/", "usage/{}/", "{}/convert_alias/",
    "set_page_position/{}/",
)  # fmt: skip


def addresses(tree: Tree, page: Page) -> dict[str, str]:
    revision = Page.objects.get(pk=page.pk).latest_revision_id
    return {
        path: "/admin/pages/"
        + path.format(page.pk, home=tree.home.pk, revision=revision)
        for path in PATHS
    }


def test_every_view_of_another_units_page_is_refused(tree, editor):
    own, foreign = addresses(tree, tree.own), addresses(tree, tree.foreign)
    # A position is the parent's: nobody's, so Wagtail's alone. An alias is neither page.
    elsewhere = {"set_page_position/{}/", "{}/convert_alias/", "usage/{}/"}

    for path in PATHS:
        if path in elsewhere:
            continue
        assert editor.get(own[path]).status_code in {200, 302}, path
        assert not is_refused(editor.get(own[path])), path
        # Wagtail asks "are you sure?" before it asks whether one may move a page.
        assert is_refused(editor.get(foreign[path])) or "/confirm/" in path, path
        assert is_refused(editor.post(foreign[path])), path


@pytest.mark.parametrize("action", ["delete", "unpublish", "publish", "move"])
def test_bulk_actions_leave_another_units_pages_alone(tree, editor, action):
    Page.objects.get(pk=tree.foreign.pk).specific.save_revision()
    before = Page.objects.get(pk=tree.foreign.pk)
    path = (
        f"/admin/bulk/wagtailcore/page/{action}/?id={tree.own.pk}&id={tree.foreign.pk}"
    )

    asked = editor.get(path)
    editor.post(path, {"chooser": tree.below_own.pk, "include_descendants": "on"})

    refused = [item["item"].pk for item in asked.context["items_with_no_access"]]
    after = Page.objects.get(pk=tree.foreign.pk)
    assert refused == [tree.foreign.pk]
    assert (after.live, after.path) == (before.live, before.path)
    assert after.live_revision_id == before.live_revision_id


def test_the_explorer_lists_all_and_offers_what_one_may_do(tree, editor):
    text = editor.get(f"/admin/pages/{tree.home.pk}/").text

    assert f"/admin/pages/{tree.own.pk}/edit/" in text
    assert f"/admin/pages/{tree.foreign.pk}/edit/" not in text
    assert f"/admin/pages/{tree.foreign.pk}/" in text


def test_whose_the_listed_pages_are_takes_one_query(tree):
    def unit_queries(count: int) -> int:
        for _ in range(count):
            make_page(tree.own, HomePage)
        editor = browser(tree.editor)
        with CaptureQueriesContext(connection) as queries:
            editor.get(f"/admin/pages/{tree.own.pk}/")
        words = ('path" IN', "_groupunit")
        return sum(
            "unit_id" in item["sql"] and any(word in item["sql"] for word in words)
            for item in queries
        )

    few = unit_queries(3)

    assert unit_queries(20) == few


def page_form(**values: Any) -> dict[str, Any]:
    data = {
        "title": "Titel", "slug": "titel", "body-count": 0, "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
    }  # fmt: skip
    return data | values


def test_a_page_is_not_given_to_another_unit(tree, editor):
    path = f"/admin/pages/{tree.own.pk}/edit/"
    shown = editor.get(path).context["form"].fields["unit"]

    refused = editor.post(path, page_form(slug="skola", unit=tree.building.pk))
    saved = editor.post(path, page_form(slug="skola", unit=tree.schools.pk))

    assert list(shown.queryset) == [tree.schools]
    assert refused.context["form"].errors.keys() == {"unit"}
    assert saved.status_code == 302
    assert HomePage.objects.get(pk=tree.own.pk).unit == tree.schools


def test_a_new_page_is_for_ones_own_unit_or_follows_the_page_above(tree, editor):
    path = f"/admin/pages/add/testapp/homepage/{tree.own.pk}/"

    refused = editor.post(path, page_form(unit=tree.building.pk))
    saved = editor.post(path, page_form(unit=""))

    assert refused.context["form"].errors.keys() == {"unit"}
    assert saved.status_code == 302
    made = HomePage.objects.get(slug="titel")
    assert asked(tree.editor, made).can_edit()


def test_pages_of_other_types_are_as_they_were(tree):
    article = make_page(tree.foreign, ArticlePage)

    assert asked(tree.editor, article).can_edit()


def give_to(page: Any, unit: Any, *, publish: bool = True) -> dict[str, object]:
    data: dict[str, object] = {
        "title": "Ny rubrik", "slug": page.slug, "unit": unit.pk if unit else "",
        "body-count": 0, "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0,
        "life_situations": "",
    }  # fmt: skip
    return data | ({"action-publish": "1"} if publish else {})


def test_nobody_publishes_in_the_name_of_a_unit_past_its_own_people(tree):
    # She publishes for the schools, and only writes for building.
    writers = make_group("Byggs skribenter", units=[tree.building])
    give_pages(writers, tree.home, "add", "change")
    tree.editor.groups.add(writers)
    path = f"/admin/pages/{tree.own.pk}/edit/"

    response = browser(tree.editor).post(path, give_to(tree.own, tree.building))

    assert response.status_code == 200
    assert "unit" in response.context["form"].errors
    assert HomePage.objects.get(pk=tree.own.pk).title != "Ny rubrik"
    draft = browser(tree.editor).post(
        path, give_to(tree.own, tree.building, publish=False)
    )
    assert draft.status_code == 302
    assert not asked(tree.editor, tree.own).can_publish()
    assert asked(tree.central, tree.own).can_publish()


def test_a_draft_that_names_another_unit_is_not_published_by_any_way(tree):
    page = HomePage.objects.get(pk=tree.own.pk)
    page.unit = tree.building
    page.save_revision()

    response = browser(tree.editor).post(
        f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}"
    )

    assert response.status_code in {200, 302}
    assert HomePage.objects.get(pk=page.pk).unit == tree.schools


def test_a_section_with_pages_of_others_is_neither_deleted_nor_hidden(tree):
    make_page(tree.own, HomePage, slug="byggs", unit=tree.building)
    adders = make_group("Lägger till åt Bygg", units=[tree.building])
    give_pages(adders, tree.home, "add")
    tree.editor.groups.add(adders)

    may = asked(tree.editor, tree.own)

    assert not may.can_delete()
    assert not may.can_move()
    assert not may.can_set_view_restrictions()
    assert may.can_edit()
