from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PublishingPanel,
)
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from wagtail_medborgare.services.models.phones import PhoneMixin
from wagtail_medborgare.situations.fields import LifeSituationsField
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.panels import situation_panels


class UnitQuerySet(models.QuerySet["Unit"]):
    def live(self) -> "UnitQuerySet":
        return self.filter(live=True)


class Unit(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    PhoneMixin,
    ClusterableModel,
):
    """The part of the municipality that owns services; CPSV-AP PublicOrganisation."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True, blank=True)
    description = models.TextField(_("description"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    life_situations = LifeSituationsField(
        through="medborgare_services.TaggedUnit",
        blank=True,
        verbose_name=_("life situations"),
        help_text=_("Whom does this unit help?"),
    )
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(UnitQuerySet)()

    panels = [
        FieldPanel("name"),
        FieldPanel("description"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldPanel("opening_hours"),
                FieldPanel("address"),
            ],
            heading=_("Contact"),
        ),
        *situation_panels(),
        FieldPanel("slug"),
        PublishingPanel(),
    ]

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("description"),
        index.FilterField("live"),
        index.FilterField("id"),
        index.FilterField("name"),
        index.FilterField("sort_order"),
    ]

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = slugify(self.name)[:120] or "unit"
        super().save(*args, **kwargs)

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "medborgare_services/unit_preview.html"


class TaggedUnit(ItemBase):
    """One unit helps people in one life situation."""

    wagtail_reference_index_ignore = False

    tag = models.ForeignKey(
        LifeSituation, on_delete=models.CASCADE, related_name="tagged_units"
    )
    content_object = ParentalKey(
        Unit, on_delete=models.CASCADE, related_name="life_situation_items"
    )

    class Meta:
        verbose_name = _("unit in a life situation")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="medborgare_one_tag_a_unit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} – {self.content_object}"
