"""Who may post a choice: pages of this very site, and nobody else.

A cacheable page cannot carry a CSRF token (it would differ for each visitor), so these
endpoints ask the browser where the form stood.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from wagtail_medborgare.visitors.responses import mark_private

View = Callable[[HttpRequest], HttpResponse]


def is_same_origin(request: HttpRequest) -> bool:
    """Say whether the browser vouches that the form stood on this site.

    ``Sec-Fetch-Site`` decides where the browser sends it; an equal ``Origin`` where it
    does not (older browsers, unencrypted connections). Neither: refuse.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def choice_endpoint(view: View) -> View:
    """Make a view that changes the visitor's choice: POST, from this site only."""

    # An error mail must not tell what somebody chose.
    @csrf_exempt
    @sensitive_post_parameters()
    @require_POST
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        response = (
            view(request)
            if is_same_origin(request)
            else problem(
                request,
                _("Your choice came from another site, so we did not save it."),
                status=403,
            )
        )
        mark_private(response)
        return response

    return inner


def problem(request: HttpRequest, message: str, *, status: int) -> HttpResponse:
    """Answer with a page that says what happened and that nothing is lost."""
    return TemplateResponse(
        request,
        "medborgare_visitors/problem.html",
        {"message": message},
        status=status,
    ).render()
