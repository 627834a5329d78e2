"""The site with Django's ``cache_page`` around every page that Wagtail serves."""

from django.urls import re_path
from django.views.decorators.cache import cache_page
from wagtail.urls import serve_pattern
from wagtail.views import serve

from drills.urls import urlpatterns as usual

urlpatterns = [
    *usual[:-1],
    # Before Wagtail's own, which still brings the log-in pages and the names.
    re_path(serve_pattern, cache_page(600)(serve)),
    usual[-1],
]
