"""The wrap of Wagtail's preview, through which each preview learns as whom it is."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import PreviewableMixin

from wagtail_medborgare.segments.previewing.modes import split_mode
from wagtail_medborgare.segments.previewing.people import somebody

Preview = Callable[..., HttpResponseBase]


def mend_previews() -> None:
    """Let a preview's mode say as whom it is shown, for everything that has previews.

    ``preview_modes`` is a class's own, so a package cannot add modes to a site's page
    types. Pages and snippets inherit this one method, and it alone can set something on
    the request before the first middleware runs. Remove when Wagtail offers preview
    modes from outside a class.
    """
    original = PreviewableMixin.make_preview_request
    if not hasattr(original, "knows_as_whom"):
        wrapped = _knowing_as_whom(original)
        PreviewableMixin.make_preview_request = wrapped  # type: ignore[method-assign]


def _knowing_as_whom(original: Preview) -> Any:
    @wraps(original)
    def make_preview_request(
        self: Any,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        own_mode, key = split_mode(preview_mode)
        attrs = {**(extra_request_attrs or {}), "preview_as": somebody(key)}
        return original(self, original_request, own_mode, attrs)

    make_preview_request.knows_as_whom = True  # type: ignore[attr-defined]
    return make_preview_request
