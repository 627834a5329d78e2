"""Bring a feed into the catalogue: what an editor has changed stays the editor's."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Locale

from wagtail_medborgare.core.merge import merge_fields
from wagtail_medborgare.services.importers.base import Feed, FeedService, InvalidFeed
from wagtail_medborgare.services.models import Channel, Service

CHANNEL_PREFIX = "e_service."

# A feed that has lost more than this share is more likely broken than true.
MOST_LOST = 0.2

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
    source = source or feed.source
    locale = Locale.get_default()
    known = {
        service.source_key: service
        for service in Service.objects.filter(
            source=source, locale=locale
        ).prefetch_related("channels")
    }
    gone = _gone(feed, known, allow_loss=allow_loss)
    summary = ImportSummary(problems=list(feed.problems))
    for place, item in enumerate(feed.services, start=1):
        service = known.get(item.key)
        if service is None:
            _create(item, source, locale, as_drafts=as_drafts)
            summary.created.append(item.fields["name"])
        else:
            outcome = _update(service, item)
            getattr(summary, outcome).append(service.name)
        if progress is not None:
            progress(place, len(feed.services))
    for service in gone:
        _remove(service)
        summary.removed.append(service.name)
    return summary


def _gone(
    feed: Feed, known: dict[str, Service], *, allow_loss: bool
) -> list[Service]:
    present = feed.known_keys | {item.key for item in feed.services}
    followed = [item for item in known.values() if item.left_feed_at is None]
    gone = [item for item in followed if item.source_key not in present]
    if gone and len(gone) > MOST_LOST * len(followed) and not allow_loss:
        raise FeedLostTooMuch(
            _(
                "%(gone)d of %(all)d services are missing in the feed. Nothing was "
                "changed. If that is right, run it again with --allow-loss."
            )
            % {"gone": len(gone), "all": len(followed)}
        )
    return gone


def _create(
    item: FeedService, source: str, locale: Locale, *, as_drafts: bool
) -> None:
    own, channel = _split(item.fields)
    service = Service(
        source=source,
        source_key=item.key,
        imported=dict(item.fields),
        locale=locale,
        live=not as_drafts,
        **own,
    )
    if channel.get("url"):
        service.channels = [Channel(is_from_feed=True, **channel)]
    service.save()
    revision = service.save_revision(log_action="wagtail.create")
    if not as_drafts:
        revision.publish()


def _split(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    own = {name: value for name, value in fields.items() if "." not in name}
    channel = {
        name.removeprefix(CHANNEL_PREFIX): value
        for name, value in fields.items()
        if name.startswith(CHANNEL_PREFIX)
    }
    return own, channel


def _update(service: Service, item: FeedService) -> str:
    """Follow the feed in one service, published and draft; return what came of it."""
    baseline = dict(service.imported)
    came_back = service.left_feed_at is not None
    draft = _draft(service)
    live_outcome = _merge_into(service, item, baseline)
    draft_outcome = (
        _merge_into(draft, item, baseline) if draft is not None else live_outcome
    )
    baseline_moved = baseline != item.fields
    changed = live_outcome[0] or draft_outcome[0]
    if changed or baseline_moved or came_back:
        _write(service, draft, item, changed=(live_outcome[0], draft_outcome[0]))
    if came_back:
        service.refresh_from_db()
        service.latest_revision.publish()
    if changed or came_back:
        return "changed"
    return "kept" if live_outcome[1] or draft_outcome[1] else "unchanged"


def _draft(service: Service) -> Service | None:
    """Return the editor's unpublished version, which has its own wording."""
    if not service.has_unpublished_changes or service.latest_revision is None:
        return None
    draft: Service = service.latest_revision.as_object()
    return draft


def _merge_into(
    service: Service, item: FeedService, baseline: dict[str, Any]
) -> tuple[bool, bool]:
    """Write the feed's news into one version; say (changed, something was kept)."""
    channel = _feed_channel(service)
    current = {
        name: _current(service, channel, name) for name in item.fields
    }
    merge = merge_fields(baseline=baseline, incoming=item.fields, current=current)
    own, channel_changes = _split(merge.changes)
    for name, value in own.items():
        setattr(service, name, value)
    if channel_changes:
        channel = channel or Channel(is_from_feed=True)
        for name, value in channel_changes.items():
            setattr(channel, name, value)
        others = [other for other in service.channels.all() if not other.is_from_feed]
        # Without an address there is no e-service any more.
        service.channels = [*([channel] if channel.url else []), *others]
    return bool(merge.changes), bool(merge.kept)


def _feed_channel(service: Service) -> Channel | None:
    for channel in service.channels.all():
        if channel.is_from_feed:
            return channel
    return None


def _current(service: Service, channel: Channel | None, name: str) -> Any:
    if not name.startswith(CHANNEL_PREFIX):
        return getattr(service, name)
    return getattr(channel, name.removeprefix(CHANNEL_PREFIX)) if channel else None


def _write(
    service: Service,
    draft: Service | None,
    item: FeedService,
    *,
    changed: tuple[bool, bool],
) -> None:
    """Save both versions; publishing is for what was published before."""
    live_changed, draft_changed = changed
    service.imported = dict(item.fields)
    service.left_feed_at = None
    if draft is None:
        service.save()
        if live_changed:
            revision = service.save_revision(log_action=True)
            if service.live:
                revision.publish()
        return
    # The published row is written as it is; the draft becomes a revision of its own.
    service.save()
    if draft_changed:
        draft.imported = dict(item.fields)
        draft.left_feed_at = None
        draft.save_revision(log_action=True)


def _remove(service: Service) -> None:
    service.left_feed_at = timezone.now()
    service.save(update_fields=["left_feed_at"])
    if service.live:
        service.unpublish(log_action=True)
