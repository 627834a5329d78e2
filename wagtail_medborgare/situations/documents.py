"""Which public documents are for these situations."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from wagtail_medborgare.situations.models import TaggedFile


@dataclass(frozen=True, kw_only=True)
class DocumentForSituations:
    """A document, and the keys of the situations because of which it is listed."""

    document: Any
    situation_pks: frozenset[int]


def first_documents_for_situations(
    situation_pks: Iterable[int], *, limit: int
) -> list[DocumentForSituations]:
    """Return the documents for most of the situations first, then the newest.

    Only what everybody may read: nothing in a collection that has a view restriction,
    or that lies in one. Three queries, however many documents there are.
    """
    if not _are_served():
        return []
    from wagtail.documents import get_document_model

    model = get_document_model()
    tags: dict[int, set[int]] = defaultdict(set)
    rows = TaggedFile.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        tag_id__in=list(situation_pks),
    )
    for object_id, tag_id in rows.values_list("object_id", "tag_id"):
        tags[object_id].add(tag_id)
    if not tags:
        return []
    found = model.objects.filter(pk__in=list(tags)).exclude(_is_private())
    best = sorted(
        found, key=lambda each: (len(tags[each.pk]), each.created_at), reverse=True
    )
    return [
        DocumentForSituations(document=each, situation_pks=frozenset(tags[each.pk]))
        for each in best[:limit]
    ]


def _is_private() -> Q:
    from wagtail.models import CollectionViewRestriction

    paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    is_private = Q(pk__in=[])
    for path in paths:
        is_private |= Q(collection__path__startswith=path)
    return is_private


def _are_served() -> bool:
    """Say whether the site has documents, and an address for them."""
    if not apps.is_installed("wagtail.documents"):
        return False
    try:
        reverse("wagtaildocs_serve", args=[1, "a"])
    except NoReverseMatch:
        return False
    return True
