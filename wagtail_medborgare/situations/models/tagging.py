from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import ItemBase

from wagtail_medborgare.situations.fields import LifeSituationsField
from wagtail_medborgare.situations.models.situations import LifeSituation
from wagtail_medborgare.situations.panels import situation_panels


class TaggedPage(ItemBase):
    """One page of any type is about one life situation."""

    # Wagtail leaves tags out of the reference index unless told not to: without it an
    # editor who deletes a situation would not see the pages that use it.
    wagtail_reference_index_ignore = False

    tag = models.ForeignKey(
        LifeSituation, on_delete=models.CASCADE, related_name="tagged_pages"
    )
    content_object = ParentalKey(
        "wagtailcore.Page",
        on_delete=models.CASCADE,
        related_name="life_situation_items",
    )
    covers_section = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("page in a life situation")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"], name="medborgare_one_tag_a_page"
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} – {self.content_object}"


class LifeSituationPageMixin(models.Model):
    """Let editors say which life situations a page is about. Put it before ``Page``."""

    life_situations = LifeSituationsField(
        through=TaggedPage,
        blank=True,
        verbose_name=_("life situations"),
        help_text=_("Who needs this page?"),
    )
    situations_cover_section = models.BooleanField(
        _("holds for everything beneath"),
        default=False,
        help_text=_("All pages below this one are about these situations too."),
    )

    situation_panels = situation_panels(with_section=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        result = super().save(*args, **kwargs)
        written = kwargs.get("update_fields")
        if written is not None and "situations_cover_section" not in written:
            return result  # A draft is saved like this, and is not public yet.
        # The tag rows carry a copy, so that one query finds the sections of all types.
        items = TaggedPage.objects.filter(content_object_id=self.pk)
        for item in items.exclude(covers_section=self.situations_cover_section):
            item.covers_section = self.situations_cover_section
            item.save()
        return result
