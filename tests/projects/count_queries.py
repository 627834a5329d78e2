"""Print, as JSON, the queries of one anonymous view at several numbers of segments."""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "projects.compared"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402
from wagtail_personalisation.models import Segment  # noqa: E402
from wagtail_personalisation.rules import QueryRule  # noqa: E402

from projects.comparedapp.models import ComparedPage  # noqa: E402


def queries_of_a_view() -> tuple[int, list[str]]:
    Client().get("/")
    with CaptureQueriesContext(connection) as queries:
        response = Client().get("/")
    assert response.status_code == 200, response.status_code
    return len(queries), sorted(response.cookies)


def main() -> None:
    setup_test_environment()
    call_command("migrate", verbosity=0)
    Page.objects.filter(depth__gt=1).delete()
    home = Page.objects.get(depth=1).add_child(
        instance=ComparedPage(title="Hem", slug="hem")
    )
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    result: dict[str, object] = {}
    for count in (0, 1, 10, 40):
        while Segment.objects.count() < count:
            segment = Segment.objects.create(name="S")
            QueryRule.objects.create(segment=segment, parameter="a", value="b")
        queries, cookies = queries_of_a_view()
        result[str(count)] = {"queries": queries, "cookies": cookies}
    json.dump(result, sys.stdout)


main()
