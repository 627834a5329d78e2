"""News from a feed: never waited for longer than one budget for the whole page."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_medborgare.core.http import HttpRefused
from wagtail_medborgare.core.http.policy import locate
from wagtail_medborgare.core.sources import note_end
from wagtail_medborgare.services.feeds.reading import (
    KeptFeed,
    feed_policy,
    read_feeds,
)
from wagtail_medborgare.services.models import Module
from wagtail_medborgare.services.unit_modules.base import UnitModuleKind
from wagtail_medborgare.visitors.visitor import Visitor


class FeedKind(UnitModuleKind):
    """Titles, links and dates of the newest entries; who looks is not told."""

    name = "feed"
    label = gettext_lazy("News from a feed (RSS, Atom or JSON)")
    template_name = "medborgare_services/unit_modules/feed.html"
    fields = ("text", "feed_url", "feed_limit")

    def __init__(self) -> None:
        self._feeds: dict[str, KeptFeed] = {}

    def clean(self, module: Module, rows: Mapping[str, int]) -> None:
        if not module.feed_url:
            raise ValidationError({"feed_url": _("Write the address of the feed.")})
        if not _may_be_read(module.feed_url):
            raise ValidationError(
                {
                    "feed_url": _(
                        "This site does not read feeds from there. Ask those who run "
                        "the site to allow the address."
                    )
                }
            )

    def prepare(
        self, modules: Sequence[Module], visitor: Visitor, request: HttpRequest | None
    ) -> None:
        urls = [module.feed_url for module in modules if module.feed_url]
        self._feeds = read_feeds(urls)
        for feed in self._feeds.values():
            note_end(feed.next_try)

    def get_context(
        self, module: Module, visitor: Visitor, request: HttpRequest | None
    ) -> dict[str, Any] | None:
        feed = self._feeds.get(module.feed_url)
        if feed is None:
            return None
        fetched_at = timezone.localtime(datetime.fromtimestamp(feed.fetched_at, UTC))
        return {
            "has_answered": feed.entries is not None,
            "entries": (feed.entries or ())[: module.feed_limit],
            "is_current": feed.is_current,
            "fetched_at": fetched_at,
            "is_of_today": fetched_at.date() == timezone.localdate(),
        }


def _may_be_read(url: str) -> bool:
    try:
        locate(feed_policy(url, deadline=1.0), url)
    except (HttpRefused, ValueError):
        return False
    return True
