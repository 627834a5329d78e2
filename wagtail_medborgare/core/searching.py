"""Searching within a list that has been filtered."""

from typing import Any

from django.db.models import QuerySet


class SearchesWithinFiltersMixin:
    """Search what the filters have left; put it before the index view.

    Wagtail hands the filtered query to its search, which fails with every filter that is
    no field of the index (7.4, 8.0): relations, annotations, dates. The keys of what is
    left are handed over instead, so the model indexes ``index.FilterField("id")``.
    """

    def search_queryset(self, queryset: QuerySet[Any]) -> Any:
        view: Any = self
        if view.is_searching and view.is_filtering:
            keys = list(queryset.order_by().values_list("pk", flat=True))
            left = view.get_base_queryset().filter(pk__in=keys)
            queryset = view.order_queryset(left)
        return super().search_queryset(queryset)  # type: ignore[misc]
