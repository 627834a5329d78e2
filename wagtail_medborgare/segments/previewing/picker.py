"""The list from which an editor picks as whom; the same beside a form and in our views."""

from typing import Any

from wagtail.admin.ui.components import Component

from wagtail_medborgare.segments.previewing.modes import NOBODY_KEY, with_key
from wagtail_medborgare.segments.previewing.people import option_groups
from wagtail_medborgare.situations.snapshot import situations


class Picker(Component):
    """A list of nobody, the personas and the situations, and boxes for several at once."""

    template_name = "medborgare_segments/admin/previewing/picker.html"
    is_preview_mode = False

    class Media:
        css = {"all": ["medborgare_segments/previewing.css"]}
        js = ["medborgare_segments/previewing.js"]

    def __init__(self, name: str, label: str, *, key: str = NOBODY_KEY) -> None:
        """Make one for a form; ``key`` is who is picked when it opens."""
        self.name = name
        self.label = label
        self.key = key

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        groups = option_groups(also=self.key)
        by_group: dict[str, list[Any]] = {}
        for item in situations.get().active:
            by_group.setdefault(item.group_label, []).append(item)
        return {
            "picker": self,
            "nobody": self.value_of(NOBODY_KEY),
            "groups": [
                (group.label, [(self.value_of(o.key), o) for o in group.options])
                for group in groups
            ],
            "situation_groups": by_group,
            "ticked": self.key.split("-"),
        }

    def value_of(self, key: str) -> str:
        """Return what is sent for a key."""
        return key


class PreviewModePicker(Picker):
    """The list beside a form: what is picked is a mode of Wagtail's preview."""

    is_preview_mode = True

    def __init__(self, name: str, label: str, *, own_mode: str) -> None:
        super().__init__(name, label)
        self.own_mode = own_mode

    def value_of(self, key: str) -> str:
        return with_key(self.own_mode, key)
