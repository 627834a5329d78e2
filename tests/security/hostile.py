"""Everything that is text in the database, so that all of it can be made hostile."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from factories import (
    make_catalogue,
    make_module,
    make_my_services,
    make_service,
    make_situation,
    make_unit,
)
from security.payloads import ADDRESSES, PAYLOADS, packed
from security.test_admin_access import MISSING, Town
from testapp.models import Banner, HomePage
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import (
    CharBlock,
    ListBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    TextBlock,
)
from wagtail.documents.models import Document
from wagtail.fields import RichTextField
from wagtail.models import Collection, Page, Revision, Site, Task, TaskState, Workflow
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import QueryRule, ReferralRule

from wagtail_medborgare.segments.blocks import AudienceBlock
from wagtail_medborgare.segments.models import LifeSituationRule
from wagtail_medborgare.services.models import CheckedLink, Service
from wagtail_medborgare.services.models.services import RICH_TEXT
from wagtail_medborgare.situations.models import (
    LifeSituation,
    MergedSituation,
    NextSituation,
    NextSituationPrompt,
    SituationLabel,
    TaggedFile,
    VocabularyLink,
)

MOST_ROWS = 20
Write = Callable[[models.Field[Any, Any], int], str]

CHOICE = "one of a list: another value is no text, and leads to no view"
# What stays as it is, each with the reason.
LEFT = {
    "medborgare_core.Stamp.version": "made by the package, shown nowhere",
    "medborgare_situations.LifeSituation.group": CHOICE,
    "medborgare_situations.SituationLabel.language": CHOICE,
    "medborgare_situations.NextSituationPrompt.language": CHOICE,
    "medborgare_situations.VocabularyLink.scheme": CHOICE,
    "medborgare_services.Channel.kind": CHOICE,
    "medborgare_services.Module.kind": "names a class; tested on its own below",
    "medborgare_situations.LifeSituation.slug": "in an address; tested on its own below",
    "medborgare_services.Service.slug": "in an address; tested on its own below",
    "medborgare_services.Unit.slug": "in an address; tested on its own below",
    "medborgare_services.Service.source": "names the importer that may write again",
}

# What Wagtail and Django store and our views show.
THEIRS = {
    Page: ("title", "draft_title", "seo_title", "search_description"),
    Segment: ("name",),
    QueryRule: ("parameter", "value"),
    ReferralRule: ("regex_string",),
    Group: ("name",),
    Task: ("name",),
    Workflow: ("name",),
    TaskState: ("comment",),
    Site: ("site_name",),
    Document: ("title",),
    Collection: ("name",),
}


def text_fields() -> Iterator[models.Field[Any, Any]]:
    """Return the fields of our models that hold text, without those that are left."""
    for model in apps.get_models():
        if model.__module__.startswith("wagtail_medborgare"):
            for field in model._meta.local_concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField)
                if is_text and not field.primary_key and name_of(field) not in LEFT:
                    yield field


def name_of(field: models.Field[Any, Any]) -> str:
    return f"{field.model._meta.label}.{field.name}"


@cache
def marked_up() -> tuple[str, ...]:
    """Return the payloads that Wagtail's editor of rich text can open.

    It refuses elements that are not closed, whoever wrote them. What it does not open is
    looked at on the site alone.
    """
    converter = ContentstateConverter(features=RICH_TEXT)
    found: list[str] = []
    for payload in PAYLOADS:
        more = [*found, f"<p>{payload}</p>"]
        try:
            state = converter.from_database_format("".join([*more, "<p>Slut</p>"]))
        except AssertionError:
            continue
        if json.loads(state)["blocks"][-1]["text"] == "Slut":
            found = more
    return tuple(found)


def fields_by_model() -> dict[type[models.Model], list[models.Field[Any, Any]]]:
    found: dict[type[models.Model], list[models.Field[Any, Any]]] = {}
    for field in text_fields():
        found.setdefault(field.model, []).append(field)
    for model, names in THEIRS.items():
        found[model] = [model._meta.get_field(name) for name in names]
    return found


def harmless(field: models.Field[Any, Any], number: int) -> str:
    if isinstance(field, models.URLField):
        return f"https://example.se/{number}"
    return f"Text {number}"


def hostile(turn: int) -> Any:
    def text(field: models.Field[Any, Any], number: int) -> str:
        own = turn + len(field.name) + number
        if isinstance(field, RichTextField):
            return "".join(marked_up())
        if isinstance(field, models.URLField):
            return f"{ADDRESSES[own % len(ADDRESSES)]}#{packed(own)}"
        return packed(own)

    return text


class HostileTown(Town):
    """The town of the access table, with a row in every table that holds text."""

    def __init__(self) -> None:
        super().__init__()
        self.situations = first, second = list(LifeSituation.objects.all())
        self.group = Group.objects.get(name="Q")
        for situation in (first, second):
            SituationLabel.objects.create(
                situation=situation, language="en", name=f"English {situation.pk}"
            )
            VocabularyLink.objects.create(situation=situation, code="1", uri="u")
        step = NextSituation.objects.create(situation=first, to=second)
        NextSituationPrompt.objects.create(
            next_situation=step, language="en", prompt="Next?"
        )
        MergedSituation.objects.create(
            old_pk=MISSING, old_slug="gammal", old_name="Gammal", situation=first
        )
        self.segment = Segment.objects.create(name="Segment", status="enabled")
        LifeSituationRule.objects.create(segment=self.segment, situation=first)
        QueryRule.objects.create(segment=self.segment, parameter="a", value="b")
        ReferralRule.objects.create(segment=self.segment, regex_string="a")
        for service in Service.objects.all():
            service.life_situations.set([first, second])
            service.save()
            service.channels.create(url="https://example.se/", phone="1", address="A")
            service.channels.create(phone="1")
            service.deadlines.create(date="2020-01-15", is_yearly=True, label="Datum")
        hours = [(day, datetime.time(8), datetime.time(16)) for day in range(7)]
        closed = {timezone.localdate(): "Idag"}
        unit = make_unit("Kultur")
        self.shown = make_service(
            "Visad", slug="visad", unit=unit, situations=[first, second],
            channels=[{"url": "https://example.se/"}, {"phone": "1", "address": "A"}],
            deadlines=[{"label": "Dag", "date": "2020-01-15", "is_yearly": True}],
        )  # fmt: skip
        links = [{"label": "Länk", "url": "https://example.se/"}]
        for kind in ("text", "service-list", "opening-hours", "feed"):
            make_module(
                kind=kind, unit=unit, text="<p>Hej</p>", links=links, hours=hours,
                closed=closed, services=[self.shown], situations=[first],
                feed_url="https://feeds.example.se/",
            )  # fmt: skip
        self.extra = make_situation("Utan allt")
        now = timezone.now()
        for number in (1, 2):
            url = f"https://example.se/{number}"
            CheckedLink.objects.create(url=url, checked_at=now, problem="gone")
        make_my_services(self.home)
        make_catalogue(self.home)
        Collection.get_first_root_node().add_child(name="Samling")
        document = Document.objects.create(title="Papper", file="papper.pdf")
        TaggedFile.objects.create(tag=first, content_object=document)

    def write(self, text: Write) -> set[str]:
        """Write texts into every field of every row; return the names of the fields."""
        written = set()
        for model, fields in fields_by_model().items():
            for number, row in enumerate(model._default_manager.order_by("pk")):
                values = {field.name: text(field, number) for field in fields}
                # As somebody else's program does it: no form, no ``save``.
                type(row)._default_manager.filter(pk=row.pk).update(**values)
                written |= {name_of(field) for field in fields}
        self._write_streams(text)
        self._write_revisions()
        # Now let everything that keeps a copy of the database know.
        for row in (*LifeSituation.objects.all(), *Service.objects.all()):
            row.save()
        for row in Segment.objects.all():
            row.save()
        for page in Page.objects.filter(depth__gt=1).specific():
            page.save(clean=False)
        return written

    def known(self, text: Write) -> set[str]:
        """Return the texts that were written, as data that scripts are handed."""
        return {
            text(field, number).strip()
            for fields in [
                *fields_by_model().values(),
                [HomePage._meta.get_field("body")],
            ]
            for field in fields
            for number in range(MOST_ROWS)
        }

    def _write_streams(self, text: Write) -> None:
        keys = list(LifeSituation.objects.values_list("pk", flat=True))
        audience = {
            "mode": "only", "situations": keys[:1], "segments": [self.segment.pk],
        }  # fmt: skip
        for model in (HomePage, Banner):
            field = model._meta.get_field("body")
            for number, row in enumerate(model.objects.order_by("pk")):
                words = partial(text, field, number)
                row.body = filled(field.stream_block, words, audience)
                row.save(**({"clean": False} if isinstance(row, Page) else {}))

    def _write_revisions(self) -> None:
        for revision in Revision.objects.all():
            row = revision.content_object
            revision.content = row.serializable_data()
            revision.object_str = str(row)
            revision.save()


def filled(block: Any, text: Callable[[], str], audience: Any) -> Any:
    """Return a stored value of a block, with a text wherever one can be."""
    if isinstance(block, AudienceBlock):
        return audience
    if isinstance(block, StreamBlock):
        return [
            {"type": name, "value": filled(child, text, audience)}
            for name, child in block.child_blocks.items()
        ]
    if isinstance(block, StructBlock):
        return {
            name: filled(child, text, audience)
            for name, child in block.child_blocks.items()
        }
    if isinstance(block, ListBlock):
        inner = filled(block.child_block, text, audience)
        return [{"type": "item", "value": inner}]
    if isinstance(block, RichTextBlock):
        # Wagtail's own: what is stored there a site shows as it stands.
        return "<p>Hej</p>"
    if isinstance(block, CharBlock | TextBlock):
        return text()
    return block.get_prep_value(block.get_default())
