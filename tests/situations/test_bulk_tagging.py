"""Editors tag many pages, documents and images at once."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import make_editor, make_page, make_situation
from testapp.models import ArticlePage, PlainPage
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    ModelLogEntry,
    Page,
    PageLogEntry,
    Revision,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from wagtail_medborgare.situations.bulk_actions import base
from wagtail_medborgare.situations.bulk_actions.pages import PageSituations
from wagtail_medborgare.situations.models import TaggedFile, TaggedPage
from wagtail_medborgare.situations.tagging import SITUATIONS_CHANGED

pytestmark = pytest.mark.django_db

PAGES = "/admin/bulk/wagtailcore/page"
DOCUMENTS = "/admin/bulk/wagtaildocs/document"
IMAGES = "/admin/bulk/wagtailimages/image"


@pytest.fixture
def child():
    return make_situation("Få barn")


@pytest.fixture
def house():
    return make_situation("Bygga hus")


@pytest.fixture
def section(home):
    return make_page(home, title="Avdelning")


@pytest.fixture
def browser(editor_of, section):
    """The browser of somebody who edits and publishes one part of the site."""
    return editor_of(section)


def address(objects, *, base=PAGES, action="add", **more):
    ids = objects if isinstance(objects, str) else None
    query = "&".join([f"id={ids}"] if ids else [f"id={item.pk}" for item in objects])
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{base}/{action}_situations/?{query}&next=/admin/{extra}"


def send(browser, objects, *situations, base=PAGES, action="add", query=None, **fields):
    url = address(objects, base=base, action=action, **(query or {}))
    data = {"situations": [item.slug for item in situations], **fields}
    return browser.post(url, data, follow=True)


def live_tags(page):
    items = TaggedPage.objects.filter(content_object_id=page.pk)
    return set(items.values_list("tag__name", flat=True))


def draft_tags(page):
    draft = Page.objects.get(pk=page.pk).specific.get_latest_revision_as_object()
    return {tag.name for tag in draft.life_situations.all()}


def published(parent, **fields):
    page = make_page(parent, **fields)
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


# --- What becomes of a page ---


def test_published_page_is_tagged_and_published_anew(browser, section, child):
    page = published(section, title="Sida")

    response = send(browser, [page], child)

    page.refresh_from_db()
    assert "1 was changed." in response.text
    assert live_tags(page) == draft_tags(page) == {"Få barn"}
    assert not page.has_unpublished_changes
    assert page.live_revision == page.latest_revision
    assert page.latest_revision.user == browser.user


def test_what_was_done_stands_in_the_history(browser, section, child):
    page = published(section)

    send(browser, [page], child)

    entries = PageLogEntry.objects.filter(page=page.pk, user=browser.user)
    assert set(entries.values_list("action", flat=True)) == {
        "wagtail.publish",
        SITUATIONS_CHANGED,
    }
    history = browser.get(f"/admin/pages/{page.pk}/history/").text
    assert "Situations added: Få barn" in history


def test_page_without_any_revision_is_tagged(browser, section, child):
    page = make_page(section)

    send(browser, [page], child)

    assert live_tags(page) == draft_tags(page) == {"Få barn"}


def test_page_never_published_stays_a_draft(browser, section, child):
    page = make_page(section, live=False)
    page.save_revision()

    response = send(browser, [page], child)

    page.refresh_from_db()
    assert not page.live
    assert draft_tags(page) == {"Få barn"}
    assert "1 of them is a draft that waits to be published." in response.text


def test_draft_that_waits_is_kept_and_both_are_tagged(browser, section, child):
    page = published(section, title="Gammal", text="<p>Gammal</p>")
    page.title = "Ny"
    page.text = "<p>Halvfärdig</p>"
    page.save_revision()

    send(browser, [page], child)

    page = ArticlePage.objects.get(pk=page.pk)
    draft = page.get_latest_revision_as_object()
    assert (page.title, page.text) == ("Gammal", "<p>Gammal</p>")
    assert page.has_unpublished_changes
    assert (draft.title, draft.text) == ("Ny", "<p>Halvfärdig</p>")
    assert live_tags(page) == draft_tags(page) == {"Få barn"}
    assert page.live_revision.as_object().title == "Gammal"


@pytest.mark.parametrize("action", ["add", "remove"])
def test_draft_that_was_kept_can_be_published(browser, section, child, house, action):
    page = published(section, situations=[house])
    page.title = "Ny"
    page.life_situations.add(child)
    page.save_revision()

    send(browser, [page], child, house, action=action)
    page = ArticlePage.objects.get(pk=page.pk)
    page.get_latest_revision().publish()

    expected = {"Få barn", "Bygga hus"} if action == "add" else set()
    assert live_tags(page) == expected
    assert ArticlePage.objects.get(pk=page.pk).title == "Ny"


def test_what_the_draft_says_already_reaches_the_published_page(
    browser, section, child
):
    page = published(section)
    page.title = "Ny"
    page.life_situations.add(child)
    page.save_revision()

    send(browser, [page], child)

    page = ArticlePage.objects.get(pk=page.pk)
    assert live_tags(page) == {"Få barn"}
    assert page.has_unpublished_changes
    assert page.get_latest_revision_as_object().title == "Ny"


def test_who_may_not_publish_leaves_a_draft(editor_of, section, child):
    page = published(section)
    browser = editor_of(section, codenames=("change_page",))

    send(browser, [page], child)

    page.refresh_from_db()
    assert live_tags(page) == set()
    assert draft_tags(page) == {"Få barn"}
    assert page.has_unpublished_changes


def test_situations_are_removed(browser, section, child, house):
    page = published(section, situations=[child, house])

    send(browser, [page], child, action="remove")

    assert live_tags(page) == draft_tags(page) == {"Bygga hus"}


def test_situation_that_is_not_chosen_any_more_can_be_removed(browser, section, child):
    page = published(section, situations=[child])
    child.is_active = False
    child.save()

    added = browser.get(address([page])).text
    removed = browser.get(address([page], action="remove")).text
    send(browser, [page], child, action="remove")

    assert 'value="fa-barn"' in removed
    assert 'value="fa-barn"' not in added
    assert live_tags(page) == set()


def test_doing_it_twice_changes_nothing_more(browser, section, child):
    page = published(section)
    send(browser, [page], child)
    before = Revision.objects.count(), PageLogEntry.objects.count()

    response = send(browser, [page], child)

    assert "Nothing had to be changed." in response.text
    assert (Revision.objects.count(), PageLogEntry.objects.count()) == before


def test_section_stays_a_section(browser, section, child):
    page = published(section, situations_cover_section=True)

    send(browser, [page], child)

    assert TaggedPage.objects.get().covers_section


def test_page_that_cannot_be_saved_is_told_and_nothing_else(browser, section, child):
    page = published(section)
    # Saved long ago, under other rules.
    Page.objects.filter(pk=page.pk).update(title="")

    response = send(browser, [page], child)

    assert "1 could not be saved: open it to see" in response.text
    assert "Nothing had to be changed." not in response.text
    assert live_tags(page) == set()


def test_page_locked_since_it_was_shown_is_told(browser, section, child, monkeypatch):
    page, other = published(section), published(section)
    annan = make_editor("annan")

    def lock_and_change(action, item, change):
        Page.objects.filter(pk=page.pk).update(locked=True, locked_by=annan)
        return change_one(action, item, change)

    change_one = PageSituations.change_one
    monkeypatch.setattr(PageSituations, "change_one", lock_and_change)

    response = send(browser, [page, other], child)

    assert "1 was left out: it is locked" in response.text
    assert "1 was changed." in response.text
    assert (live_tags(page), live_tags(other)) == (set(), {"Få barn"})


# --- Which pages ---


def test_pages_of_others_are_left_out_and_not_named(browser, home, section, child):
    own = published(section, title="Egen")
    other = published(home, title="Någon annans")

    shown = browser.get(address([own, other])).text
    send(browser, [own, other], child)

    assert "1 is left out because you may not change it." in " ".join(shown.split())
    assert "Någon annans" not in shown
    assert live_tags(own) == {"Få barn"}
    assert live_tags(other) == set()


def test_page_that_somebody_has_locked_is_left_out(browser, section, child):
    page = published(section, title="Låst")
    page.locked = True
    page.locked_by = make_editor("annan")
    page.save()

    shown = browser.get(address([page])).text
    send(browser, [page], child)

    assert "Låst: Somebody has locked it." in shown
    assert live_tags(page) == draft_tags(page) == set()


def test_own_lock_hinders_nobody(browser, section, child):
    page = published(section)
    page.locked, page.locked_by = True, browser.user
    page.locked_at = timezone.now()
    page.save()

    send(browser, [page], child)

    assert live_tags(page) == {"Få barn"}


def test_page_that_waits_for_approval_is_left_out(browser, section, child):
    workflow = Workflow.objects.create(name="Godkännande")
    task = GroupApprovalTask.objects.create(name="Steg")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowPage.objects.create(workflow=workflow, page=Page.objects.get(pk=section.pk))
    page = published(section, title="Väntar")
    page.save_revision()
    workflow.start(page, browser.user)

    shown = browser.get(address([page])).text
    send(browser, [page], child)

    assert "Väntar: It is waiting for approval." in shown
    assert live_tags(page) == draft_tags(page) == set()
    assert Page.objects.get(pk=page.pk).workflow_in_progress


def test_page_with_a_scheduled_change_is_left_out(browser, section, child):
    page = published(section, title="Snart")
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    page.save_revision(approved_go_live_at=page.go_live_at)

    shown = browser.get(address([page])).text
    send(browser, [page], child)

    assert "Snart: A change to it is scheduled." in shown
    assert live_tags(page) == set()


def test_page_without_situations_and_alias_are_left_out(browser, section, child):
    plain = make_page(section, PlainPage, title="Enkel")
    source = published(section, title="Källa")
    alias = source.create_alias(
        parent=Page.objects.get(pk=section.pk), update_slug="alias"
    )

    shown = browser.get(address([plain, alias])).text
    send(browser, [plain, alias, source], child)

    assert "Enkel: Pages of this kind have no situations." in shown
    assert "Källa: It is an alias: change the page that it mirrors." in shown
    # Wagtail keeps the alias in step with its source.
    assert live_tags(source) == live_tags(alias) == {"Få barn"}


def test_pages_beneath_are_tagged_when_asked_for(browser, home, section, child):
    top = published(section)
    below = published(top)
    draft = make_page(below, live=False)
    make_page(below, PlainPage)
    untouched = published(home)

    send(browser, [top], child)
    only_top = live_tags(below)
    send(browser, [top], child, include_descendants="on")

    assert only_top == set()
    assert live_tags(top) == live_tags(below) == draft_tags(draft) == {"Få barn"}
    assert live_tags(untouched) == set()


def test_pages_beneath_are_only_offered_where_there_are_any(browser, section):
    leaf = published(section)
    parent = published(section)
    published(parent)

    assert "include_descendants" not in browser.get(address([leaf])).text
    assert "include_descendants" in browser.get(address([parent])).text


def test_all_in_the_listing_are_the_children_of_the_page(browser, home, section, child):
    inside = [published(section) for _ in range(3)]
    outside = published(home)

    send(browser, "all", child, query={"childOf": section.pk})

    assert [live_tags(page) for page in inside] == [{"Få barn"}] * 3
    assert live_tags(outside) == set()


def test_more_than_the_most_at_once_are_refused(browser, section, child, monkeypatch):
    monkeypatch.setattr(base, "MOST", 2)
    pages = [published(section) for _ in range(3)]

    response = send(browser, pages, child)

    assert "That is 3, and 2 is the most at once" in response.text
    assert not TaggedPage.objects.exists()


def test_more_beneath_than_the_most_are_refused_before_they_are_read(
    browser, section, child, monkeypatch
):
    monkeypatch.setattr(base, "MOST", 2)
    top = published(section)
    for _number in range(3):
        published(top)

    with CaptureQueriesContext(connection) as queries:
        response = send(browser, [top], child, include_descendants="on")

    read = [
        one["sql"] for one in queries if '"testapp_articlepage"."text"' in one["sql"]
    ]
    assert "That is 4, and 2 is the most at once" in response.text
    assert not TaggedPage.objects.exists()
    # The chosen one itself.
    assert len(read) == 1


def test_what_cannot_be_tagged_does_not_count_among_those_beneath(
    browser, section, child, monkeypatch
):
    monkeypatch.setattr(base, "MOST", 2)
    top = published(section)
    below = published(top)
    for _number in range(3):
        make_page(top, PlainPage)

    send(browser, [top], child, include_descendants="on")

    assert live_tags(top) == live_tags(below) == {"Få barn"}


def test_page_beneath_another_chosen_one_is_no_condition_of_its_own(
    browser, section, child
):
    top = published(section)
    middle = published(top)
    lowest = published(middle)

    with CaptureQueriesContext(connection) as queries:
        send(browser, [top, middle, lowest], child, include_descendants="on")

    counted = [one["sql"] for one in queries if f"{top.path}%" in one["sql"]]
    assert counted
    assert not [sql for sql in counted if f"{middle.path}%" in sql]
    assert live_tags(top) == live_tags(middle) == live_tags(lowest) == {"Få barn"}


def test_more_chosen_than_the_most_are_refused_before_any_is_looked_beneath(
    browser, section, child, monkeypatch
):
    monkeypatch.setattr(base, "MOST", 2)
    pages = [published(section) for _ in range(3)]
    for page in pages:
        published(page)

    with CaptureQueriesContext(connection) as queries:
        response = send(browser, pages, child, include_descendants="on")

    # A database takes only so many conditions in one query.
    assert not [one for one in queries if f"{pages[0].path}%" in one["sql"]]
    assert "That is 3, and 2 is the most at once" in response.text
    assert not TaggedPage.objects.exists()


# --- The form ---


def test_looking_changes_nothing(browser, section, child):
    page = published(section)
    before = Revision.objects.count(), PageLogEntry.objects.count()

    with CaptureQueriesContext(connection) as queries:
        response = browser.get(address([page]))

    writes = [
        one["sql"]
        for one in queries
        if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        and "session" not in one["sql"]
    ]
    assert response.status_code == 200
    assert writes == []
    assert (Revision.objects.count(), PageLogEntry.objects.count()) == before


def test_nothing_ticked_is_told_at_the_form(browser, section, child):
    page = published(section)

    response = send(browser, [page])

    assert "Tick at least one situation." in response.text
    assert live_tags(page) == set()


def test_everything_or_nothing_is_written(browser, section, child, monkeypatch):
    pages = [published(section) for _ in range(3)]
    done = []

    def fail_at_last(self, *args, **kwargs):
        done.append(self)
        if len(done) == 3:
            raise RuntimeError("the power is gone")
        return original(self, *args, **kwargs)

    original = Revision.publish
    monkeypatch.setattr(Revision, "publish", fail_at_last)

    with pytest.raises(RuntimeError):
        send(browser, pages, child)

    assert not TaggedPage.objects.exists()
    assert not PageLogEntry.objects.filter(action=SITUATIONS_CHANGED).exists()


def test_stranger_to_the_administration_is_sent_away(client, section, child):
    page = published(section)

    response = client.post(address([page]), {"situations": [child.slug]})

    assert response.status_code == 302
    assert "/login/" in response["Location"]
    assert live_tags(page) == set()


@pytest.mark.parametrize("base_url", [PAGES, DOCUMENTS])
def test_nothing_that_exists_is_not_found(browser, base_url):
    response = browser.get(f"{base_url}/add_situations/?id=987654")

    assert response.status_code in (200, 404)


def queries_of_looking(browser, pages):
    browser.get(address(pages))
    with CaptureQueriesContext(connection) as queries:
        browser.get(address(pages))
    return len(queries)


def test_looking_costs_the_same_for_many(browser, section):
    few = [published(section) for _ in range(2)]
    many = few + [published(section) for _ in range(20)]

    assert queries_of_looking(browser, many) <= queries_of_looking(browser, few) + 1


def test_listing_offers_both_actions(browser, section):
    published(section)

    text = browser.get(f"/admin/pages/{section.pk}/").text

    assert "/add_situations/" in text
    assert "/remove_situations/" in text


# --- Documents and images ---


@pytest.fixture
def collection(db):
    return Collection.get_first_root_node().add_child(name="Barn")


@pytest.fixture
def librarian(editor_of, home, collection):
    """The browser of somebody who changes documents and images in one collection."""
    browser = editor_of(home)
    group = browser.user.groups.get()
    for codename in ("change_document", "change_image"):
        GroupCollectionPermission.objects.create(
            group=group,
            collection=collection,
            permission=Permission.objects.get(codename=codename),
        )
    return browser


def make_document(collection=None, title="Blankett"):
    return Document.objects.create(
        title=title,
        file=ContentFile(b"text", name="blankett.txt"),
        **({"collection": collection} if collection else {}),
    )


def make_image(collection=None):
    return Image.objects.create(
        title="Bild",
        file=get_test_image_file(),
        **({"collection": collection} if collection else {}),
    )


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def file_tags(file):
    items = TaggedFile.objects.filter(
        object_id=file.pk, content_type__model=file._meta.model_name
    )
    return set(items.values_list("tag__name", flat=True))


@pytest.mark.parametrize(
    ("base_url", "make"), [(DOCUMENTS, make_document), (IMAGES, make_image)]
)
def test_files_are_tagged_where_their_collection_allows(
    librarian, collection, child, base_url, make
):
    own, other = make(collection), make()

    shown = librarian.get(address([own, other], base=base_url)).text
    response = send(librarian, [own, other], child, base=base_url)

    assert "1 is left out because you may not change it." in " ".join(shown.split())
    assert "1 was changed." in response.text
    assert file_tags(own) == {"Få barn"}
    assert file_tags(other) == set()
    entry = ModelLogEntry.objects.get(action=SITUATIONS_CHANGED)
    assert entry.object_id == str(own.pk)
    assert entry.data == {"added": ["Få barn"], "removed": []}


def test_files_are_untagged(librarian, collection, child, house):
    document = make_document(collection)
    send(librarian, [document], child, house, base=DOCUMENTS)

    send(librarian, [document], house, base=DOCUMENTS, action="remove")
    again = send(librarian, [document], house, base=DOCUMENTS, action="remove")

    assert file_tags(document) == {"Få barn"}
    assert "Nothing had to be changed." in again.text


def test_all_files_in_the_listing_are_those_that_may_be_changed(
    librarian, collection, child
):
    own, other = make_document(collection), make_document()

    send(librarian, "all", child, base=DOCUMENTS)

    assert (file_tags(own), file_tags(other)) == ({"Få barn"}, set())


@pytest.mark.parametrize(
    ("base_url", "make"), [(DOCUMENTS, make_document), (IMAGES, make_image)]
)
def test_all_files_in_the_listing_are_those_of_the_situation_asked_for(
    librarian, collection, child, house, base_url, make
):
    shown, hidden = make(collection), make(collection)
    send(librarian, [shown], house, base=base_url)

    query = {"life_situations": house.pk}
    send(librarian, "all", child, base=base_url, query=query)

    assert file_tags(shown) == {"Bygga hus", "Få barn"}
    assert file_tags(hidden) == set()


def test_all_files_in_the_listing_are_those_of_the_collection_asked_for(
    admin, collection, child
):
    inside, outside = make_image(collection), make_image()

    send(admin, "all", child, base=IMAGES, query={"collection_id": collection.pk})

    assert (file_tags(inside), file_tags(outside)) == ({"Få barn"}, set())


def test_all_files_in_the_listing_are_those_used_as_often_as_asked_for(
    librarian, collection, child
):
    image = make_image(collection)

    send(librarian, "all", child, base=IMAGES, query={"usage_count_min": 1})
    used = file_tags(image)
    send(librarian, "all", child, base=IMAGES, query={"usage_count_max": 1})

    assert (used, file_tags(image)) == (set(), {"Få barn"})


def test_tags_of_a_deleted_file_are_deleted(librarian, collection, child):
    document, image = make_document(collection), make_image(collection)
    send(librarian, [document], child, base=DOCUMENTS)
    send(librarian, [image], child, base=IMAGES)

    document.delete()

    assert [item.object_id for item in TaggedFile.objects.all()] == [image.pk]


def test_document_and_image_of_the_same_number_are_told_apart(
    librarian, collection, child
):
    document = make_document(collection)
    image = make_image(collection)
    Image.objects.filter(pk=image.pk).update(id=document.pk)

    send(librarian, [document], child, base=DOCUMENTS)

    assert file_tags(document) == {"Få barn"}
    assert file_tags(Image.objects.get(pk=document.pk)) == set()
