from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wagtail_medborgare.services.addresses import service_url
from wagtail_medborgare.services.calendars import calendar_response
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.suggestions import deadlines_for_visitor
from wagtail_medborgare.visitors.visitor import get_visitor

MOST_DEADLINES = 100


@require_safe
def deadlines(request: HttpRequest, service_pk: int) -> HttpResponse:
    """The dates of one service, the same for everybody."""
    service = Service.objects.filter(pk=service_pk, live=True).first()
    if service is None:
        raise Http404
    url = service_url(service, request)
    dated = [
        (item, item.next_date, url)
        for item in service.deadlines.all()
        if item.next_date is not None
    ]
    return calendar_response(
        [(item, when, url) for item, when, url in dated if when is not None], request
    )


@require_safe
def my_deadlines(request: HttpRequest) -> HttpResponse:
    """The dates for what this visitor has chosen; nothing sensitive leaves the page."""
    items = deadlines_for_visitor(
        get_visitor(request), request=request, limit=MOST_DEADLINES
    )
    return calendar_response(
        [
            (item.deadline, item.date, item.url)
            for item in items
            if not item.deadline.service.is_sensitive
            and not all(situation.is_sensitive for situation in item.reasons)
        ],
        request,
    )
