from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.calendars import calendar_response
from wagtail_medborgare.services.models import Service, ServiceDeadline
from wagtail_medborgare.services.suggestions import deadlines_for_visitor
from wagtail_medborgare.services.things import sensitivity
from wagtail_medborgare.visitors.visitor import get_visitor

Dated = tuple[ServiceDeadline, date, str]

MOST_DEADLINES = 100


@require_safe
def deadlines(request: HttpRequest, service_pk: int) -> HttpResponse:
    """The dates of one service, the same for everybody."""
    service = Service.objects.filter(pk=service_pk, live=True).first()
    if service is None:
        raise Http404
    url = service_url(service, request)
    dated = [
        (item, when, url)
        for item in service.deadlines.all()
        if (when := item.next_date) is not None
    ]
    return _calendar(dated, request)


@require_safe
def my_deadlines(request: HttpRequest) -> HttpResponse:
    """The dates for what this visitor has chosen; nothing sensitive leaves the page."""
    items = deadlines_for_visitor(
        get_visitor(request), request=request, limit=MOST_DEADLINES
    )
    # A file lies on the device for anybody to open: what is sensitive stays out of it.
    keys = [str(item.deadline.service_id) for item in items]
    is_sensitive = sensitivity(keys)
    return _calendar(
        [
            (item.deadline, item.date, item.url)
            for item in items
            if not is_sensitive.get(str(item.deadline.service_id), True)
        ],
        request,
    )


def _calendar(dated: list[Dated], request: HttpRequest) -> HttpResponse:
    if not dated:
        raise Http404  # A calendar holds at least one event (RFC 5545, section 3.6).
    return calendar_response(dated, request)
