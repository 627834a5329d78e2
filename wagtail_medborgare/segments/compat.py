"""What wagtail-personalisation 1.0.0 breaks, mended: one named fix each.

Each fix looks before it mends, so that it ends by itself when the library is mended.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest
from django.templatetags.static import static
from wagtail import hooks
from wagtail.models import Page
from wagtail_personalisation.forms import SegmentAdminForm
from wagtail_personalisation.models import (
    PersonalisablePageMetadata,
    PersonalisablePageMixin,
    Segment,
)

from wagtail_medborgare.segments.audiences import Audience
from wagtail_medborgare.visitors.visitor import get_visitor

Serve = Callable[..., Any]

_FORM_SCRIPT = "js/segment_form_control.js"


def mend_admin() -> None:
    """Mend the admin of wagtail-personalisation; call when all apps are loaded."""
    give_first_form_its_rules()
    keep_form_media()


def mend_hooks() -> None:
    """Mend its hooks; call from our ``wagtail_hooks``, when theirs are registered."""
    drop_two_argument_userbar_hook()
    drop_storing_hooks()
    guard_their_views()
    take_their_numbers_off_the_dashboard()


def give_first_form_its_rules() -> None:
    """S2: ``Segment.panels`` exists only after the first ``Segment()``.

    Remove when a fresh process shows the rules in the first "create segment" form.
    """
    if not hasattr(Segment, "panels"):
        Segment()


def keep_form_media() -> None:
    """S3: the form's media calls ``Media.add_js``, which does not exist.

    Remove when ``SegmentAdminForm.media`` no longer raises AttributeError.
    """
    if hasattr(forms.Media, "add_js"):
        return

    def media(self: forms.ModelForm) -> forms.Media:
        return super(SegmentAdminForm, self).media + forms.Media(
            js=[static(_FORM_SCRIPT)]
        )

    SegmentAdminForm.media = property(media)


def drop_two_argument_userbar_hook() -> None:
    """S1: Wagtail 8 passes (request, items, page); their hook takes two and crashes.

    Remove when ``add_segment_link_items`` takes ``page``.
    """
    from wagtail_personalisation.wagtail_hooks import add_segment_link_items

    if len(inspect.signature(add_segment_link_items).parameters) < 3:
        _unregister("construct_wagtail_userbar", add_segment_link_items)


def drop_storing_hooks() -> None:
    """S4: three hooks that record visits, read the user, and serve drafts.

    They make every page vary by cookie. Our adapter evaluates when it is asked, and
    ``serve_live_variant`` below chooses the variant. Remove when 1.0.0's successor
    evaluates lazily and looks at ``live``.
    """
    from wagtail_personalisation import wagtail_hooks as theirs

    for hook in (theirs.set_visit_count, theirs.segment_user, theirs.serve_variant):
        _unregister("before_serve_page", hook)


def guard_their_views() -> None:
    """S6: views that change things on GET for everybody with admin access.

    They now ask for the permission to change segments, and for a link that stood on this
    very site. Remove when the library's views ask for a permission and for POST.
    """
    from wagtail_personalisation import admin_urls

    for pattern in admin_urls.urlpatterns:
        pattern.callback = _guarded(pattern.callback)


def take_their_numbers_off_the_dashboard() -> None:
    """S7: three lines of segments and variants on everybody's dashboard.

    One leads to a refusal for whoever may not change segments, two lead nowhere. Those who
    work with segments have them in the menu. Remove when the lines ask who looks.
    """
    from wagtail_personalisation import wagtail_hooks as theirs

    _unregister(
        "construct_homepage_summary_items", theirs.add_personalisation_summary_panels
    )


def _guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("wagtail_personalisation.change_segment"):
            raise PermissionDenied
        if not _came_from_here(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return inner


def _came_from_here(request: HttpRequest) -> bool:
    """Say whether the link stood on this site: a GET carries no Origin."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    parts = urlsplit(request.headers.get("Referer", ""))
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def serve_live_variant(serve: Serve) -> Serve:
    """S5: choose a page's variant where its restrictions hold, and never a draft.

    The first variant (lowest key) whose segment the visitor is in wins. Register it for
    ``on_serve_page`` with a high order: inside the check of view restrictions.
    """

    def inner(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> Any:
        if isinstance(page, PersonalisablePageMixin):
            page = _variant_for(page, request)
        return serve(page, request, args, kwargs)

    return inner


def _variant_for(page: Page, request: HttpRequest) -> Page:
    related = PersonalisablePageMetadata.objects
    # A variant has no address of its own.
    if related.filter(variant=page).exclude(canonical_page=page).exists():
        raise Http404
    visitor = get_visitor(request)
    variants = (
        related.filter(canonical_page=page, variant__live=True)
        .exclude(variant_id=F("canonical_page_id"))
        .select_related("variant")
        .order_by("pk")
    )
    for metadata in variants:
        if visitor.matches(Audience.only(segments=[metadata.segment_id])):
            return metadata.variant.specific
    return page


def without_variants(pages: Any) -> Any:
    """Leave page variants out of a list: their own addresses are 404."""
    variants = PersonalisablePageMetadata.objects.exclude(
        variant_id=F("canonical_page_id")
    )
    return pages.exclude(
        pk__in=variants.filter(variant__isnull=False).values("variant_id")
    )


def _unregister(hook_name: str, function: Callable[..., Any]) -> None:
    # Wagtail has no public way to take a hook away.
    registered = getattr(hooks, "_hooks", {}).get(hook_name, [])
    registered[:] = [item for item in registered if item[0] is not function]
