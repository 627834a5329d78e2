"""Filters of the lists in the admin."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _


class YesNoFilter(django_filters.ChoiceFilter):
    """Yes or no, said in words: above a list that is filtered Wagtail says “True”."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("choices", [("true", _("Yes")), ("false", _("No"))])
        kwargs.setdefault("empty_label", _("All"))
        kwargs.setdefault("widget", forms.RadioSelect)
        super().__init__(*args, **kwargs)

    def filter(self, queryset: Any, value: str) -> Any:
        """Narrow a list to what is so, or is not."""
        return super().filter(queryset, value == "true" if value else value)
