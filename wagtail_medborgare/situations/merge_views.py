"""Merging in the admin: first what uses the situation, then one button."""

from functools import cached_property
from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets import Button
from wagtail.snippets.views.snippets import DeleteView, EditView, IndexView

from wagtail_medborgare.core.searching import SearchesWithinFiltersMixin
from wagtail_medborgare.situations.forms import MergeForm
from wagtail_medborgare.situations.merging import CannotMerge, merge_situations
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.usage import Use, uses_of


def may_merge(policy: Any, user: Any, situation: LifeSituation) -> bool:
    """Say whether somebody may merge this one: it changes others, and is deleted."""
    return policy.user_has_permission(user, "change") and (
        policy.user_has_permission_for_instance(user, "delete", situation)
    )


class MergeView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Show what uses a situation, and merge it into the one that is chosen."""

    model: Any = None
    form_class = MergeForm
    template_name = "medborgare_situations/admin/merge.html"
    page_title: Any = gettext_lazy("Merge")
    header_icon = "group"
    permission_required = "change"
    index_url_name = ""
    edit_url_name = ""
    merge_url_name = ""
    delete_url_name = ""
    usage_url_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        pk = unquote(str(kwargs["pk"]))
        self.object = get_object_or_404(LifeSituation, pk=pk)

    def user_has_permission(self, permission: str) -> bool:
        return may_merge(self.permission_policy, self.request.user, self.object)

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *super().get_breadcrumbs_items(),
            {
                "url": reverse(self.index_url_name),
                "label": _("Life situations"),
            },
            {"url": self.edit_url, "label": str(self.object)},
            {"url": "", "label": _("Merge"), "sublabel": str(self.object)},
        ]

    @cached_property
    def edit_url(self) -> str:
        return reverse(self.edit_url_name, args=(quote(self.object.pk),))

    @cached_property
    def uses(self) -> list[Use]:
        return uses_of(self.object, user=self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "old": self.object}

    def form_valid(self, form: Any) -> HttpResponse:
        old, into = self.object, form.cleaned_data["into"]
        try:
            merge_situations(
                old,
                into,
                user=self.request.user,
                may_become_ordinary=form.cleaned_data.get("may_become_ordinary", False),
            )
        except CannotMerge as error:
            form.add_error("into", str(error))
            return self.form_invalid(form)
        messages.success(
            self.request,
            _("“%(old)s” is now part of “%(into)s”. Everything that used it follows.")
            % {"old": old.name, "into": into},
        )
        return redirect(self.edit_url_name, quote(into.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs, situation=self.object, uses=self.uses, edit_url=self.edit_url
        )


class SituationIndexView(SearchesWithinFiltersMixin, IndexView):
    """The list, with merging among what one can do with a line."""

    merge_url_name = ""

    def get_list_more_buttons(self, instance: Any) -> list[Any]:
        buttons = super().get_list_more_buttons(instance)
        if may_merge(self.permission_policy, self.request.user, instance):
            buttons.append(merge_button(self.merge_url_name, instance))
        return buttons


class SituationEditView(EditView):
    """The form, with merging in its menu and a word about whom a change leaves out."""

    object: Any
    merge_url_name = ""

    @cached_property
    def header_more_buttons(self) -> list[Any]:  # type: ignore[override]  # as theirs
        buttons = [*super().header_more_buttons]
        if may_merge(self.permission_policy, self.request.user, self.object):
            buttons.append(merge_button(self.merge_url_name, self.object))
        return buttons

    def save_instance(self) -> Any:
        before = LifeSituation.objects.filter(pk=self.object.pk, is_active=True)
        was_active = before.exists()
        saved: Any = super().save_instance()
        self._is_deactivated = was_active and not saved.is_active
        return saved

    def save_action(self) -> HttpResponse:
        response: HttpResponse = super().save_action()
        if self._is_deactivated:
            self._warn()
        return response

    def _warn(self) -> None:
        """Tell what is still for those who can no longer choose it."""
        uses = uses_of(self.object, user=self.request.user)
        if not uses:
            return
        kinds = ", ".join(f"{use.label} ({use.count})" for use in uses)
        usage = reverse(self.usage_url_name, args=(quote(self.object.pk),))
        messages.warning(
            self.request,
            _(
                "Nobody can choose “%(situation)s” any more. It is still used: "
                "%(kinds)s. Blocks that are only for it are seen by nobody."
            )
            % {"situation": self.object, "kinds": kinds},
            buttons=[messages.button(usage, _("Show what uses it"))],
        )


class SituationDeleteView(DeleteView):
    """The question before deletion: what uses it, and whether to merge instead."""

    template_name = "medborgare_situations/admin/confirm_delete.html"
    object: Any
    merge_url_name = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        situation, user = self.object, self.request.user
        context = super().get_context_data(**kwargs)
        context["uses"] = uses_of(situation, user=user)
        if may_merge(self.permission_policy, user, situation):
            context["merge_url"] = _merge_url(self.merge_url_name, situation)
        return context


def merge_button(url_name: str, situation: LifeSituation) -> Button:
    """Return the entry of a menu that leads to merging."""
    return Button(
        _("Merge into another…"),
        url=_merge_url(url_name, situation),
        icon_name="resubmit",
        priority=25,
        attrs={"aria-label": _("Merge “%(name)s” into another") % {"name": situation}},
    )


def _merge_url(url_name: str, situation: LifeSituation) -> str:
    return reverse(url_name, args=(quote(situation.pk),))
