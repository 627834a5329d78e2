from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from wagtail_medborgare.services.models.services import Service, is_web_address
from wagtail_medborgare.services.models.units import Unit
from wagtail_medborgare.situations.fields import LifeSituationsField
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.snapshot import situations

MODULE_TEXT = ["bold", "italic", "ol", "ul"]
"""No headings: the module's own title is the heading. Links have a list of their own,
which is read once for all modules of a page."""

MOST_ENTRIES = 20


class Module(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """A part of My services that one unit runs by itself, from a date to a date.

    What it can be (``kind``) is resolved when it is shown: see ``unit_modules``.
    """

    kind = models.CharField(_("kind"), max_length=40, default="text")
    title = models.CharField(_("heading"), max_length=120)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="modules",
        verbose_name=_("unit"),
        help_text=_("Who runs it? Residents see the name."),
    )
    life_situations = LifeSituationsField(
        through="medborgare_services.TaggedModule",
        blank=True,
        verbose_name=_("life situations"),
        help_text=_("Who sees it? Choose nothing, and everybody does."),
    )
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    text = RichTextField(_("text"), features=MODULE_TEXT, blank=True)
    feed_url = models.URLField(
        _("address of the feed"),
        max_length=500,
        blank=True,
        help_text=_("RSS, Atom or JSON Feed. Its title and links are shown, no more."),
    )
    feed_limit = models.PositiveSmallIntegerField(
        _("how many"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ENTRIES)],
    )

    search_fields = [
        index.SearchField("title", boost=2),
        index.AutocompleteField("title"),
        index.SearchField("text"),
        index.RelatedFields("unit", [index.SearchField("name")]),
        index.FilterField("id"),
        index.FilterField("title"),
        index.FilterField("live"),
        index.FilterField("kind"),
        index.FilterField("locale_id"),
        index.FilterField("unit"),
        index.FilterField("unit_id"),
        index.FilterField("sort_order"),
        index.FilterField("translation_key"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("module of a unit")
        verbose_name_plural = _("modules of units")
        ordering = ["sort_order", "title", "pk"]

    def __str__(self) -> str:
        # Wagtail saves a draft before anything has been written.
        return self.title or gettext("Without a heading")

    def with_content_json(self, content: Any) -> "Module":
        """Keep its place: a draft knows the one that it had when it was written."""
        restored: Module = super().with_content_json(content)
        restored.sort_order = self.sort_order
        return restored

    @property
    def shown_unit(self) -> Unit | None:
        """The unit, where it is published."""
        return self.unit if self.unit is not None and self.unit.live else None

    def situation_names(self) -> str:
        """Return the names of the situations it is for; prefetch the items for lists."""
        by_pk = situations.get().by_pk
        tag_pks = [item.tag_id for item in self.life_situation_items.all()]
        if not tag_pks:
            return gettext("Everybody")
        return ", ".join(by_pk[pk].name for pk in tag_pks if pk in by_pk)

    situation_names.short_description = _("Life situations")  # type: ignore[attr-defined]

    def kind_label(self) -> str:
        """Return what editors call its kind, also when nobody offers it any more."""
        from wagtail_medborgare.services.unit_modules.base import unit_module_kinds

        kind = unit_module_kinds().get(self.kind)
        if kind is None:
            return gettext("“%(name)s”: not installed, not shown") % {"name": self.kind}
        return str(kind.label)

    kind_label.short_description = _("Kind")  # type: ignore[attr-defined]

    def dates(self) -> str:
        """Return from when and until when it is shown, in words."""
        begins, ends = map(_in_words, self._planned_dates())
        if begins and ends:
            return gettext("%(begins)s to %(ends)s") % {"begins": begins, "ends": ends}
        if begins:
            return gettext("from %(begins)s") % {"begins": begins}
        return gettext("until %(ends)s") % {"ends": ends} if ends else ""

    dates.short_description = _("Dates")  # type: ignore[attr-defined]

    def _planned_dates(self) -> tuple[Any, Any]:
        """Return its dates; those of the newest draft while it is not published.

        Wagtail writes them into the object itself first when it goes live.
        """
        revision = self.latest_revision
        if self.live or revision is None:
            return self.go_live_at, self.expire_at
        return (
            parse_datetime(revision.content.get("go_live_at") or ""),
            parse_datetime(revision.content.get("expire_at") or ""),
        )

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "medborgare_services/unit_module_preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from wagtail_medborgare.services.unit_modules.showing import (
            is_for_somebody_else,
            preview_of,
        )

        return {
            **super().get_preview_context(request, mode_name),
            "item": preview_of(self, request),
            "is_for_somebody_else": is_for_somebody_else(self, request),
        }


def _in_words(moment: Any) -> str:
    if moment is None:
        return ""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


class TaggedModule(ItemBase):
    """One module is for people in one life situation."""

    wagtail_reference_index_ignore = False

    tag = models.ForeignKey(
        LifeSituation, on_delete=models.CASCADE, related_name="tagged_modules"
    )
    content_object = ParentalKey(
        Module, on_delete=models.CASCADE, related_name="life_situation_items"
    )

    class Meta:
        verbose_name = _("module in a life situation")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="medborgare_one_tag_a_module"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} – {self.content_object}"


class ModuleLink(Orderable):
    """A link in a module: to a page of the site, or to a web address."""

    module = ParentalKey(Module, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(_("text of the link"), max_length=120, blank=True)
    page = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page"),
    )
    url = models.URLField(_("web address"), max_length=500, blank=True)

    panels = [FieldPanel("label"), FieldPanel("page"), FieldPanel("url")]

    class Meta(Orderable.Meta):
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.label or self.url

    def clean(self) -> None:
        if bool(self.page_id) == bool(self.url):
            raise ValidationError(
                _("Choose a page, or write a web address: one of them.")
            )
        if self.url and not self.label:
            raise ValidationError({"label": _("Say where the link leads.")})
        if self.url and not is_web_address(self.url):
            raise ValidationError({"url": _("Begin with https:// or http://.")})


class ModuleService(Orderable):
    """A service in a module's list."""

    module = ParentalKey(Module, on_delete=models.CASCADE, related_name="service_items")
    service = models.ForeignKey(
        Service,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("service"),
    )

    panels = [FieldPanel("service")]

    class Meta(Orderable.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return f"{self.module_id}: {self.service_id}"
