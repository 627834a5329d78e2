"""What makes a service one to look at; a count and its list ask the same."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.services.models import (
    Channel,
    CheckedLink,
    Service,
    TaggedService,
)

WEEK = datetime.timedelta(days=7)


def long_before(day: datetime.date) -> datetime.date:
    """Return the day ``REVIEW_MONTHS`` before another one."""
    months = day.year * 12 + day.month - 1 - app_settings.REVIEW_MONTHS
    year, month = divmod(months, 12)
    # The 28th is in every month: a few days do not matter among months.
    return day.replace(year=year, month=month + 1, day=min(day.day, 28))


def is_due(*, by: datetime.date) -> Q:
    """Match published services to look through by a day: they say so, or are simply old.

    Old is what has stood unchanged for ``REVIEW_MONTHS``, where no day is given.
    """
    old = Q(review_by__isnull=True, last_published_at__date__lte=long_before(by))
    return Q(live=True) & (Q(review_by__lte=by) | old)


def due_soon() -> Q:
    """Match what to look through within a week, and what should have been already."""
    return is_due(by=timezone.localdate() + WEEK)


def has_broken_link() -> Q:
    """Match published services with a link that did not work when last looked at."""
    broken = CheckedLink.objects.filter(is_broken=True).values("url")
    channels = Channel.objects.filter(url__in=broken)
    return Q(live=True, pk__in=channels.values("service"))


def has_no_situation() -> Q:
    """Match published services that nobody is told about."""
    return Q(live=True) & ~Q(pk__in=TaggedService.objects.values("content_object"))


def begins_this_week() -> Q:
    """Match what is published at an hour within a week."""
    now = timezone.now()
    scheduled = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(Service),
        approved_go_live_at__gt=now,
        approved_go_live_at__lte=now + WEEK,
    )
    # The key of a revision's object is a text in the database.
    keys = scheduled.annotate(key=Cast("object_id", BigIntegerField()))
    return Q(pk__in=keys.values("key"))


def ends_this_week() -> Q:
    """Match what is taken down at an hour within a week."""
    now = timezone.now()
    return Q(live=True, expire_at__gt=now, expire_at__lte=now + WEEK)


def changed_this_week() -> Q:
    """Match what has been published in the last seven days."""
    return Q(live=True, last_published_at__gte=timezone.now() - WEEK)


CONDITIONS: dict[str, tuple[Any, Callable[[], Q]]] = {
    "due": (_("To look through soon"), due_soon),
    "broken": (_("With a broken link"), has_broken_link),
    "untagged": (_("Without a situation"), has_no_situation),
    "begins": (_("Published this week"), begins_this_week),
    "ends": (_("Taken down this week"), ends_this_week),
    "changed": (_("Changed in the last week"), changed_this_week),
}
"""By the name that stands in an address: what an editor reads, and what is asked."""
