from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from municipality.blocks import ContentBlock, StartBlock
from wagtail_medborgare.services.models import (
    MyServicesPageMixin,
    Service,
    ServiceCataloguePageMixin,
    UnitOwnedPageMixin,
)
from wagtail_medborgare.situations.models import LifeSituationPageMixin

MOST_SERVICES = 6


class StartPage(Page):
    body = StreamField(StartBlock(), blank=True, verbose_name="innehåll")

    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = "startsida"
        verbose_name_plural = "startsidor"


class ContentPage(LifeSituationPageMixin, UnitOwnedPageMixin, Page):
    intro = models.TextField("ingress", max_length=300, blank=True)
    body = StreamField(ContentBlock(), blank=True, verbose_name="innehåll")

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("body"),
        *LifeSituationPageMixin.situation_panels,
        *UnitOwnedPageMixin.unit_panels,
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]
    parent_page_types = ["municipality.StartPage", "municipality.ContentPage"]
    subpage_types = ["municipality.ContentPage"]

    class Meta:
        verbose_name = "innehållssida"
        verbose_name_plural = "innehållssidor"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        context["children"] = (
            self.get_children().live().in_menu().specific().order_by("path")
        )
        context["services"] = self._services()
        return context

    def _services(self) -> models.QuerySet[Service]:
        """Return services of the page's own unit, for the situations it is about."""
        # A preview has them in memory only: no query can be made of them.
        tags = [item.tag_id for item in self.life_situation_items.all()]
        services = Service.objects.shown().filter(
            unit=self.unit_id, life_situation_items__tag__in=tags
        )
        return services.distinct().order_by("name")[:MOST_SERVICES]


class MyServicesPage(MyServicesPageMixin, Page):
    content_panels = [*Page.content_panels, *MyServicesPageMixin.my_services_panels]
    parent_page_types = ["municipality.StartPage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = "Mina tjänster"
        verbose_name_plural = "Mina tjänster"


class ServiceCataloguePage(ServiceCataloguePageMixin, Page):
    parent_page_types = ["municipality.StartPage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = "tjänstekatalog"
        verbose_name_plural = "tjänstekataloger"
