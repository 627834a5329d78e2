"""As whom a preview is shown: never as the editor who looks at it."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

_OF_THE_EDITOR = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")


@dataclass(frozen=True)
class PreviewAs:
    """A made-up visitor: somebody who has chosen these situations, or nothing."""

    situation_pks: frozenset[int] = frozenset()
    label: str = ""
    """What an editor reads above the preview: a persona's name, or the situations."""


NOBODY = PreviewAs()


def is_preview(request: HttpRequest) -> bool:
    """Say whether Wagtail made this request for a preview; a browser cannot."""
    return getattr(request, "is_preview", False) or getattr(request, "is_dummy", False)


def preview_as_of(request: HttpRequest) -> PreviewAs:
    """Return as whom a preview's request is shown: nobody if it does not say."""
    found = getattr(request, "preview_as", None)
    return found if isinstance(found, PreviewAs) else NOBODY


def without_the_editor(request: HttpRequest) -> HttpRequest:
    """Return a preview's request as its made-up visitor would send it.

    The rules of a segment get this one: no session, no cookie, nobody logged in. The
    rest of the preview keeps the editor's, since the user bar asks what they may do.
    """
    bare: Any = HttpRequest()
    bare.META = {
        name: value
        for name, value in request.META.items()
        if name not in _OF_THE_EDITOR
    }
    bare.method, bare.GET = request.method, request.GET
    bare.path, bare.path_info = request.path, request.path_info
    bare.is_dummy = True
    bare.user = AnonymousUser()
    bare.session = {}
    bare.visitor = getattr(request, "visitor", None)
    return bare
