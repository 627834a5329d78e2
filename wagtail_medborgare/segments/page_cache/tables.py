"""The tables of the database: which are followed, and the names of their stamps."""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.contrib.forms.models import AbstractFormSubmission
from wagtail.images.models import AbstractRendition
from wagtail.models import (
    BaseLogEntry,
    Comment,
    CommentReply,
    Locale,
    Page,
    PageViewRestriction,
    ReferenceIndex,
    Revision,
    Site,
    TaskState,
    WorkflowState,
)

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.models import Stamp

EVERYTHING = "pages"
"""The stamp that every kept page depends on."""

EVERYTHING_MODELS: tuple[type[models.Model], ...] = (Locale, PageViewRestriction, Site)

# What follows from something else that is followed, or never changes.
_DERIVED: tuple[type[models.Model], ...] = (AbstractRendition, ContentType, Stamp)

# What is written at work that shows on no page: whoever shows it is rendered anew.
_BUSY: tuple[type[models.Model], ...] = (
    AbstractFormSubmission,
    BaseLogEntry,
    Comment,
    CommentReply,
    ReferenceIndex,
    Revision,
    TaskState,
    WorkflowState,
)
_BUSY_LABELS = frozenset(
    {
        "admin.logentry",
        "sessions.session",
        "wagtailadmin.editingsession",
        "wagtailcore.pagesubscription",
        "wagtailcore.uploadedfile",
        "wagtailsearch.indexentry",
        "wagtailusers.userprofile",
    }
)

_LONGEST = 128


def is_derived(model: type[models.Model]) -> bool:
    """Say whether reading it says nothing that its own sources do not say."""
    return issubclass(model, _DERIVED)


def is_everything(model: type[models.Model]) -> bool:
    """Say whether every page depends on it: who may see what, and where everything is."""
    return issubclass(model, EVERYTHING_MODELS)


def is_busy(model: type[models.Model]) -> bool:
    """Say whether it is written too often to be followed."""
    label = model._meta.label_lower
    return (
        # What is not ours to migrate may be a view, or written by others.
        not model._meta.managed
        or issubclass(model, _BUSY)
        or label in _BUSY_LABELS
        or label in {item.lower() for item in app_settings.PAGE_CACHE_BUSY_MODELS}
    )


@cache
def models_by_table() -> dict[str, type[models.Model]]:
    """Return every model by its table, those of many-to-many relations included."""
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
    }


def table_stamp(table: str) -> str:
    """Return the stamp of those who read a table in any way but by key."""
    return _short(f"table:{table}")


def rows_stamp(table: str) -> str:
    """Return the stamp of everybody who read single rows of a table."""
    return _short(f"rows:{table}")


def row_prefix(table: str) -> str:
    """Return what the stamps of single rows begin with."""
    return f"row:{table}:"


def row_stamp(table: str, key: Any) -> str:
    """Return the stamp of one row."""
    # A UUID is a parameter with dashes on one database and without on another.
    return _short(row_prefix(table) + str(key).replace("-", ""))


def children_stamp(path: str) -> str:
    """Return the stamp of the pages directly beneath a place in the tree."""
    return _short(f"children:{path}")


def key_columns(model: type[models.Model]) -> Iterator[str]:
    """Return the columns that name a row, or a page and its translations."""
    meta: Any = model._meta
    yield meta.pk.column
    if model._meta.db_table == Page._meta.db_table:
        yield from ("path", "translation_key")


def rows_of(instance: models.Model) -> Iterator[tuple[type[models.Model], list[Any]]]:
    """Return the rows an object consists of, by model: each with its keys."""
    model = type(instance)._meta.concrete_model or type(instance)
    found = [model, *model._meta.all_parents]
    if isinstance(instance, Page) and model is Page and instance.specific_class:
        # Saved as a page of any type, it is still a row of its own type.
        specific = instance.specific_class
        found += [specific, *specific._meta.all_parents]
    for row_model in dict.fromkeys(found):
        link = model._meta.get_ancestor_link(row_model)
        keys: list[Any] = [getattr(instance, link.attname) if link else instance.pk]
        if row_model is Page and isinstance(instance, Page):
            keys += [instance.path, instance.translation_key]
        yield row_model, keys


def page_stamps(page: Page) -> list[str]:
    """Return the stamps that tell of any change of one page."""
    names = []
    for model, keys in rows_of(page):
        table = model._meta.db_table
        names += [row_stamp(table, keys[0]), rows_stamp(table)]
    return names


def _short(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    return name[:90] + blake2b(name.encode(), digest_size=16).hexdigest()
