from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing: the limit for whatever runs behind the same middleware."""
    return HttpResponse()


urlpatterns = [
    path("empty/", empty),
    path("admin/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]
if apps.is_installed("wagtail_medborgare.visitors"):
    urlpatterns.insert(1, path("medborgare/", include("wagtail_medborgare.urls")))
