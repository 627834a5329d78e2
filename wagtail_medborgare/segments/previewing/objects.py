"""What can be previewed, by whom, and at which address of Wagtail's."""

from typing import Any

from django.apps import apps
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import Http404
from django.urls import reverse
from wagtail.models import Page, PreviewableMixin, RevisionMixin


def get_previewable(user: Any, app_label: str, model_name: str, pk: str) -> Any:
    """Return what this user may edit, and so preview, as it was last saved.

    Raises Http404 where there is no such thing or it has no preview, PermissionDenied
    where the user may not edit it: just as Wagtail's own preview does.
    """
    try:
        model: Any = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404 from error
    if not issubclass(model, PreviewableMixin) or not is_edited_in_the_admin(model):
        raise Http404
    found = _get(model, unquote(pk))
    if not may_preview(user, found):
        raise PermissionDenied
    if issubclass(model, RevisionMixin):
        found = found.get_latest_revision_as_object()
    if not found.is_previewable():
        raise Http404
    return found


def _get(model: type[Model], pk: str) -> Any:
    try:
        found = model._default_manager.filter(pk=pk).first()
    except (ValueError, ValidationError) as error:
        raise Http404 from error
    # A page is asked for by its own type, so that it has one address here.
    if found is None or (isinstance(found, Page) and found.specific_class is not model):
        raise Http404
    return found


def is_edited_in_the_admin(model: type[Model]) -> bool:
    """Say whether Wagtail has a form with a preview for these: pages and snippets."""
    return issubclass(model, Page) or hasattr(model, "snippet_viewset")


def may_preview(user: Any, instance: Any) -> bool:
    """Say whether Wagtail lets this user preview it while they edit it."""
    if isinstance(instance, Page):
        return bool(instance.permissions_for_user(user).can_edit())
    policy = instance.snippet_viewset.permission_policy
    return bool(policy.user_has_permission_for_instance(user, "change", instance))


def preview_url(instance: Any) -> str:
    """Return the address at which Wagtail shows it, unsaved changes and all."""
    if isinstance(instance, Page):
        return reverse("wagtailadmin_pages:preview_on_edit", args=[instance.pk])
    name = instance.snippet_viewset.get_url_name("preview_on_edit")
    return reverse(name, args=[quote(instance.pk)])


def edit_url(instance: Any) -> str:
    """Return the address of its form."""
    if isinstance(instance, Page):
        return reverse("wagtailadmin_pages:edit", args=[instance.pk])
    name = instance.snippet_viewset.get_url_name("edit")
    return reverse(name, args=[quote(instance.pk)])


def compare_url(instance: Any, name: str = "compare") -> str:
    """Return the address of the view that compares two; "" before it is saved."""
    model = type(instance)
    if instance.pk is None or not is_edited_in_the_admin(model):
        return ""
    options = model._meta
    return reverse(
        f"medborgare_segments_admin:{name}",
        args=[options.app_label, options.model_name, quote(instance.pk)],
    )


def saved_preview_url(instance: Any) -> str:
    """Return the address at which it is previewed as it was last saved, in a frame."""
    return compare_url(instance, "compare_saved")
