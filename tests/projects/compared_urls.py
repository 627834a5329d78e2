from django.conf import settings
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]
if "wagtail_medborgare.visitors" in settings.INSTALLED_APPS:
    urlpatterns.insert(0, path("medborgare/", include("wagtail_medborgare.urls")))
