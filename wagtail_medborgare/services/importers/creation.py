"""Create the services of a feed, many at once.

One by one Wagtail would index each service three times, and its search in a database
looks at every entry each time: a list of ten thousand would take hours.
"""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log
from wagtail.models import Locale, Revision
from wagtail.search.backends import get_search_backends
from wagtail.signals import published

from wagtail_medborgare.services.importers.base import FeedService
from wagtail_medborgare.services.models import Channel, Service
from wagtail_medborgare.services.snapshot import catalogue

BATCH = 500
CHANNEL_PREFIX = "e_service."


def create_services(
    items: Sequence[FeedService],
    *,
    source: str,
    locale: Locale,
    as_drafts: bool = False,
    progress: Callable[[int], None],
) -> None:
    """Create services with a first revision and a history, published or as drafts.

    Django sends no post_save for them; Wagtail's ``published`` is sent for each.
    """
    slugs = _Slugs(locale)
    for start in range(0, len(items), BATCH):
        batch = items[start : start + BATCH]
        services = _save(batch, source, locale, slugs, as_drafts=as_drafts)
        _save_revisions(services)
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(Service, services)
        catalogue.renew()
        for service in services:
            _tell(service)
        progress(len(batch))


def split_fields(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Part the fields of a service from those of its e-service channel."""
    own = {name: value for name, value in fields.items() if "." not in name}
    channel = {
        name.removeprefix(CHANNEL_PREFIX): value
        for name, value in fields.items()
        if name.startswith(CHANNEL_PREFIX)
    }
    return own, channel


class _Slugs:
    """Give each new service an address that no other in its language has."""

    def __init__(self, locale: Locale) -> None:
        services = Service.objects.filter(locale=locale)
        self._taken = set(services.values_list("slug", flat=True))
        self._numbers: dict[str, count[int]] = {}

    def free(self, name: str) -> str:
        base = slugify(name)[:180] or "tjanst"
        numbers = self._numbers.setdefault(base, count(2))
        slug = base
        while slug in self._taken:
            slug = f"{base}-{next(numbers)}"
        self._taken.add(slug)
        return slug


def _save(
    batch: Sequence[FeedService],
    source: str,
    locale: Locale,
    slugs: _Slugs,
    *,
    as_drafts: bool,
) -> list[Service]:
    published_at = None if as_drafts else timezone.now()
    Service.objects.bulk_create(
        Service(
            source=source,
            source_key=item.key,
            imported=dict(item.fields),
            locale=locale,
            slug=slugs.free(item.fields["name"]),
            live=not as_drafts,
            has_unpublished_changes=as_drafts,
            first_published_at=published_at,
            last_published_at=published_at,
            **split_fields(item.fields)[0],
        )
        for item in batch
    )
    keys = [item.key for item in batch]
    # Not every database tells the keys of what it has created.
    created = Service.objects.filter(source=source, locale=locale, source_key__in=keys)
    Channel.objects.bulk_create(
        Channel(service=service, is_from_feed=True, **channel)
        for service in created
        if (channel := split_fields(service.imported)[1]).get("url")
    )
    relations = ("channels", "deadlines", "life_situation_items")
    return list(created.all().prefetch_related(*relations).select_related("locale"))


def _save_revisions(services: list[Service]) -> None:
    kind = ContentType.objects.get_for_model(Service)
    Revision.objects.bulk_create(
        Revision(
            content_type=kind,
            base_content_type=kind,
            object_id=str(service.pk),
            created_at=timezone.now(),
            object_str=str(service),
            content=service.serializable_data(),
        )
        for service in services
    )
    keys = [str(service.pk) for service in services]
    saved = Revision.objects.filter(base_content_type=kind, object_id__in=keys)
    revisions = {revision.object_id: revision for revision in saved}
    for service in services:
        service.latest_revision = revisions[str(service.pk)]
        service.live_revision = service.latest_revision if service.live else None
    Service.objects.bulk_update(services, ["latest_revision", "live_revision"])


def _tell(service: Service) -> None:
    revision = service.latest_revision
    log(service, "wagtail.create", revision=revision, content_changed=True)
    if service.live:
        published.send(sender=Service, instance=service, revision=revision)
        log(service, "wagtail.publish", revision=revision, content_changed=True)
