"""Bring a feed into the catalogue: what an editor has changed stays the editor's."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.fields import RichTextField
from wagtail.log_actions import log
from wagtail.models import Locale

from wagtail_medborgare.core.merge import Merge, merge_fields
from wagtail_medborgare.services.importers.base import Feed, FeedService, InvalidFeed
from wagtail_medborgare.services.importers.creation import (
    CHANNEL_PREFIX,
    create_services,
    split_fields,
)
from wagtail_medborgare.services.models import Channel, Service
from wagtail_medborgare.services.models.services import RICH_TEXT

CHANNEL_URL = f"{CHANNEL_PREFIX}url"

# A feed that has lost more than this share is more likely broken than true.
MOST_LOST = 0.2
LONGEST_SOURCE = 100

# Beside the baseline: an editor had unpublished it before it left the feed.
WAS_UNPUBLISHED = "was_unpublished"

# What a version says about its own publication, not about the service.
_STATE_FIELDS = {
    "imported",
    "left_feed_at",
    "live",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "live_revision",
    "latest_revision",
    "expired",
}

_BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')

Progress = Callable[[int, int], None]


@dataclass
class ImportSummary:
    """What an import did, as names of services."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """The feed says something new, but an editor's own wording stays."""
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    """Gone from the feed: unpublished, with everything that editors have added."""
    problems: list[str] = field(default_factory=list)


class _Counter:
    """Tell how many of all services are done."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def __call__(self, number: int) -> None:
        self._done += number
        if self._progress is not None:
            self._progress(self._done, self._total)


class FeedLostTooMuch(InvalidFeed):
    """More than a fifth of the services are gone."""


@transaction.atomic
def import_feed(
    feed: Feed,
    *,
    source: str = "",
    allow_loss: bool = False,
    as_drafts: bool = False,
    progress: Progress | None = None,
) -> ImportSummary:
    """Create, update and unpublish services so that they follow the feed.

    Keyed on (source, key). All or nothing; a second run writes nothing at all.
    """
    source = source or feed.source or _only_source()
    if len(source) > LONGEST_SOURCE:
        raise InvalidFeed(_("The name of the source is too long."))
    locale = Locale.get_default()
    known = _known(source, locale)
    gone = _gone(feed, known, allow_loss=allow_loss)
    summary = ImportSummary(problems=list(feed.problems))
    count = _Counter(progress, len(feed.services))
    new = [item for item in feed.services if item.key not in known]
    if new:
        create_services(
            new, source=source, locale=locale, as_drafts=as_drafts, progress=count
        )
    summary.created += [item.fields["name"] for item in new]
    for item in feed.services:
        if item.key in known:
            _follow(known[item.key], item, summary)
            count(1)
    for service in gone:
        _remove(service.pk)
        summary.removed.append(service.name)
    return summary


def _only_source() -> str:
    """Return the one source that there is: an empty feed does not say where it is from."""
    sources = Service.objects.exclude(source="").order_by("source")
    known = list(sources.values_list("source", flat=True).distinct()[:2])
    if len(known) > 1:
        raise InvalidFeed(
            _("The feed does not say where it comes from. Name it with --source.")
        )
    return known[0] if known else ""


def _known(source: str, locale: Locale) -> dict[str, Service]:
    """Return what the last import has noted about each service, and no more."""
    noted = Service.objects.filter(source=source, locale=locale).exclude(source="")
    noted = noted.only("name", "source_key", "imported", "left_feed_at")
    return {service.source_key: service for service in noted}


def _gone(feed: Feed, known: dict[str, Service], *, allow_loss: bool) -> list[Service]:
    present = feed.known_keys | {item.key for item in feed.services}
    followed = [item for item in known.values() if item.left_feed_at is None]
    gone = [item for item in followed if item.source_key not in present]
    if gone and len(gone) > MOST_LOST * len(followed) and not allow_loss:
        raise FeedLostTooMuch(
            _(
                "%(gone)d of %(all)d services are missing in the feed. If that is "
                "right, run it again with --allow-loss."
            )
            % {"gone": len(gone), "all": len(followed)}
        )
    return gone


def _follow(noted: Service, item: FeedService, summary: ImportSummary) -> None:
    """Bring one service up to date, and say what came of it."""
    if noted.imported == item.fields and noted.left_feed_at is None:
        # Where the source says nothing new there is nothing to decide.
        summary.unchanged.append(noted.name)
        return
    service = _whole(noted.pk)
    changed, kept = _update(service, item)
    if changed:
        summary.changed.append(service.name)
    if kept:
        summary.kept.append(service.name)
    if not (changed or kept):
        summary.unchanged.append(service.name)


def _whole(pk: int) -> Service:
    return Service.objects.select_related("latest_revision").get(pk=pk)


def _update(service: Service, item: FeedService) -> tuple[bool, bool]:
    """Follow the feed in both versions; say (changed, something was kept)."""
    came_back = service.left_feed_at is not None
    returns = came_back and not (
        service.live or service.imported.get(WAS_UNPUBLISHED, False)
    )
    is_held = _is_held(service)
    if returns and is_held:
        # Not now: publishing would end the workflow. The next import asks again.
        return False, False
    draft = None if is_held else _draft(service)
    # Each version carries its own baseline: what the feed said when it was written.
    merge = _merge_into(service, item)
    draft_merge = _merge_into(draft, item) if draft is not None else Merge()
    service.save(update_fields=None if merge.changes else ["imported", "left_feed_at"])
    has_revision = returns or bool(merge.changes and draft is None and not is_held)
    if has_revision:
        _save_revision(service, publish=returns or service.live)
    if draft is not None and (
        draft_merge.changes or returns and _differ(draft, service)
    ):
        _save_revision(draft)
    elif merge.changes and not has_revision:
        log(instance=service, action="wagtail.edit", content_changed=True)
    changed = came_back or bool(merge.changes or draft_merge.changes)
    return changed, bool(merge.kept or draft_merge.kept)


def _is_held(service: Service) -> bool:
    """Say whether a revision waits for its day or for a moderator: it is left alone."""
    return bool(service.has_unpublished_changes and service.scheduled_revision) or bool(
        service.current_workflow_state
    )


def _draft(service: Service) -> Service | None:
    """Return the editor's unpublished version, which has its own wording."""
    if not service.has_unpublished_changes or service.latest_revision is None:
        return None
    draft: Service = service.with_content_json(service.latest_revision.content)
    return draft


def _differ(draft: Service, service: Service) -> bool:
    first, second = (
        {
            name: value
            for name, value in version.serializable_data().items()
            if name not in _STATE_FIELDS
        }
        for version in (draft, service)
    )
    return first != second


def _save_revision(version: Service, *, publish: bool = False) -> None:
    # An editor's draft need not be valid yet.
    revision = version.save_revision(log_action=True, clean=False)
    if publish:
        revision.publish()


def _merge_into(service: Service, item: FeedService) -> Merge:
    """Write the feed's news into one version."""
    channel = next((one for one in service.channels.all() if one.is_from_feed), None)
    merge = merge_fields(
        baseline=service.imported,
        incoming=item.fields,
        current={name: _current(service, channel, item, name) for name in item.fields},
    )
    own, channel_changes = split_fields(merge.changes)
    for name, value in own.items():
        setattr(service, name, value)
    if channel_changes:
        _change_channel(service, channel, item, channel_changes)
    service.imported = dict(item.fields)
    service.left_feed_at = None
    return merge


def _current(
    service: Service, channel: Channel | None, item: FeedService, name: str
) -> Any:
    baseline = service.imported
    if name.startswith(CHANNEL_PREFIX):
        if channel is not None:
            return getattr(channel, name.removeprefix(CHANNEL_PREFIX))
        if baseline.get(CHANNEL_URL):
            return None  # An editor has deleted it.
        return (baseline if item.fields.get(CHANNEL_URL) else item.fields).get(name)
    now = getattr(service, name)
    is_rich = isinstance(Service._meta.get_field(name), RichTextField)
    if is_rich and name in baseline and _as_edited(now) == _as_edited(baseline[name]):
        return baseline[name]
    return now


@lru_cache(maxsize=256)
def _as_edited(text: str) -> str:
    """Return rich text as the editor would save it, which is not yet an edit."""
    converter = ContentstateConverter(RICH_TEXT)
    saved: str = converter.to_database_format(converter.from_database_format(text))
    return _BLOCK_KEY.sub("", saved)


def _change_channel(
    service: Service,
    channel: Channel | None,
    item: FeedService,
    changes: dict[str, Any],
) -> None:
    others = [other for other in service.channels.all() if not other.is_from_feed]
    if channel is None:
        channel = Channel(is_from_feed=True, **split_fields(item.fields)[1])
    for name, value in changes.items():
        setattr(channel, name, value)
    # Without an address there is no e-service any more.
    is_reachable = channel.url or channel.phone or channel.address
    kept = [channel] if is_reachable else []
    service.channels = [*kept, *others]  # type: ignore[misc]  # modelcluster


def _remove(pk: int) -> None:
    """Unpublish a service that has left its feed, and note it in every version."""
    service = _whole(pk)
    was_live, is_held, draft = service.live, _is_held(service), _draft(service)
    service.left_feed_at = timezone.now()
    if was_live:
        service.unpublish(log_action=True)
    else:
        service.imported = {**service.imported, WAS_UNPUBLISHED: True}
        service.save(update_fields=["imported", "left_feed_at"])
    if not is_held:
        newest = draft or service
        newest.left_feed_at = service.left_feed_at
        newest.save_revision(log_action=not was_live, clean=False)
