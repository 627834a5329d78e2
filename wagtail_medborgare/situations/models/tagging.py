from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from taggit.models import GenericTaggedItemBase, ItemBase

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


class TaggedFile(GenericTaggedItemBase):
    """One document or image is about one life situation.

    The models of documents and images are the site's own, and may be of any kind.
    """

    wagtail_reference_index_ignore = False

    tag = models.ForeignKey(
        LifeSituation, on_delete=models.CASCADE, related_name="tagged_files"
    )

    class Meta:
        verbose_name = _("file in a life situation")
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_type", "object_id"],
                name="medborgare_one_tag_a_file",
            )
        ]

    def __str__(self) -> str:
        return f"{self.tag} – {self.content_object}"


class SectionExit(models.Model):
    """What is said above one page does not hold for it and everything beneath.

    A copy of what the page itself says, so that one query finds the pages of all types.
    """

    # It is a part of the page, and no use of it.
    wagtail_reference_index_ignore = True

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = _("page that leaves its section")

    def __str__(self) -> str:
        return str(self.page)


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
    situations_leave_section = models.BooleanField(
        _("what is said above does not hold here"),
        default=False,
        help_text=_(
            "The situations of pages above hold neither for this page nor for the "
            "pages below it."
        ),
    )

    situation_panels = situation_panels(with_section=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        result = super().save(*args, **kwargs)
        written = kwargs.get("update_fields")
        # A draft is saved with other fields only, and is not public yet.
        if written is None or "situations_cover_section" in written:
            self._copy_what_covers()
        if written is None or "situations_leave_section" in written:
            self._copy_what_leaves()
        return result

    def _copy_what_covers(self) -> None:
        # The tag rows carry a copy, so that one query finds the sections of all types.
        items = TaggedPage.objects.filter(content_object_id=self.pk)
        for item in items.exclude(covers_section=self.situations_cover_section):
            item.covers_section = self.situations_cover_section
            item.save()

    def _copy_what_leaves(self) -> None:
        if self.situations_leave_section:
            SectionExit.objects.get_or_create(page_id=self.pk)
            return
        for left in SectionExit.objects.filter(page_id=self.pk):
            left.delete()
