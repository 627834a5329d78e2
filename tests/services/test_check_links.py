"""Links of services are looked at in real requests to a real server."""

from __future__ import annotations

import subprocess
import sys
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from factories import make_home, make_service
from services.reporters import csv_of, log_in

from wagtail_medborgare.services.link_check import check_links, look_at
from wagtail_medborgare.services.models import Channel, CheckedLink

pytestmark = pytest.mark.django_db

SERVER = """
import sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/hangs":
            time.sleep(60)
        status = {"/gone": 404, "/fault": 500, "/moved": 301, "/login": 403,
                  "/odd": 418}.get(self.path, 200)
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "http://169.254.169.254/secret")
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"x" * (10_000_000 if self.path == "/large" else 10))

    def log_message(self, *args):
        print(self.path, flush=True)

server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def site(settings):
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True
    )
    port = process.stdout.readline().strip()
    settings.WAGTAIL_MEDBORGARE_LINK_LOOPBACK = [f"127.0.0.1:{port}"]
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()
    process.stdout.close()


def make_links(*urls, **fields):
    return make_service(channels=[{"url": url} for url in urls], **fields)


def run(**options):
    out = StringIO()
    with translation.override("en"):
        call_command("medborgare_check_links", stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("path", "problem", "is_broken"),
    [
        ("/", "", False),
        ("/large", "", False),
        ("/login", "", False),
        ("/moved", "moved", False),
        ("/gone", "gone", True),
        ("/odd", "refused", True),
        ("/fault", "failing", True),
        ("/#part", "", False),
        ("/sök?q=å", "", False),
    ],
)
def test_what_a_look_tells(site, path, problem, is_broken):
    finding = look_at(f"{site}{path}", seconds=5)

    assert (finding.problem, finding.is_broken) == (problem, is_broken)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fd00::1]/",
        "http://2130706433/",
    ],
)
def test_no_address_that_is_not_public_is_ever_called(site, url):
    assert look_at(url, seconds=5).problem == "not_public"


def test_a_server_that_hangs_costs_its_deadline_and_no_more(site):
    started = time.monotonic()

    finding = look_at(f"{site}/hangs", seconds=0.5)

    assert finding.problem == "slow"
    assert time.monotonic() - started < 3


def test_the_command_says_in_words_what_it_found(site):
    make_links(f"{site}/", f"{site}/gone")
    make_links(f"{site}/moved", f"{site}/gone", live=True)
    make_links(f"{site}/draft", live=False)

    text = run()

    assert "Looked at 3 of 3 addresses: 1 broken, 0 work again, 0 left" in text
    assert "1: The page does not exist." in text
    assert "1: The page has moved." in text
    assert CheckedLink.objects.count() == 3


def test_the_first_day_of_a_broken_link_stays_until_it_works_again(site):
    service = make_links(f"{site}/gone")
    check_links(seconds=30, pause=0)
    first = CheckedLink.objects.get()
    assert first.is_broken

    check_links(seconds=30, pause=0)
    again = CheckedLink.objects.get()
    assert again.broken_since == first.broken_since
    assert again.checked_at > first.checked_at

    Channel.objects.filter(service=service).update(url=f"{site}/")
    CheckedLink.objects.update(url=f"{site}/")
    assert check_links(seconds=30, pause=0).mended == 1
    mended = CheckedLink.objects.get()
    assert (mended.is_broken, mended.broken_since, mended.problem) == (False, None, "")


def test_what_there_was_no_time_for_comes_first_the_next_time(site):
    make_links(*[f"{site}/{number}" for number in range(6)])

    first = check_links(seconds=1.0, pause=0.4)
    seen = {*CheckedLink.objects.values_list("url", flat=True)}
    assert 0 < first.looked_at < 6
    assert first.left == 6 - first.looked_at

    second = check_links(seconds=0.9, pause=0.4)
    assert second.looked_at
    new = {*CheckedLink.objects.values_list("url", flat=True)} - seen
    assert len(new) == min(second.looked_at, first.left)


def test_one_host_is_not_asked_without_a_pause(site):
    make_links(*[f"{site}/{number}" for number in range(3)])

    started = time.monotonic()
    check_links(seconds=30, pause=0.3)

    assert time.monotonic() - started >= 0.6


def test_links_that_nobody_leads_to_any_more_are_forgotten(site):
    service = make_links(f"{site}/gone")
    check_links(seconds=30, pause=0)

    Channel.objects.filter(service=service).delete()
    check_links(seconds=30, pause=0)

    assert not CheckedLink.objects.exists()


def test_the_report_tells_which_service_leads_nowhere_and_since_when(site):
    make_home()
    make_links(f"{site}/gone", name="Ansök om förskola")
    make_links(f"{site}/", name="Bygglov")
    check_links(seconds=30, pause=0)
    client = log_in("change_service")

    (row,) = csv_of(client, "/admin/medborgare/reports/broken-channels/")

    assert row["Service"] == "Ansök om förskola"
    assert row["What happened"] == "The page does not exist."
    assert row["Since"]


def test_no_time_is_refused():
    with pytest.raises(CommandError):
        run(minutes=0)


def test_one_address_that_is_none_stops_nobody_elses_round(site):
    make_links("http://[fel", f"{site}/gone", f"{site}/")

    run()

    assert CheckedLink.objects.get(url="http://[fel").problem == "not_an_address"
    assert CheckedLink.objects.get(url=f"{site}/gone").problem == "gone"
