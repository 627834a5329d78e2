from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.blocks import CharBlock, RichTextBlock, StructBlock
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.images.models import Image
from wagtail.models import Page, PreviewableMixin
from wagtail.search import index
from wagtail_personalisation.models import PersonalisablePageMixin

from wagtail_medborgare.segments.blocks import (
    PagesForYouBlock,
    PersonalisedBlock,
    PersonalisedStreamBlock,
    PersonalisedStructBlock,
    SituationChooserBlock,
    VariantsBlock,
    WhatComesNextBlock,
)
from wagtail_medborgare.services.blocks import DeadlinesForYouBlock, ServicesForYouBlock
from wagtail_medborgare.services.models import (
    MyServicesPageMixin,
    ServiceCataloguePageMixin,
    Unit,
    UnitOwnedPageMixin,
)
from wagtail_medborgare.situations.models import LifeSituationPageMixin
from wagtail_medborgare.visitors.previews import preview_as_of


class TeaserBlock(StructBlock):
    """A block of the site's own, that knows nothing of audiences."""

    heading = CharBlock()

    class Meta:
        label = "Teaser"
        template = "testapp/teaser_block.html"


class NoticeBlock(PersonalisedStructBlock):
    """A block of the site's own, built on our base class."""

    text = CharBlock()

    class Meta:
        label_format = "{text} – {audience}"
        template = "testapp/notice_block.html"


class BodyBlock(PersonalisedStreamBlock):
    text = CharBlock()
    rich_text = RichTextBlock()
    notice = NoticeBlock()
    teaser = PersonalisedBlock(TeaserBlock())
    variants = VariantsBlock(TeaserBlock())
    chooser = SituationChooserBlock()
    pages_for_you = PagesForYouBlock()
    services_for_you = ServicesForYouBlock()
    deadlines_for_you = DeadlinesForYouBlock()
    what_comes_next = WhatComesNextBlock()


class HomePage(LifeSituationPageMixin, UnitOwnedPageMixin, Page):
    body = StreamField(BodyBlock(), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = [
        *Page.promote_panels,
        *LifeSituationPageMixin.situation_panels,
        *UnitOwnedPageMixin.unit_panels,
    ]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    api_fields = [APIField("body")]


class ArticlePage(LifeSituationPageMixin, Page):
    """Another page type with situations."""

    text = RichTextField(blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("text"),
        *LifeSituationPageMixin.situation_panels,
    ]


class PlainPage(Page):
    """A page type that knows nothing of us."""

    body = StreamField([("text", CharBlock())], blank=True)

    content_panels = [*Page.content_panels, FieldPanel("body")]


@register_setting
class SiteText(BaseSiteSetting):
    text = models.CharField(max_length=100, blank=True)


class ShowingPage(Page):
    """A page that shows other things, as its fields say."""

    lists_siblings = models.BooleanField(default=False)
    shows_setting = models.BooleanField(default=False)
    linked = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    image = models.ForeignKey(
        Image, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


class VariantPage(PersonalisablePageMixin, Page):
    """A page with the variants of wagtail-personalisation."""

    text = models.CharField(max_length=100, blank=True)


class MyServicesPage(MyServicesPageMixin, Page):
    content_panels = [*Page.content_panels, *MyServicesPageMixin.my_services_panels]


class ServiceCataloguePage(ServiceCataloguePageMixin, Page):
    pass


class Banner(models.Model):
    """A snippet of the site's own with blocks."""

    name = models.CharField(max_length=100)
    body = StreamField(BodyBlock(), blank=True)

    panels = [FieldPanel("name"), FieldPanel("body")]

    def __str__(self) -> str:
        return self.name


class Poster(PreviewableMixin, models.Model):
    """A snippet of the site's own with a preview and without drafts."""

    text = models.CharField(max_length=100)

    panels = [FieldPanel("text")]

    def __str__(self) -> str:
        return self.text

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return HttpResponse(
            f"{self.text} as {preview_as_of(request).label or 'nobody'}"
        )
