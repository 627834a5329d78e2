import unicodedata
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import TagBase
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import RevisionMixin
from wagtail.search import index

from wagtail_medborgare.situations.icons import ICON_CHOICES
from wagtail_medborgare.situations.languages import language_choices

# NFKD knows no decomposition for these letters of our languages.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t"})
_LONGEST_SLUG = 90

# Tags are written as "quoted names" where a form carries them.
_no_quotes = RegexValidator(r'^[^"]*$', _('A name cannot contain the character ".'))


class SituationGroup(models.TextChoices):
    """The part of life that a situation belongs to; choosers show it as a heading."""

    FAMILY = "family", _("Family")
    HOME = "home", _("Housing")
    WORK = "work", _("Work")
    EDUCATION = "education", _("Education")
    HEALTH = "health", _("Health and care")
    TRAVEL = "travel", _("Travel and transport")
    CRISIS = "crisis", _("When things are hard")
    COMMUNITY = "community", _("Associations and community")
    BUSINESS = "business", _("Business")


class LifeSituationQuerySet(models.QuerySet["LifeSituation"]):
    def active(self) -> "LifeSituationQuerySet":
        return self.filter(is_active=True)


class LifeSituation(index.Indexed, RevisionMixin, ClusterableModel, TagBase):
    """What somebody is going through; CPSV-AP calls it LifeEvent or BusinessEvent."""

    free_tagging = False

    name = models.CharField(
        _("name"),
        unique=True,
        max_length=100,
        validators=[_no_quotes],
        help_text=_("As a resident would say it: “Having a child”."),
    )
    slug = models.SlugField(
        _("slug"),
        unique=True,
        max_length=100,
        blank=True,
        help_text=_("The stable key: letters a–z, digits and hyphens."),
    )
    summary = models.CharField(
        _("summary"),
        max_length=200,
        blank=True,
        help_text=_("One plain sentence, shown under the name."),
    )
    synonyms = models.TextField(
        _("everyday words"),
        blank=True,
        help_text=_("Words that people use for it, separated by commas."),
    )
    group = models.CharField(
        _("group"),
        max_length=20,
        choices=SituationGroup.choices,
        default=SituationGroup.FAMILY,
    )
    icon = models.CharField(
        _("icon"), max_length=40, choices=ICON_CHOICES, default="circle"
    )
    is_business = models.BooleanField(
        _("for businesses"),
        default=False,
        help_text=_("It concerns a company or another organisation, not a resident."),
    )
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_(
            "Addiction, debt, violence, illness and the like: a choice is forgotten "
            "after an hour and never remembered, counted or shown elsewhere."
        ),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Residents can choose it."),
    )
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    imported = models.JSONField(default=dict, blank=True, editable=False)

    objects = models.Manager.from_queryset(LifeSituationQuerySet)()

    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("summary"),
        index.SearchField("synonyms"),
        index.AutocompleteField("synonyms"),
        index.RelatedFields(
            "labels",
            [
                index.SearchField("name"),
                index.AutocompleteField("name"),
                index.SearchField("synonyms"),
                index.AutocompleteField("synonyms"),
            ],
        ),
        index.FilterField("id"),
        index.FilterField("name"),
        index.FilterField("group"),
        index.FilterField("is_active"),
        index.FilterField("is_sensitive"),
        index.FilterField("sort_order"),
    ]

    panels = [
        FieldPanel("name"),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("group"), FieldPanel("icon")]),
        MultiFieldPanel(
            [
                FieldPanel("is_active"),
                FieldPanel("is_business"),
                FieldPanel("is_sensitive"),
            ],
            heading=_("Who and how"),
        ),
        InlinePanel(
            "next_situations",
            heading=_("What usually comes next"),
            label=_("Next situation"),
        ),
        InlinePanel("labels", heading=_("In other languages"), label=_("Language")),
        MultiFieldPanel(
            [
                FieldPanel("synonyms"),
                FieldPanel("slug"),
                InlinePanel(
                    "vocabularies", heading=_("Public vocabularies"), label=_("Code")
                ),
            ],
            heading=_("For search and exchange"),
        ),
    ]

    class Meta(TagBase.Meta):
        verbose_name = _("life situation")
        verbose_name_plural = _("life situations")
        ordering = ["sort_order", "name"]

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return an ASCII slug: addresses and files keep to a–z."""
        plain = unicodedata.normalize("NFKD", tag.lower().translate(_LETTERS))
        # One letter can become two, and the number needs room as well.
        slug = slugify(plain)[:_LONGEST_SLUG].rstrip("-") or "situation"
        return slug if i is None else f"{slug}-{i}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.sort_order is None:
            last = LifeSituation.objects.aggregate(last=models.Max("sort_order"))
            self.sort_order = (last["last"] or 0) + 1
        if not self._state.adding and not self.slug:
            # A key that was emptied stays what it was: files and cookies know it.
            before = LifeSituation.objects.filter(pk=self.pk)
            self.slug = before.values_list("slug", flat=True).get()
        super().save(*args, **kwargs)
        # The labels were written after the situation, which Wagtail has indexed without.
        index.insert_or_update_object(self)


class SituationLabel(index.Indexed, models.Model):
    """What a life situation is called in one more language."""

    situation = ParentalKey(
        LifeSituation, on_delete=models.CASCADE, related_name="labels"
    )
    language = models.CharField(_("language"), max_length=15, choices=language_choices)
    name = models.CharField(_("name"), max_length=100, validators=[_no_quotes])
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    synonyms = models.TextField(_("everyday words"), blank=True)

    class Meta:
        verbose_name = _("label in a language")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["situation", "language"], name="medborgare_one_label_a_language"
            )
        ]

    def __str__(self) -> str:
        return self.name


class VocabularyLink(models.Model):
    """What a public vocabulary calls the same life situation."""

    class Scheme(models.TextChoices):
        EU = "eu", "EU CPSV-AP"
        LOS = "los", "Los (Norway)"
        PTVL = "ptvl", "PTVL (Finland)"
        IT = "it", "Eventi della vita (Italy)"
        SDG = "sdg", "Single Digital Gateway"
        OTHER = "other", _("Other")

    situation = ParentalKey(
        LifeSituation, on_delete=models.CASCADE, related_name="vocabularies"
    )
    scheme = models.CharField(_("vocabulary"), max_length=10, choices=Scheme.choices)
    code = models.CharField(_("code"), max_length=80)
    # An IRI, not a URL: one of Los contains ø.
    uri = models.CharField(_("address"), max_length=255, blank=True)
    label = models.CharField(_("name there"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("link to a vocabulary")
        ordering = ["scheme", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["situation", "scheme", "code"],
                name="medborgare_one_link_a_code",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.code}"


class NextSituation(ClusterableModel):
    """What usually comes next in life, and when."""

    situation = ParentalKey(
        LifeSituation, on_delete=models.CASCADE, related_name="next_situations"
    )
    to = models.ForeignKey(
        LifeSituation,
        on_delete=models.CASCADE,
        related_name="previous_situations",
        verbose_name=_("leads to"),
    )
    after_months = models.PositiveSmallIntegerField(
        _("after how many months"), default=12
    )
    prompt = models.CharField(
        _("question"),
        max_length=140,
        help_text=_("What we ask: “Soon one year old: time for preschool?”"),
    )

    panels = [
        FieldPanel("to"),
        FieldPanel("after_months"),
        FieldPanel("prompt"),
        InlinePanel(
            "prompts", heading=_("The question in other languages"), label=_("Language")
        ),
    ]

    class Meta:
        verbose_name = _("next situation")
        ordering = ["after_months", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["situation", "to"], name="medborgare_one_step_to_a_situation"
            )
        ]

    def __str__(self) -> str:
        return self.prompt


class NextSituationPrompt(models.Model):
    """The question about what comes next, in one more language."""

    next_situation = ParentalKey(
        NextSituation, on_delete=models.CASCADE, related_name="prompts"
    )
    language = models.CharField(_("language"), max_length=15, choices=language_choices)
    prompt = models.CharField(_("question"), max_length=140)

    class Meta:
        verbose_name = _("question in a language")
        constraints = [
            models.UniqueConstraint(
                fields=["next_situation", "language"],
                name="medborgare_one_prompt_a_language",
            )
        ]

    def __str__(self) -> str:
        return self.prompt


class MergedSituation(models.Model):
    """A life situation that has become part of another one.

    Devices, files and addresses still name the old one: they are taken to the new.
    """

    old_pk = models.BigIntegerField(unique=True)
    old_slug = models.SlugField(max_length=100, unique=True)
    old_name = models.CharField(max_length=100)
    situation = models.ForeignKey(
        LifeSituation, on_delete=models.CASCADE, related_name="merged_from"
    )
    merged_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("merged situation")

    def __str__(self) -> str:
        return f"{self.old_name} → {self.situation}"
