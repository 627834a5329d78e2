"""A filter by situation in Wagtail's own lists of documents and images."""

from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from wagtail_medborgare.situations.models import LifeSituation, TaggedFile


def add_to(view: Any) -> None:
    """Add the filter to a list of files, whatever filters the site has given it.

    Wagtail has no hook for this yet: the view's class is told, and no code of its own is
    replaced. Remove when the lists of documents and images can be given a filter set by
    documented means.
    """
    base: Any = view.filterset_class

    class FilterSet(base):
        life_situations = django_filters.ModelMultipleChoiceFilter(
            queryset=LifeSituation.objects.all(),
            label=_("Life situations"),
            widget=forms.CheckboxSelectMultiple,
            method="tagged",
        )

        class Meta(base.Meta):
            pass

        def tagged(self, files: Any, name: str, situations: Any) -> Any:
            if not situations:
                return files
            rows = TaggedFile.objects.filter(
                content_type=ContentType.objects.get_for_model(files.model),
                tag__in=situations,
            )
            return files.filter(
                pk__in=list(rows.values_list("object_id", flat=True).distinct())
            )

    view.filterset_class = FilterSet
