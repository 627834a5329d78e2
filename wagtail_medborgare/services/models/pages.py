"""Page types are offered as mixins; the site writes the concrete class."""

from typing import Any

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import PagePermissionTester

from wagtail_medborgare.services.blocks import ModuleBlock
from wagtail_medborgare.services.models.services import Service
from wagtail_medborgare.services.models.units import Unit


class PackageTemplateMixin:
    """Use the site's own template for the page type where it has one, else ours."""

    package_template: str

    def get_template(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> list[str]:
        own: str = super().get_template(request, *args, **kwargs)  # type: ignore[misc]
        return [own, self.package_template]


class UnitOwnedPageMixin(models.Model):
    """A page belongs to a unit. Put it before ``Page``.

    Pages follow Wagtail's own permissions, which a group has on a page and all below it.
    On top of them, a group that works for units reaches only pages of its own units: see
    ``page_permissions.UnitPagePermissionTester``.
    """

    unit = models.ForeignKey(
        Unit,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("unit"),
        help_text=_("Who answers for this page?"),
    )

    review_by = models.DateField(
        _("look through again by"),
        null=True,
        blank=True,
        help_text=_("After this day the page is listed as out of date."),
    )

    unit_panels = [FieldRowPanel([FieldPanel("unit"), FieldPanel("review_by")])]

    class Meta:
        abstract = True

    @classproperty
    def base_form_class(cls) -> Any:  # noqa: N805 - it is the class
        """The form class that the page has anyway, with the field ``unit`` limited."""
        from wagtail_medborgare.services.forms import with_unit_field

        return with_unit_field(super().base_form_class)  # type: ignore[misc]

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Return what a user may do with the page."""
        from wagtail_medborgare.services.page_permissions import (
            UnitPagePermissionTester,
        )

        return UnitPagePermissionTester(user, self)  # type: ignore[arg-type]


class MyServicesPageMixin(PackageTemplateMixin, models.Model):
    """My services: modules for the life a visitor lives, with or without a choice."""

    modules = StreamField(
        [("module", ModuleBlock())],
        blank=True,
        verbose_name=_("modules"),
        help_text=_("Leave it empty to show all of them in the usual order."),
    )

    my_services_panels = [FieldPanel("modules")]
    package_template = "medborgare_services/my_services.html"

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        from wagtail_medborgare.services.modules import rendered_modules

        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        context["rendered_modules"] = rendered_modules(self.modules, request, self)
        return context


class ServiceCataloguePageMixin(PackageTemplateMixin, RoutablePageMixin, models.Model):
    """All services: a list to search in, and a page for each. Reads no visitor."""

    package_template = "medborgare_services/catalogue.html"
    service_template = "medborgare_services/service.html"

    class Meta:
        abstract = True

    @path("")
    def catalogue(self, request: HttpRequest) -> HttpResponse:
        from wagtail_medborgare.services.pages_context import catalogue_context

        return self.render(request, context_overrides=catalogue_context(request))

    @path("<slug:slug>/", name="service")
    def service(self, request: HttpRequest, slug: str) -> HttpResponse:
        from wagtail_medborgare.services.pages_context import service_context

        services = Service.objects.shown().select_related("unit")
        found = services.filter(slug=slug).first()
        if found is None:
            raise Http404
        return self.render(
            request,
            context_overrides=service_context(found, request),
            template=self.service_template,
        )
