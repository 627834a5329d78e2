"""Deadlines as a calendar file (RFC 5545), so that a phone can remind."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from wagtail_medborgare.services.models import ServiceDeadline

REMIND_BEFORE = timedelta(days=7)


def calendar_response(
    deadlines: Iterable[tuple[ServiceDeadline, date, str]], request: HttpRequest
) -> HttpResponse:
    """Return a calendar of all-day events: deadline, its date, the service's address."""
    calendar = Calendar()
    calendar.add("prodid", "-//wagtail-medborgare//SE")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Dates from the municipality"))
    for deadline, when, url in deadlines:
        calendar.add_component(_event(deadline, when, url, request))
    return HttpResponse(
        calendar.to_ical(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{_file_name()}"'},
    )


def _file_name() -> str:
    return f"{slugify(_('dates')) or 'dates'}.ics"


def _event(
    deadline: ServiceDeadline, when: date, url: str, request: HttpRequest
) -> Event:
    event = Event()
    # Stable, so that a second download updates the first.
    event.add("uid", f"deadline-{deadline.pk}@{request.get_host()}")
    event.add("dtstamp", datetime.now(UTC))
    event.add("summary", deadline.label)
    event.add("dtstart", when)
    event.add("transp", "TRANSPARENT")
    if deadline.is_yearly:
        event.add("rrule", {"freq": "yearly"})
    if url:
        event.add("url", request.build_absolute_uri(url))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.label)
    alarm.add("trigger", -REMIND_BEFORE)
    event.add_component(alarm)
    return event
