from typing import Any

from django import forms
from taggit.utils import edit_string_for_tags, parse_tags


class _Name:
    """What taggit wants of a tag in order to write it down."""

    def __init__(self, name: str) -> None:
        self.name = name


class SituationCards(forms.Widget):
    """Grouped cards to tick, in place of the text box that tags usually have.

    Speaks taggit's language of quoted names, so that it fits every tag field.
    """

    template_name = "medborgare_situations/widgets/situation_cards.html"

    with_inactive = False
    """Are those offered, too, that residents cannot choose?"""

    def __init__(self, attrs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        # Wagtail passes what its own tag widget needs (tag_model, free_tagging).
        super().__init__(attrs)

    class Media:
        css = {"all": ["medborgare_situations/admin.css"]}

    def format_value(self, value: Any) -> set[str]:
        if not value:
            return set()
        if isinstance(value, str):
            return set(parse_tags(value))
        return {str(getattr(item, "tag", item)) for item in value}

    def get_context(
        self, name: str, value: Any, attrs: dict[str, Any] | None
    ) -> dict[str, Any]:
        from wagtail_medborgare.situations.snapshot import situations

        context = super().get_context(name, value, attrs)
        chosen = self.format_value(value)
        groups: dict[str, list[dict[str, Any]]] = {}
        for item in situations.get().all:
            is_chosen = item.default_name in chosen
            if item.is_active or is_chosen or self.with_inactive:
                groups.setdefault(item.group_label, []).append(
                    {"situation": item, "is_chosen": is_chosen}
                )
        context["groups"] = groups
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        from wagtail_medborgare.situations.snapshot import situations

        names = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        if isinstance(names, str):
            return names
        # The boxes send slugs: a situation renamed while the form was open stays ticked.
        by_slug = situations.get().by_slug
        current = [
            by_slug[item].default_name if item in by_slug else item for item in names
        ]
        return str(edit_string_for_tags([_Name(item) for item in current]))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        # No box ticked sends nothing, and means: no situation.
        return False

    def id_for_label(self, id_: str) -> str:
        # The label names a group of boxes, not one control.
        return ""
