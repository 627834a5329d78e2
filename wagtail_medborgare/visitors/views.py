from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.visitors import actions
from wagtail_medborgare.visitors.back import path_back, start_page
from wagtail_medborgare.visitors.choices import ChoiceFull, Choices
from wagtail_medborgare.visitors.chooser import chooser_context
from wagtail_medborgare.visitors.cookies import (
    DEVICE,
    VISIT,
    read_choices,
    write_choices,
)
from wagtail_medborgare.visitors.guards import choice_endpoint, problem
from wagtail_medborgare.visitors.sensitivity import without_newly_sensitive
from wagtail_medborgare.visitors.things import get_kind
from wagtail_medborgare.visitors.visitor import get_visitor

Change = Callable[[Choices], Choices]

LONGEST_KEY = 16


class SeeOther(HttpResponseRedirect):
    """303: what comes next is a GET, whatever this was."""

    status_code = 303


@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """Show what is chosen, and everything there is to choose. Changes nothing."""
    context = chooser_context(get_visitor(request))
    return TemplateResponse(
        request,
        "medborgare_visitors/choices.html",
        {**context, "is_choices_page": True},
    )


@choice_endpoint
def choose(request: HttpRequest) -> HttpResponse:
    """Make exactly the ticked situations the visitor's."""
    return _answer(
        request,
        lambda choices: actions.choose_situations(
            choices,
            request.POST.getlist("situation"),
            remember="remember" in request.POST,
        ),
    )


@choice_endpoint
def add(request: HttpRequest) -> HttpResponse:
    """Add a situation."""
    slugs = request.POST.getlist("situation")
    return _answer(request, lambda choices: actions.add_situations(choices, slugs))


@choice_endpoint
def remove(request: HttpRequest) -> HttpResponse:
    """Take a situation away."""
    slugs = request.POST.getlist("situation")
    return _answer(request, lambda choices: actions.remove_situations(choices, slugs))


@choice_endpoint
def save(request: HttpRequest) -> HttpResponse:
    """Save a thing, such as a service."""
    return _answer_about_thing(request, actions.save_thing)


@choice_endpoint
def dismiss(request: HttpRequest) -> HttpResponse:
    """Wave a thing away: not for me."""
    return _answer_about_thing(request, actions.dismiss_thing)


@choice_endpoint
def unsave(request: HttpRequest) -> HttpResponse:
    """Drop a saved thing."""
    kind, key = _thing(request)
    return _answer(request, lambda choices: actions.unsave_thing(choices, kind, key))


@choice_endpoint
def restore(request: HttpRequest) -> HttpResponse:
    """Suggest a thing again."""
    kind, key = _thing(request)
    return _answer(request, lambda choices: actions.restore_thing(choices, kind, key))


@choice_endpoint
def forget(request: HttpRequest) -> HttpResponse:
    """Forget everything, on this device too."""
    response = SeeOther(path_back(request))
    _delete_cookies(request, response)
    return response


@choice_endpoint
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: forget everything and go somewhere harmless."""
    response = SeeOther(app_settings.QUICK_EXIT_URL or start_page(request))
    _delete_cookies(request, response)
    return response


@sensitive_variables()
def _answer(request: HttpRequest, change: Change) -> HttpResponse:
    response = SeeOther(path_back(request))
    try:
        choices = without_newly_sensitive(read_choices(request.COOKIES))
        write_choices(request, response, change(choices))
    except ChoiceFull as error:
        return problem(request, str(error), status=409)
    return response


def _answer_about_thing(
    request: HttpRequest, action: Callable[..., Choices]
) -> HttpResponse:
    kind_name, key = _thing(request)
    kind = get_kind(kind_name)
    is_sensitive = kind.sensitivity([key]).get(key) if kind else None
    if is_sensitive is None:
        message = _("That is no longer here. Nothing else has changed.")
        return problem(request, message, status=404)
    return _answer(
        request,
        lambda choices: action(choices, kind_name, key, is_sensitive=is_sensitive),
    )


def _thing(request: HttpRequest) -> tuple[str, str]:
    return request.POST.get("kind", "")[:LONGEST_KEY], request.POST.get("key", "")[
        :LONGEST_KEY
    ]


def _delete_cookies(request: HttpRequest, response: HttpResponse) -> None:
    for cookie in (VISIT, DEVICE):
        cookie.delete(response, is_secure=request.is_secure())
