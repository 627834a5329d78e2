"""Side panels of our rooms beside the forms of pages and snippets.

Wagtail has no hook for side panels. Pages get theirs through a wrap of Wagtail's two
views (``mend_page_views``), snippets through the mixin ``WithSidePanels``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView

SidePanelFactory = Callable[[Model, HttpRequest], BaseSidePanel | None]
"""Makes a panel for what is edited, or none where it has nothing to say."""

SidePanelReplacement = Callable[[Any], BaseSidePanel]
"""Makes the panel that stands in the place of one of Wagtail's own."""

_factories: list[SidePanelFactory] = []
_replacements: dict[type[BaseSidePanel], SidePanelReplacement] = {}


def register_side_panel(factory: SidePanelFactory) -> None:
    """Add a panel to the forms of all pages and of snippets with ``WithSidePanels``.

    The factory gets the page or snippet as the form has it (unsaved on "create", with
    no key) and the request. Registering it twice adds it once.
    """
    if factory not in _factories:
        _factories.append(factory)


def replace_side_panel(
    core_class: type[BaseSidePanel], replacement: SidePanelReplacement
) -> None:
    """Put a panel of ours in the place of one of Wagtail's.

    Only where its type is exactly the core class: a site's own panel is left alone.
    """
    _replacements[core_class] = replacement


class WithSidePanels:
    """For a snippet's create and edit views: the panels that our rooms registered."""

    def get_side_panels(self) -> MediaContainer:
        panels = super().get_side_panels()  # type: ignore[misc]  # the view's
        return _with_ours(self, panels)


def mend_page_views() -> None:
    """Give Wagtail's page views the panels that our rooms registered.

    On Wagtail 7.4 the page views cannot be replaced, and on 8.0 only one page type at
    a time (``PageViewSet``). Remove when there is a hook for side panels.
    """
    for view_class in (CreateView, EditView):
        original = view_class.get_side_panels
        if not getattr(original, "has_panels_of_medborgare", False):
            wrapped = _wrapped(original)
            view_class.get_side_panels = wrapped  # type: ignore[method-assign]


def _wrapped(original: Callable[[Any], MediaContainer]) -> Any:
    @wraps(original)
    def get_side_panels(self: Any) -> MediaContainer:
        return _with_ours(self, original(self))

    get_side_panels.has_panels_of_medborgare = True  # type: ignore[attr-defined]
    return get_side_panels


def _with_ours(view: Any, core_panels: MediaContainer) -> MediaContainer:
    panels = [_replaced(panel) for panel in core_panels]
    # An autosave's answer renews the status panel only, as Wagtail does.
    if not getattr(view, "expects_json_response", False):
        edited = view.form.instance
        made = [factory(edited, view.request) for factory in _factories]
        panels.extend(panel for panel in made if panel is not None)
    return MediaContainer(panels)


def _replaced(panel: Any) -> Any:
    replacement = _replacements.get(type(panel))
    return panel if replacement is None else replacement(panel)
