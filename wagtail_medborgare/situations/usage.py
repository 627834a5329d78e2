"""Everything that names a situation, as an editor is told before it goes."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.fields import StreamField
from wagtail.models import Page, ReferenceIndex

from wagtail_medborgare.situations.models import LifeSituation

MOST_NAMED = 10
MOST_TRIED = 100
_AT_ONCE = 25


@dataclass
class Use:
    """Things of one kind that name a situation, and the first of them by name."""

    label: str
    source: ContentType
    keys: set[str] = field(default_factory=set)
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
    how many there are. For each kind, as many queries for many things as for few, and
    a bounded number where this user may open hardly any of them.
    """
    uses: dict[tuple[int, bool], Use] = {}
    for reference in ReferenceIndex.get_references_to(situation).order_by("pk"):
        in_stream = is_in_a_stream(reference)
        kind = (reference.base_content_type_id, in_stream)
        if kind not in uses:
            # Asked for by its key, a content type is read from memory.
            source = ContentType.objects.get_for_id(reference.base_content_type_id)
            uses[kind] = Use(_label(source, in_stream), source)
        uses[kind].keys.add(reference.object_id)
    finder = AdminURLFinder(user)
    for use in uses.values():
        _name(use, finder)
    return sorted(uses.values(), key=lambda use: (-use.count, use.label))


def is_in_a_stream(reference: ReferenceIndex) -> bool:
    """Say whether a block names it, rather than a tag or a foreign key."""
    source = ContentType.objects.get_for_id(reference.content_type_id)
    model = source.model_class()
    fields = model._meta.fields if model else ()
    names = {field.name for field in fields if isinstance(field, StreamField)}
    return reference.model_path.split(".")[0] in names


def _label(source: ContentType, in_stream: bool) -> str:
    model = source.model_class()
    kind = str(capfirst(model._meta.verbose_name_plural)) if model else ""
    # What others leave untranslated may stand in a catalogue of ours: “Segments”.
    kind = _(kind) if kind else ""
    return _("%(kind)s with blocks for it") % {"kind": kind} if in_stream else kind


def _name(use: Use, finder: Any) -> None:
    tried = sorted(use.keys, key=lambda key: key.zfill(20))[:MOST_TRIED]
    for start in range(0, len(tried), _AT_ONCE):
        for thing in _read(use.source, tried[start : start + _AT_ONCE]):
            # A tag on a file is a row of its own: the file is what editors know.
            thing = getattr(thing, "content_object", None) or thing
            if address := finder.get_edit_url(thing):
                use.named.append((str(thing), address))
            if len(use.named) == MOST_NAMED:
                return


def _read(source: ContentType, pks: list[str]) -> list[Any]:
    """Return things of one kind, with what it takes to say whether they may be opened."""
    model = source.model_class()
    if model is None:
        return []
    things: QuerySet[Any] = model._base_manager.filter(pk__in=pks)
    if issubclass(model, Page):
        things = Page.objects.filter(pk__in=pks).prefetch_workflow_states()
    elif hasattr(model, "content_object"):
        things = things.prefetch_related("content_object")
    return list(things.order_by("pk"))
