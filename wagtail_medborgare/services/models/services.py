from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PublishingPanel,
)
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index
from wagtail.search.queryset import SearchableQuerySetMixin

from wagtail_medborgare.services.models.phones import PhoneMixin
from wagtail_medborgare.services.models.units import Unit
from wagtail_medborgare.situations.fields import LifeSituationsField
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.panels import situation_panels
from wagtail_medborgare.situations.snapshot import situations

LONG_TEXTS = ("description", "have_at_hand", "what_happens_then", "imported")
"""What a list does not show, and most of what a service weighs."""

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link"]


class ServiceQuerySet(SearchableQuerySetMixin, models.QuerySet["Service"]):
    def shown(self) -> "ServiceQuerySet":
        """Return what residents see: published, in the active language."""
        services = self.filter(live=True)
        if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            return services
        return services.filter(locale__language_code=active_language())

    def for_list(self) -> "ServiceQuerySet":
        """Add what one line in a list tells, without a query for each line."""
        channels = Channel.objects.filter(service=OuterRef("pk"))
        listed = self.select_related("unit").defer(*LONG_TEXTS, "unit__description")
        return listed.annotate(
            needs_login=Exists(
                channels.filter(Q(requires_login=True) | Q(requires_signing=True))
            ),
            first_url=Subquery(
                channels.exclude(url="").order_by("pk").values("url")[:1]
            ),
        )


def active_language() -> str:
    """Return the content language of the active interface language."""
    try:
        code: str = get_supported_content_language_variant(get_language())
    except LookupError:
        code = get_supported_content_language_variant(settings.LANGUAGE_CODE)
    return code


class Service(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """Something the municipality offers; CPSV-AP PublicService."""

    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("What one does: “Apply for a building permit”."),
    )
    slug = models.SlugField(_("slug"), max_length=200, blank=True)
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One line of plain text, shown in lists."),
    )
    description = RichTextField(_("description"), features=RICH_TEXT, blank=True)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name=_("unit"),
    )
    category = models.CharField(_("category"), max_length=120, blank=True)
    cost = models.CharField(_("cost"), max_length=120, blank=True)
    handling_time = models.CharField(_("handling time"), max_length=120, blank=True)
    have_at_hand = RichTextField(_("have at hand"), features=RICH_TEXT, blank=True)
    what_happens_then = RichTextField(
        _("what happens then"), features=RICH_TEXT, blank=True
    )
    needs_assessment = models.BooleanField(
        _("needs an assessment"),
        null=True,
        blank=True,
        help_text=_("Is there an assessment of needs before one gets it?"),
    )
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Saving it is forgotten after an hour, and never remembered."),
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who looks after it"),
    )
    review_by = models.DateField(
        _("look through again by"),
        null=True,
        blank=True,
        help_text=_("After this day it is listed as out of date."),
    )
    life_situations = LifeSituationsField(
        through="medborgare_services.TaggedService",
        blank=True,
        verbose_name=_("life situations"),
        help_text=_("Who needs this service?"),
    )

    source = models.CharField(max_length=100, blank=True, editable=False)
    source_key = models.CharField(max_length=100, blank=True, editable=False)
    imported = models.JSONField(default=dict, blank=True, editable=False)
    left_feed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(ServiceQuerySet)()

    panels = [
        FieldPanel("name"),
        FieldPanel("summary"),
        *situation_panels(),
        FieldPanel("unit"),
        FieldPanel("description"),
        InlinePanel("channels", heading=_("Channels"), label=_("Channel")),
        InlinePanel("deadlines", heading=_("Deadlines"), label=_("Deadline")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("cost"), FieldPanel("handling_time")]),
                FieldPanel("have_at_hand"),
                FieldPanel("what_happens_then"),
                FieldPanel("needs_assessment"),
            ],
            heading=_("What it takes"),
        ),
        FieldRowPanel(
            [FieldPanel("responsible"), FieldPanel("review_by")],
            heading=_("Kept up to date"),
        ),
        MultiFieldPanel(
            [FieldPanel("is_sensitive"), FieldPanel("category"), FieldPanel("slug")],
            heading=_("More"),
        ),
        PublishingPanel(),
    ]

    search_fields = [
        index.SearchField("name", boost=4),
        index.AutocompleteField("name"),
        index.SearchField("summary", boost=2),
        index.SearchField("description"),
        index.SearchField("category"),
        index.RelatedFields("unit", [index.SearchField("name")]),
        index.RelatedFields(
            "life_situations",
            [index.SearchField("name"), index.SearchField("synonyms")],
        ),
        index.FilterField("id"),
        index.FilterField("name"),
        index.FilterField("source"),
        index.FilterField("live"),
        index.FilterField("locale_id"),
        index.FilterField("unit_id"),
        index.FilterField("unit"),
        index.FilterField("translation_key"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "locale"], name="medborgare_one_slug_a_language"
            ),
            models.UniqueConstraint(
                fields=["source", "source_key", "locale"],
                condition=~Q(source=""),
                name="medborgare_one_service_a_feed_key",
            ),
        ]
        indexes = [models.Index(fields=["live", "name"])]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        others = Service.objects.filter(slug=self.slug, locale_id=self.locale_id)
        if self.slug and others.exclude(pk=self.pk).exists():
            # The form does not know the locale, and so not the constraint.
            raise ValidationError({"slug": _("Another service has this address.")})

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)
        # The tags were written after the service, which Wagtail has indexed without.
        index.insert_or_update_object(self)

    def _free_slug(self) -> str:
        """Return a slug that no other service in this language has."""
        base = slugify(self.name)[:180] or "tjanst"
        others = Service.objects.exclude(pk=self.pk).filter(slug__startswith=base)
        if self.locale_id:
            others = others.filter(locale_id=self.locale_id)
        taken = set(others.values_list("slug", flat=True))
        numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (base, *numbered) if slug not in taken)

    def situation_names(self) -> str:
        """Return the names of the situations it is for; prefetch the items for lists."""
        by_pk = situations.get().by_pk
        tag_pks = [item.tag_id for item in self.life_situation_items.all()]
        return ", ".join(by_pk[pk].name for pk in tag_pks if pk in by_pk)

    situation_names.short_description = _("Life situations")  # type: ignore[attr-defined]

    def get_url(self, request: HttpRequest | None = None) -> str:
        """Return the address of the service's page; of its first channel without one."""
        from wagtail_medborgare.services.addresses import service_url

        return service_url(self, request)

    def get_absolute_url(self) -> str:
        return self.get_url()

    @property
    def shown_unit(self) -> Unit | None:
        """The unit, where it is published."""
        return self.unit if self.unit is not None and self.unit.live else None

    def get_calendar_url(self) -> str:
        return reverse("medborgare_services:deadlines", args=[self.pk])

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "medborgare_services/service.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from wagtail_medborgare.services.pages_context import service_context

        return {
            **super().get_preview_context(request, mode_name),
            **service_context(self),
        }


class TaggedService(ItemBase):
    """One service is for people in one life situation."""

    wagtail_reference_index_ignore = False

    tag = models.ForeignKey(
        LifeSituation, on_delete=models.CASCADE, related_name="tagged_services"
    )
    content_object = ParentalKey(
        Service, on_delete=models.CASCADE, related_name="life_situation_items"
    )

    class Meta:
        verbose_name = _("service in a life situation")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="medborgare_one_tag_a_service"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} – {self.content_object}"


def is_web_address(url: str) -> bool:
    """Say whether an address is one that residents may be sent to."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "@" not in parts.netloc


def shown_address(url: str | None) -> str:
    """Return an address that may stand in a page; empty for ``javascript:`` and the like.

    Forms and importers refuse those. What another program wrote has met neither.
    """
    return url if url and is_web_address(url) else ""


class Channel(PhoneMixin, models.Model):
    """Where a service is reached; CPSV-AP Channel."""

    class Kind(models.TextChoices):
        E_SERVICE = "e_service", _("E-service")
        PHONE = "phone", _("Phone")
        VISIT = "visit", _("Visit")
        FORM = "form", pgettext_lazy("channel", "Form")
        POST = "post", _("Post")

    service = ParentalKey(Service, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind.choices, default=Kind.E_SERVICE
    )
    label = models.CharField(_("text on the button"), max_length=120, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    opening_hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    requires_login = models.BooleanField(_("needs e-identification"), default=False)
    requires_signing = models.BooleanField(_("needs a signature"), default=False)
    is_from_feed = models.BooleanField(default=False, editable=False)

    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("label")]),
        FieldPanel("url"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("address")]),
        FieldPanel("opening_hours"),
        FieldRowPanel([FieldPanel("requires_login"), FieldPanel("requires_signing")]),
    ]

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())

    @property
    def web_address(self) -> str:
        """The address to link to; empty where residents may not be sent there."""
        return shown_address(self.url)

    def clean(self) -> None:
        if not (self.url or self.phone or self.address):
            raise ValidationError(
                _("Say how to reach it: a web address, a phone number or an address.")
            )
        if self.url and not is_web_address(self.url):
            raise ValidationError(
                {
                    "url": _(
                        "Begin with https:// or http://, and write no user name or "
                        "password into the address."
                    )
                }
            )


class CheckedLink(models.Model):
    """What became of the last look at a web address that a channel leads to."""

    url = models.URLField(max_length=500, unique=True)
    is_broken = models.BooleanField(default=False)
    problem = models.CharField(max_length=200, blank=True)
    """Why, as a word of ours that the report translates."""
    broken_since = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("checked link")

    def __str__(self) -> str:
        return self.url
