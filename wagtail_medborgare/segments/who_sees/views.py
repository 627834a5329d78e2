"""Who sees what is being edited: asked by the panel with the form as it stands.

The views are Wagtail's own previews without the memory: they make the unsaved page or
snippet out of the form in the same way and with the same permissions, and write nothing.
"""

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.admin.views.generic import preview as things
from wagtail.admin.views.pages import preview as pages
from wagtail.models import Page

from wagtail_medborgare.segments.explaining import who_sees
from wagtail_medborgare.segments.explaining.things import has_personal_blocks

# Wagtail 8.0 renamed the two; take the old names out with Wagtail 7.4.
_EditPage: Any = getattr(pages, "PreviewOnEditView", None) or pages.PreviewOnEdit
_AddPage: Any = getattr(pages, "PreviewOnCreateView", None) or pages.PreviewOnCreate

# As for pages: the types of a view's parts do not fit each other in Wagtail.
_EditSnippet: Any = things.PreviewOnEdit
_AddSnippet: Any = things.PreviewOnCreate

# The form is right, but what it says cannot be read (RFC 9110, section 15.5.21).
UNPROCESSABLE = 422


class _Answer:
    """Answer a form with who sees what; with 422 where the form has errors.

    Where the form is not even whole, as no editor's is, Wagtail's blocks fail: 400.
    """

    http_method_names = ("post",)
    template_name = "medborgare_segments/who_sees/answer.html"

    def post(
        self: Any, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            form = self.get_form(request.POST)
            is_valid = self.validate_form(form)
        except (MultiValueDictKeyError, ValueError):
            return HttpResponseBadRequest()
        if not is_valid:
            return HttpResponse(status=UNPROCESSABLE)
        context = {"who_sees": who_sees(form.instance)}
        return TemplateResponse(request, self.template_name, context)


class EditPageView(_Answer, _EditPage):
    """Who sees a page that is being edited."""

    model: type[Model]

    def get_object(self) -> Page:
        page: Page = super().get_object()
        if type(page) is not self.model:
            raise Http404
        return page


class AddPageView(_Answer, _AddPage):
    """Who sees a page that is being written."""

    model: type[Page]

    def get_object(self) -> Page:
        page: Page = super().get_object()
        parent = get_object_or_404(Page, pk=self.parent_object_id).specific
        if self.model not in parent.creatable_subpage_models():
            raise Http404
        return page


class _SnippetAnswer(_Answer):
    """A snippet need not have a preview to have a panel."""

    def dispatch(
        self: Any, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        # Past the question whether there is a preview, on to that of permission.
        beyond: Any = super(things.PreviewOnEdit, self)
        response: HttpResponseBase = beyond.dispatch(request, *args, **kwargs)
        return response


class EditSnippetView(_SnippetAnswer, _EditSnippet):
    """Who sees a snippet that is being edited."""


class AddSnippetView(_SnippetAnswer, _AddSnippet):
    """Who sees a snippet that is being written."""


def on_edit(
    request: HttpRequest, app_label: str, model_name: str, pk: str
) -> HttpResponseBase:
    """Answer for a page or a snippet that there is."""
    model = _model(app_label, model_name)
    if not issubclass(model, Page):
        view = EditSnippetView.as_view(**_snippet(model, for_update=True))
        return view(request, pk=pk)
    if not pk.isdecimal():
        raise Http404
    return EditPageView.as_view(model=model)(request, page_id=pk)


def on_add(request: HttpRequest, app_label: str, model_name: str) -> HttpResponseBase:
    """Answer for a snippet that is not saved yet."""
    model = _model(app_label, model_name)
    return AddSnippetView.as_view(**_snippet(model, for_update=False))(request)


def on_add_page(
    request: HttpRequest, app_label: str, model_name: str, parent_pk: int
) -> HttpResponseBase:
    """Answer for a page that is not saved yet."""
    model = _model(app_label, model_name)
    if not issubclass(model, Page):
        raise Http404
    return AddPageView.as_view(model=model)(
        request,
        content_type_app_name=app_label,
        content_type_model_name=model_name,
        parent_page_id=parent_pk,
    )


def _model(app_label: str, model_name: str) -> type[Model]:
    """Return the model of that name if it can have personal blocks; else 404."""
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404 from error
    if not has_personal_blocks(model):
        raise Http404
    return model


def _snippet(model: type[Model], *, for_update: bool) -> dict[str, Any]:
    """Return what a view of a snippet needs; 404 for what is no snippet."""
    viewset = getattr(model, "snippet_viewset", None)
    if viewset is None:
        raise Http404
    return {
        "model": model,
        "form_class": viewset.get_form_class(for_update=for_update),
        "permission_policy": viewset.permission_policy,
    }
