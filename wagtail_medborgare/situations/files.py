"""Tag documents and images, whose models are the site's own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models.signals import post_delete
from wagtail.log_actions import log

from wagtail_medborgare.situations.models import TaggedFile
from wagtail_medborgare.situations.tagging import SITUATIONS_CHANGED, Change, Outcome


def tags_of_files(files: Sequence[Any]) -> dict[int, set[int]]:
    """Return the situations of files of one model, in one query."""
    tags: dict[int, set[int]] = {file.pk: set() for file in files}
    if files:
        rows = _rows(files[0]).filter(object_id__in=list(tags))
        for object_id, tag_id in rows.values_list("object_id", "tag_id"):
            tags[object_id].add(tag_id)
    return tags


def change_file(file: Any, change: Change, *, user: Any) -> Outcome:
    """Tag one document or image; it has no draft, and changes at once."""
    before = tags_of_files([file])[file.pk]
    after = change.applied_to(before)
    if after == before:
        return Outcome.UNCHANGED
    # One by one: what is shown of them follows the signals.
    for tag_id in sorted(after - before):
        TaggedFile.objects.create(tag_id=tag_id, content_object=file)
    _rows(file).filter(object_id=file.pk, tag_id__in=before - after).delete()
    log(instance=file, action=SITUATIONS_CHANGED, user=user, data=change.as_data())
    return Outcome.PUBLISHED


def follow_deletions() -> None:
    """Untag what is deleted: the tag knows the file by number only."""
    for model in _file_models():
        post_delete.connect(
            _untag, sender=model, dispatch_uid=f"medborgare.files.{model._meta.label}"
        )


def _file_models() -> Iterable[type[Any]]:
    if apps.is_installed("wagtail.documents"):
        from wagtail.documents import get_document_model

        yield get_document_model()
    if apps.is_installed("wagtail.images"):
        from wagtail.images import get_image_model

        yield get_image_model()


def _untag(instance: Any, **kwargs: Any) -> None:
    _rows(instance).filter(object_id=instance.pk).delete()


def _rows(file: Any) -> Any:
    return TaggedFile.objects.filter(
        content_type=ContentType.objects.get_for_model(file)
    )
