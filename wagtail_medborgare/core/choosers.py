"""A chooser of snippets that makes none."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail.snippets.views.chooser import SnippetChooserViewSet, SnippetCreateView


class NothingToCreateView(SnippetCreateView):
    """Say that there is no form, where there is none.

    Wagtail has an address for creating in every chooser, and fails there when a form is
    sent that the chooser does not have. Remove when it answers 404 itself.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.get_creation_form_class() is None:
            raise Http404
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


class ChoosingOnlyViewSet(SnippetChooserViewSet):
    """Choose among what there is."""

    create_view_class = NothingToCreateView
