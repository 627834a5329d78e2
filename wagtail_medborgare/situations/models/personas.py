from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from taggit.models import ItemBase
from wagtail.admin.panels import FieldPanel

from wagtail_medborgare.situations.fields import LifeSituationsField
from wagtail_medborgare.situations.models.situations import LifeSituation
from wagtail_medborgare.situations.panels import situation_panels


class Persona(ClusterableModel):
    """A made-up resident whom editors preview as; never a person, never shown to any."""

    name = models.CharField(
        _("name"),
        max_length=80,
        unique=True,
        help_text=_("Made up: “Two children and a house”, “78 and a carer”."),
    )
    description = models.TextField(
        _("who it is"), blank=True, help_text=_("Shown to editors only.")
    )
    life_situations = LifeSituationsField(
        through="medborgare_situations.TaggedPersona",
        blank=True,
        verbose_name=_("life situations"),
        help_text=_("What this resident has chosen."),
    )
    sort_order = models.IntegerField(null=True, blank=True, editable=False)

    panels = [FieldPanel("name"), FieldPanel("description"), *situation_panels()]

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        ordering = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class TaggedPersona(ItemBase):
    """One persona is in one life situation."""

    wagtail_reference_index_ignore = False

    tag = models.ForeignKey(
        LifeSituation, on_delete=models.CASCADE, related_name="tagged_personas"
    )
    content_object = ParentalKey(
        Persona, on_delete=models.CASCADE, related_name="life_situation_items"
    )

    class Meta:
        verbose_name = _("persona in a life situation")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="medborgare_one_tag_a_persona"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} – {self.content_object}"
