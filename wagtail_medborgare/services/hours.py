"""When something is open: pure reckoning with days, in the site's own time."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone

Hours = tuple[int, datetime.time, datetime.time]
"""Day of the week (Monday is 0), opens, closes; closing at 00:00 is the day's end."""

Stretch = tuple[datetime.datetime, datetime.datetime]

# Further ahead than any holiday; what opens later than that is closed for now.
DAYS_AHEAD = 60


@dataclass(frozen=True, kw_only=True)
class State:
    """Whether it is open at a moment, and until when that is all there is to say."""

    is_open: bool
    closes_at: datetime.datetime | None = None
    """None while it is closed, and where it never closes."""
    opens_at: datetime.datetime | None = None
    """None while it is open, and where it does not open in the next weeks."""
    closed_because: str = ""
    """Why today is an exception."""
    changes_at: datetime.datetime
    """When other words become true: at opening, at closing, and at midnight."""


def local_now() -> datetime.datetime:
    """Return the time on the municipality's own clocks, whoever asks."""
    return timezone.localtime(timezone.now(), timezone.get_default_timezone())


def state_at(
    now: datetime.datetime,
    hours: Iterable[Hours],
    closed_days: Mapping[datetime.date, str],
) -> State:
    """Say whether it is open, by the hours of the week and the days that differ."""
    midnight = _moment(now.date() + datetime.timedelta(days=1), datetime.time(), now)
    ahead = [
        stretch
        for stretch in _joined(_stretches(now, list(hours), closed_days))
        if stretch[1] > now
    ]
    reason = closed_days.get(now.date(), "")
    if not ahead:
        return State(is_open=False, closed_because=reason, changes_at=midnight)
    begins, ends = ahead[0]
    if begins <= now:
        is_endless = (ends - now).days >= DAYS_AHEAD - 1
        return State(
            is_open=True,
            closes_at=None if is_endless else ends,
            changes_at=min(ends, midnight),
        )
    return State(
        is_open=False,
        opens_at=begins,
        closed_because=reason,
        changes_at=min(begins, midnight),
    )


def _stretches(
    now: datetime.datetime,
    hours: list[Hours],
    closed_days: Mapping[datetime.date, str],
) -> Iterator[Stretch]:
    """Yield each time that it is open, from today on."""
    for number in range(DAYS_AHEAD):
        day = now.date() + datetime.timedelta(days=number)
        if day in closed_days:
            continue
        for weekday, opens, closes in sorted(hours):
            if weekday != day.weekday():
                continue
            last = day + datetime.timedelta(days=0 if closes > opens else 1)
            yield _moment(day, opens, now), _moment(last, closes, now)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return them with those that touch or overlap made one."""
    joined: list[Stretch] = []
    for begins, ends in stretches:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def _moment(
    day: datetime.date, time: datetime.time, now: datetime.datetime
) -> datetime.datetime:
    return datetime.datetime.combine(day, time, tzinfo=now.tzinfo)
