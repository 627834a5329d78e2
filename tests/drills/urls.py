"""The addresses of the site under test, and a stamp on each page that is rendered."""

import secrets
from typing import Any

from django.urls import re_path
from testapp.urls import urlpatterns as usual
from wagtail import hooks

from wagtail_medborgare.visitors.views import choices

STAMP = "X-Drill-Stamp"

urlpatterns = [
    # What nobody should write: a personal page at whatever stands behind its address.
    re_path("^sloppy/", choices),
    *usual,
]


@hooks.register("on_serve_page")
def stamp_what_is_rendered(serve: Any) -> Any:
    """Give each rendering its own mark: seen twice, it came from a cache."""

    def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
        response = serve(page, request, args, kwargs)
        response[STAMP] = secrets.token_hex(8)
        return response

    return inner
