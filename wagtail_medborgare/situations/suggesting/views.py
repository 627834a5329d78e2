"""What is published with few situations or none, with suggestions to accept."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_medborgare.situations import telling
from wagtail_medborgare.situations.models import LifeSituation
from wagtail_medborgare.situations.obstacles import sort_out
from wagtail_medborgare.situations.snapshot import Situation, situations
from wagtail_medborgare.situations.suggesting.training import suggestions_for
from wagtail_medborgare.situations.tagging import (
    Change,
    Outcome,
    Outcomes,
    change_situations,
)

PER_PAGE = 20


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """A situation for one item, with the words that are the reason."""

    situation: Situation
    reasons: tuple[str, ...]
    value: str
    """What the box sends: the key of the item and the slug of the situation."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One item of the list."""

    item: Any
    edit_url: str
    has: list[Situation]
    suggested: list[Suggested] = field(default_factory=list)
    obstacle: str | Promise = ""
    """Why nothing can be accepted for it."""


class SuggestionsView(WagtailAdminTemplateMixin, View):
    """A list of one kind of content. Looking changes nothing; only a POST does."""

    page_title: Any = gettext_lazy("Suggestions")
    header_icon = "tag"
    template_name = "medborgare_situations/suggestions.html"

    lists: ClassVar[list[type["SuggestionsView"]]] = []
    """Every list there is; each room adds its own."""

    label: ClassVar[str | Promise]
    url_name: ClassVar[str]

    @classmethod
    @abstractmethod
    def may_see(cls, user: Any) -> bool:
        """Say whether there may be anything in the list that the user may change."""

    @abstractmethod
    def permitted(self) -> Any:
        """Return what is published and the user may change, as a queryset in order."""

    @abstractmethod
    def few(self, items: Any, most: int) -> Any:
        """Return those with at most so many situations."""

    @abstractmethod
    def read(self, items: Sequence[Any]) -> list[Any]:
        """Return the same items with everything that their texts are made of."""

    @abstractmethod
    def tags_of(self, items: Sequence[Any]) -> dict[int, set[int]]:
        """Return the situations of each item, in one query."""

    @abstractmethod
    def may_change(self, item: Any) -> bool:
        """Say whether the user may change it: asked of each, as its editor asks.

        What ``permitted`` returns is what one query can tell. An item's own rules, as of
        the unit that it belongs to, may take more away.
        """

    @abstractmethod
    def can_publish(self, item: Any) -> bool:
        """Say whether the user may publish it."""

    @abstractmethod
    def edit_url(self, item: Any) -> str:
        """Return where the item is edited."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def most(self) -> int:
        """How many situations the listed items have at most: none, or one."""
        return 1 if self.request.GET.get("with") == "one" else 0

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.few(self.permitted(), self.most)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "tabs": [
                {
                    "label": each.label,
                    "url": reverse(each.url_name),
                    "is_here": type(self) is each,
                }
                for each in self.lists
                if each.may_see(self.request.user)
            ],
            "page": page,
            "page_numbers": page.paginator.get_elided_page_range(page.number),
            "most": self.most,
            "rows": self.rows(self.read(list(page.object_list))),
        }

    def rows(self, items: Sequence[Any]) -> list[Row]:
        """Return what the list shows of these items."""
        tags = self.tags_of(items)
        sorted_out = sort_out(items, self.request.user, may_change=self.may_change)
        obstacles = {each.item.pk: each.reason for each in sorted_out.left_out}
        listed = {each.pk for each in sorted_out.changeable} | obstacles.keys()
        known = situations.get()
        return [
            Row(
                item=item,
                edit_url=self.edit_url(item),
                has=[known.by_pk[pk] for pk in tags[item.pk] if pk in known.by_pk],
                suggested=[] if item.pk in obstacles else _suggested(item, tags),
                obstacle=obstacles.get(item.pk, ""),
            )
            for item in items
            if item.pk in listed
        ]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = _wanted(request.POST.getlist("accept"))
        items = self.read(self.permitted().filter(pk__in=list(wanted)))
        sorted_out = sort_out(items, request.user, may_change=self.may_change)
        outcomes = Outcomes()
        for _left_out in sorted_out.left_out:
            # It was offered: somebody has locked it, or sent it for approval, since.
            outcomes.add(Outcome.LEFT_OUT)
        by_slug = LifeSituation.objects.in_bulk(
            {slug for slugs in wanted.values() for slug in slugs}, field_name="slug"
        )
        with transaction.atomic():
            for item in sorted_out.changeable:
                add = [by_slug[slug] for slug in wanted[item.pk] if slug in by_slug]
                outcomes.add(
                    change_situations(
                        item,
                        Change(add=add),
                        user=request.user,
                        can_publish=self.can_publish(item),
                    )
                )
        self._tell(outcomes)
        return redirect(request.get_full_path())

    def _tell(self, outcomes: Outcomes) -> None:
        has_warned = telling.warn(self.request, outcomes)
        if outcomes.changed:
            messages.success(self.request, telling.changed(outcomes))
        elif not has_warned:
            messages.warning(self.request, _("Nothing was ticked that had to change."))


def _suggested(item: Any, tags: dict[int, set[int]]) -> list[Suggested]:
    by_pk = situations.get().by_pk
    return [
        Suggested(
            situation=by_pk[found.label],
            reasons=found.reasons,
            value=f"{item.pk}:{by_pk[found.label].slug}",
        )
        for found in suggestions_for(item, chosen=tags[item.pk])
        if found.label in by_pk
    ]


def _wanted(values: Iterable[str]) -> dict[int, Collection[str]]:
    """Return the slugs for each key, of those boxes that say both."""
    wanted: dict[int, set[str]] = defaultdict(set)
    for value in values:
        pk, _colon, slug = value.partition(":")
        if pk.isdecimal() and slug and len(pk) < 19:
            wanted[int(pk)].add(slug)
    return dict(wanted)
