"""Everything that names a situation, as an editor is told before it goes."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.fields import StreamField
from wagtail.models import ReferenceIndex

from wagtail_medborgare.situations.models import LifeSituation

MOST_NAMED = 10


@dataclass
class Use:
    """Things of one kind that name a situation, and the first of them by name."""

    label: str
    keys: set[tuple[int, str]] = field(default_factory=set)
    named: list[tuple[str, str]] = field(default_factory=list)
    """Names and addresses of those that this editor may open."""

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def how_many_more(self) -> int:
        return self.count - len(self.named)


def uses_of(situation: LifeSituation, *, user: Any) -> list[Use]:
    """Return what names a situation, kind by kind.

    Names are given with a link, and only where this user may open them; the number says
    how many there are. A constant number of queries for each kind.
    """
    uses: dict[tuple[int, bool], Use] = {}
    for reference in ReferenceIndex.get_references_to(situation).order_by("pk"):
        in_stream = is_in_a_stream(reference)
        kind = (reference.base_content_type_id, in_stream)
        use = uses.setdefault(kind, Use(_label(reference, in_stream)))
        use.keys.add((reference.base_content_type_id, reference.object_id))
    objects = _objects({key for use in uses.values() for key in use.keys})
    finder = AdminURLFinder(user)
    for use in uses.values():
        _name(use, objects, finder)
    return sorted(uses.values(), key=lambda use: (-use.count, use.label))


def is_in_a_stream(reference: ReferenceIndex) -> bool:
    """Say whether a block names it, rather than a tag or a foreign key."""
    model = reference.content_type.model_class()
    fields = model._meta.fields if model else ()
    names = {field.name for field in fields if isinstance(field, StreamField)}
    return reference.model_path.split(".")[0] in names


def _label(reference: ReferenceIndex, in_stream: bool) -> str:
    model = reference.base_content_type.model_class()
    kind = str(capfirst(model._meta.verbose_name_plural)) if model else ""
    return _("%(kind)s with blocks for it") % {"kind": kind} if in_stream else kind


def _objects(keys: set[tuple[int, str]]) -> dict[tuple[int, str], Any]:
    by_type: dict[int, list[str]] = defaultdict(list)
    for content_type, pk in keys:
        by_type[content_type].append(pk)
    found: dict[tuple[int, str], Any] = {}
    for content_type_pk, pks in by_type.items():
        source = ContentType.objects.get_for_id(content_type_pk)
        for item in source.get_all_objects_for_this_type(pk__in=pks):
            found[content_type_pk, str(item.pk)] = item
    return found


def _name(use: Use, objects: dict[tuple[int, str], Any], finder: Any) -> None:
    for key in sorted(use.keys, key=lambda key: (key[0], key[1].zfill(20))):
        thing = objects.get(key)
        # A tag on a file is a row of its own: the file is what editors know.
        thing = getattr(thing, "content_object", None) or thing
        address = finder.get_edit_url(thing) if thing is not None else None
        if address:
            use.named.append((str(thing), address))
        if len(use.named) == MOST_NAMED:
            return
