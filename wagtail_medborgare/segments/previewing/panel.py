"""The preview beside a form, with a list of whom to preview as."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.ui.side_panels import PreviewSidePanel

from wagtail_medborgare.segments.previewing.objects import compare_url
from wagtail_medborgare.segments.previewing.picker import PreviewModePicker


class PreviewAsSidePanel(PreviewSidePanel):
    """Wagtail's preview panel; its list of modes says as whom."""

    template_name = "medborgare_segments/admin/previewing/side_panel.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        previewed: Any = self.object
        self.picker = PreviewModePicker(
            "id_medborgare_preview_as",
            _("Preview as"),
            own_mode=previewed.default_preview_mode,
        )

    @classmethod
    def in_place_of(cls, panel: PreviewSidePanel) -> "PreviewAsSidePanel":
        """Return this panel with what Wagtail's own was made of."""
        return cls(panel.object, panel.request, preview_url=panel.preview_url)

    @property
    def media(self) -> Any:
        return self.picker.media

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        # Wagtail parts the list from the frame by a line where there is one.
        context["has_multiple_modes"] = True
        context["picker"] = self.picker
        context["compare_url"] = compare_url(self.object)
        return context
