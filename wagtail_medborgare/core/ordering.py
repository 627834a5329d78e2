"""Putting things in an order of one's own."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from wagtail.snippets.views.snippets import ReorderView


class NumberingReorderView(ReorderView):
    """Move a thing among others, of which some have no place yet.

    What is imported or made by code has none: it stands in the model's own order until
    somebody moves something. Wagtail fails there (7.4, 8.0); remove when it does not.
    """

    model: Any
    sort_order_field: Any

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        with transaction.atomic():
            self._give_places()
            response: JsonResponse = super().post(request, *args, **kwargs)
        return response

    def _give_places(self) -> None:
        name = self.sort_order_field
        things = self.get_queryset()
        if not things.filter(**{f"{name}__isnull": True}).exists():
            return
        in_order = list(things.order_by(name, *self.model._meta.ordering))
        for place, thing in enumerate(in_order):
            setattr(thing, name, place)
        self.model._default_manager.bulk_update(in_order, [name], batch_size=500)
