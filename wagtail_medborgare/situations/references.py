"""Keep Wagtail's index of references right where Wagtail itself does not.

It renews the index when a page is saved, which is before the rows of its removed tags are
deleted: usage and deletion would go on naming the page. And it learns of a snippet when
its hook is read, which is never in a command or a worker: an import would not be found.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.signals import post_delete
from modelcluster.fields import ParentalKey
from wagtail.models import ReferenceIndex


def index_references(*snippets: type[models.Model]) -> None:
    """Index what snippets of these kinds refer to, in every process."""
    for model in snippets:
        ReferenceIndex.register_model(model)


def follow_removals(*models_of_rows: type[models.Model]) -> None:
    """Forget what a row referred to when it is deleted, for rows with a ParentalKey."""
    for model in models_of_rows:
        post_delete.connect(
            _forget_references,
            sender=model,
            dispatch_uid=f"medborgare.references.{model._meta.label}",
        )


def _forget_references(
    sender: type[models.Model], instance: models.Model, **kwargs: Any
) -> None:
    keys = [field for field in sender._meta.fields if field.many_to_one]
    (parent,) = (field for field in keys if isinstance(field, ParentalKey))
    relation = parent.remote_field.get_accessor_name()
    for key in keys:
        if key is not parent:
            ReferenceIndex.objects.filter(
                base_content_type=ContentType.objects.get_for_model(
                    parent.related_model
                ),
                object_id=getattr(instance, parent.attname),
                to_object_id=getattr(instance, key.attname),
                model_path=f"{relation}.item.{key.name}",
            ).delete()
