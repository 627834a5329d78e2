"""Which public documents are for these situations."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from wagtail.models import CollectionViewRestriction

from wagtail_medborgare.core.snapshot import Snapshot
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
    or that lies in one. The keys come from memory; who may read what is asked of the
    database. No query where nothing is tagged, else two.
    """
    tags = frozenset(situation_pks)
    hits = {pk: own & tags for pk, own in tagged_documents.get().items() if own & tags}
    if not hits or not _are_served():
        return []
    # Those with as many hits stay in their order: the newest first.
    best = sorted(hits, key=lambda pk: len(hits[pk]), reverse=True)[:limit]
    found = _model().objects.exclude(_is_private()).in_bulk(best)
    return [
        DocumentForSituations(document=found[pk], situation_pks=hits[pk])
        for pk in best
        if pk in found
    ]


def _load() -> dict[int, frozenset[int]]:
    """Return the situations of each public document, the newest document first."""
    if not apps.is_installed("wagtail.documents"):
        return {}
    tags: dict[int, set[int]] = defaultdict(set)
    rows = TaggedFile.objects.filter(
        content_type=ContentType.objects.get_for_model(_model())
    )
    for object_id, tag_id in rows.values_list("object_id", "tag_id"):
        tags[object_id].add(tag_id)
    public = _model().objects.filter(pk__in=list(tags)).exclude(_is_private())
    keys = public.order_by("-created_at", "-pk").values_list("pk", flat=True)
    return {pk: frozenset(tags[pk]) for pk in keys}


tagged_documents = Snapshot("tagged-documents", _load)


def follow_changes() -> None:
    """Renew when a document, its situations or who may read it change."""
    if apps.is_installed("wagtail.documents"):
        tagged_documents.follow(_model(), TaggedFile, CollectionViewRestriction)


def _model() -> Any:
    from wagtail.documents import get_document_model

    return get_document_model()


def _is_private() -> Q:
    paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    is_private = Q(pk__in=[])
    for path in paths:
        is_private |= Q(collection__path__startswith=path)
    return is_private


def _are_served() -> bool:
    """Say whether the site has an address for its documents."""
    try:
        reverse("wagtaildocs_serve", args=[1, "a"])
    except NoReverseMatch:
        return False
    return True
