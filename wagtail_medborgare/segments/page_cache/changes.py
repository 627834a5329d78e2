"""What has changed, and so which kept pages are out of date."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from wagtail.models import Page
from wagtail.signals import post_page_move

from wagtail_medborgare.core.models import Stamp
from wagtail_medborgare.core.stamps import stamps
from wagtail_medborgare.segments.page_cache import tables
from wagtail_medborgare.segments.page_cache.store import store

# Beyond this, all rows of a table are dropped rather than each.
MOST_ROWS = 100

# What saving a draft, locking a page or logging in writes: nothing of it is shown.
_UNSEEN_FIELDS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "last_login",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
    }
)


def connect() -> None:
    """Follow every change of every model, and what Wagtail changes without a signal."""
    for signal in (post_save, post_delete):
        signal.connect(_changed, dispatch_uid=f"medborgare.pages.{id(signal)}")
    m2m_changed.connect(_relation_changed, dispatch_uid="medborgare.pages.m2m")
    post_page_move.connect(_tree_moved, dispatch_uid="medborgare.pages.moved")
    pre_save.connect(_remember_address, dispatch_uid="medborgare.pages.address")


def forget_pages() -> None:
    """Drop every kept page, in all processes, when the transaction commits."""
    # Who may see a page must not depend on what happens after the commit.
    stamps.renew(tables.EVERYTHING, durable=True)
    _forget_at_once()


def forget_table(model: type[models.Model]) -> None:
    """Drop the pages that read a table: after ``update()``, which sends no signal."""
    table = model._meta.db_table
    stamps.renew(tables.table_stamp(table), tables.rows_stamp(table))


def _changed(
    sender: Any,
    instance: models.Model,
    created: bool = True,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    """Drop what shows an object that was saved, or deleted (then nothing is created)."""
    if update_fields and update_fields <= _UNSEEN_FIELDS:
        return
    if _is_in_a_migration(sender):
        return
    if isinstance(instance, tables.EVERYTHING_MODELS):
        forget_pages()
    elif not tables.is_busy(sender) and not tables.is_derived(sender):
        _renew_rows(instance, is_other=created)


def _is_in_a_migration(model: type[models.Model]) -> bool:
    """Historical models, and what is saved before our own table is there."""
    return model._meta.apps is not apps or not stamps.are_installed()


def _renew_rows(instance: models.Model, *, is_other: bool) -> None:
    if not isinstance(instance, Page):
        stamps.renew(*_stamps_of(instance))
    elif _moves_others(instance):
        forget_pages()
    else:
        names = {*_stamps_of(instance)}
        parent = Page.objects.filter(path=instance.path[: -Page.steplen]).first()
        if is_other and parent is not None:
            # It has another number of children, which is written without a signal.
            names.update(_stamps_of(parent))
        stamps.renew(*names)


def _stamps_of(instance: models.Model) -> Iterator[str]:
    """Return the stamps of those who read an object, or who list the pages around it."""
    for model, keys in tables.rows_of(instance):
        table = model._meta.db_table
        yield tables.table_stamp(table)
        yield from (_row_or_rows(table, key) for key in keys)
    if isinstance(instance, Page):
        yield tables.children_stamp(instance.path[: -Page.steplen])


def _row_or_rows(table: str, key: Any) -> str:
    """Return the stamp of one row, or of all of them when there are very many."""
    name, prefix = tables.row_stamp(table, key), tables.row_prefix(table)
    current = stamps.versions()
    if name in current or len(current) <= MOST_ROWS:
        return name
    if sum(known.startswith(prefix) for known in current) < MOST_ROWS:
        return name
    # Every page that noted one of these rows has noted this stamp, too.
    Stamp.objects.filter(name__startswith=prefix).delete()
    return tables.rows_stamp(table)


def _relation_changed(
    sender: Any, instance: models.Model, action: str, **kwargs: Any
) -> None:
    if not action.startswith("post_") or _is_in_a_migration(type(instance)):
        return
    if isinstance(instance, tables.EVERYTHING_MODELS):
        forget_pages()
    else:
        stamps.renew(tables.table_stamp(sender._meta.db_table))


def _remember_address(
    sender: Any,
    instance: models.Model,
    raw: bool = False,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    """Note the address that a page had; Wagtail tells of a new one after the commit."""
    is_saved_page = isinstance(instance, Page) and instance.pk and not raw
    if not is_saved_page or _is_in_a_migration(sender):
        return
    if update_fields and "url_path" not in update_fields:
        return
    before = Page.objects.filter(pk=instance.pk).values_list("url_path", flat=True)
    instance._medborgare_address = before.first()  # type: ignore[attr-defined]


def _moves_others(page: Page) -> bool:
    """Say whether pages beneath it have another address now, written without a signal."""
    before = getattr(page, "_medborgare_address", None)
    return before not in (None, page.url_path) and not page.is_leaf()


def _tree_moved(**kwargs: Any) -> None:
    # Pages that nobody touched may have another place in the tree afterwards.
    forget_pages()


def _forget_at_once() -> None:
    """Do not wait for the other processes to ask: after this nobody has it."""
    store.forget_everything()
    # What was made meanwhile from what was not yet committed goes as well.
    transaction.on_commit(store.forget_everything, robust=True)
