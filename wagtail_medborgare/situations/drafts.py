"""What editors have written and not published: kept as JSON, where no signal reaches."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import Revision, TaskState

from wagtail_medborgare.situations.models import LifeSituation

Content = dict[str, Any]

BATCH = 50

Change = Callable[[type[models.Model], Content], bool]


def rewrite_drafts(change: Change, *, naming: int) -> int:
    """Let ``change`` rewrite the content of every draft that may name a key.

    A draft is what can still be published: the newest version of something, one that is
    scheduled, one that waits for approval. ``change`` gets the model and the content as
    it is stored, and says whether it has changed anything. Returns how many were.
    """
    count = 0
    for revisions in _drafts(naming):
        changed = [
            revision
            for revision in revisions
            if (model := _model_of(revision)) and change(model, revision.content)
        ]
        Revision.objects.bulk_update(changed, ["content"])
        count += len(changed)
    return count


def _drafts(naming: int) -> Iterator[list[Revision]]:
    """Yield the drafts in small batches: each holds a whole page."""
    waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    can_be_published = Q(approved_go_live_at__isnull=False) | Q(
        pk__in=waiting.values("revision")
    )
    for model in _models_with_revisions():
        newest = model._base_manager.filter(latest_revision__isnull=False)
        can_be_published |= Q(pk__in=newest.values("latest_revision"))
    # The text of the stored JSON tells the few that are worth reading from the rest.
    pks = list(
        Revision.objects.filter(can_be_published)
        .annotate(text=Cast("content", TextField()))
        .filter(text__contains=str(naming))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for start in range(0, len(pks), BATCH):
        yield list(Revision.objects.filter(pk__in=pks[start : start + BATCH]))


def _models_with_revisions() -> list[type[models.Model]]:
    """Return the models whose own table names the newest version: pages are one."""
    return [
        model
        for model in apps.get_models()
        if any(field.name == "latest_revision" for field in model._meta.local_fields)
    ]


def _model_of(revision: Revision) -> type[models.Model] | None:
    content_type = ContentType.objects.get_for_id(revision.content_type_id)
    return content_type.model_class() if isinstance(revision.content, dict) else None


def replace_key(
    model: type[models.Model], content: Content, *, old: int, new: int
) -> bool:
    """Let foreign keys to a situation follow, in an object and its children.

    A child that would say the same as another one is left out.
    """
    changed = _replace_own_keys(model, content, old=old, new=new)
    if not issubclass(model, ClusterableModel):
        return changed
    for relation in get_all_child_relations(model):
        rows = content.get(str(relation.get_accessor_name()))
        if not isinstance(rows, list):
            continue
        child = relation.related_model
        moved = [
            row
            for row in rows
            if isinstance(row, dict) and replace_key(child, row, old=old, new=new)
        ]
        if moved:
            changed = True
            _leave_out_repeated(child, rows, moved)
    return changed


def _replace_own_keys(
    model: type[models.Model], content: Content, *, old: int, new: int
) -> bool:
    changed = False
    for name in keys_of_situations(model):
        if str(content.get(name)) == str(old):
            content[name] = new
            changed = True
    return changed


def keys_of_situations(model: type[models.Model]) -> list[str]:
    """Return the names of a model's foreign keys to a situation."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is LifeSituation
    ]


def _leave_out_repeated(
    model: type[models.Model], rows: list[Any], moved: list[Content]
) -> None:
    """Keep one of the rows that the database would refuse as equal."""
    for names in _unique_together(model):
        seen = {_values(row, names) for row in rows if row not in moved}
        for row in [row for row in rows if row in moved]:
            values = _values(row, names)
            if values in seen:
                rows.remove(row)
            seen.add(values)


def _unique_together(model: type[models.Model]) -> list[tuple[str, ...]]:
    """Return what must differ among the children of one parent, situations in it."""
    found = [tuple(item.fields) for item in model._meta.total_unique_constraints]
    found += [tuple(names) for names in model._meta.unique_together]
    parents = {
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, ParentalKey)
    }
    keys = {*keys_of_situations(model)} - parents
    return [
        tuple(name for name in names if name not in parents)
        for names in found
        if keys & {*names}
    ]


def _values(row: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row.get(name)) for name in names)
