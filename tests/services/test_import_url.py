"""Feeds from an address: a real server on this machine, the package's own client."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import translation

from wagtail_medborgare.services.models import Service

pytestmark = pytest.mark.django_db

FEED = json.dumps(
    {
        "Flows": [
            {
                "FlowFamilyID": 1,
                "Name": "Åäö",
                "FlowFamilyURL": "https://e.example.se/overview/1",
            }
        ]
    },
    ensure_ascii=False,
)


@pytest.fixture(autouse=True)
def _in_english():
    cache.clear()  # It holds the circuit, which other tests have opened.
    with translation.override("en"):
        yield


class Platform(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.asked.append(self.path)
        time.sleep(server.pause)
        self.send_response(server.status)
        for name, value in server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(server.body)))
        self.end_headers()
        try:
            self.wfile.write(server.body)
        except OSError:
            pass  # The client has hung up, as it should.

    def log_message(self, *args):
        pass


@pytest.fixture
def platform(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    server.daemon_threads = True
    server.status, server.pause, server.asked = 200, 0, []
    server.headers, server.body = {"Content-Type": "application/json"}, FEED.encode()
    pair = f"127.0.0.1:{server.server_port}"
    server.url = f"http://{pair}/api/v1/getflows/json?secret=1"
    settings.WAGTAIL_MEDBORGARE_IMPORT_SOURCES = (f"http://{pair}",)
    settings.WAGTAIL_MEDBORGARE_IMPORT_LOOPBACK = (pair,)
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def run(url):
    out = StringIO()
    call_command("medborgare_import_services", url, stdout=out)
    return out.getvalue()


def refusal(url):
    with pytest.raises(CommandError) as caught:
        run(url)
    message = str(caught.value)
    assert not Service.objects.exists()
    assert message.endswith("Nothing has been changed.")
    assert "secret" not in message
    return message


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("application/json;charset=ISO-8859-1", "latin-1"),
        ("application/json", "latin-1"),
        ("application/json", "utf-8"),
        ("application/json; charset=UTF-8", "utf-8"),
        ("application/json;charset=ISO-8859-1", "utf-8"),
        ("application/json;charset=utf-8", "latin-1"),
        ("text/plain;charset=nonsense", "utf-8"),
    ],
)
def test_feed_is_fetched_whatever_charset_it_declares(platform, content_type, charset):
    platform.headers = {"Content-Type": content_type}
    platform.body = FEED.encode(charset)

    run(platform.url)

    assert Service.objects.get().name == "Åäö"
    assert Service.objects.get().source == "e.example.se"
    assert platform.asked == ["/api/v1/getflows/json?secret=1"]


def test_login_page_is_refused(platform):
    platform.headers = {"Content-Type": "text/html"}
    platform.body = b"<h1>Logga in</h1>"

    assert "content type is not allowed" in refusal(platform.url)


def test_login_page_that_says_it_is_json_is_refused(platform):
    platform.body = b"<h1>Logga in</h1>"

    assert "web page" in refusal(platform.url)


@pytest.mark.parametrize("status", [401, 404, 500, 503])
def test_failing_answer_is_told_with_its_status(platform, status):
    platform.status = status

    assert f"status {status}" in refusal(platform.url)


def test_redirect_is_not_followed(platform):
    platform.status = 302
    platform.headers = {"Location": platform.url}

    assert "status 302" in refusal(platform.url)
    assert len(platform.asked) == 1


def test_empty_answer_is_refused(platform):
    platform.body = b""

    assert "empty" in refusal(platform.url)


def test_unlisted_origin_is_not_asked(platform, settings):
    settings.WAGTAIL_MEDBORGARE_IMPORT_SOURCES = ("https://e.example.se",)

    assert "IMPORT_SOURCES" in refusal(platform.url)
    assert "IMPORT_SOURCES" in refusal(platform.url.upper())
    assert platform.asked == []


def test_slow_server_meets_the_deadline(platform, settings):
    settings.WAGTAIL_MEDBORGARE_IMPORT_DEADLINE_SECONDS = 0.3
    platform.pause = 1.0
    started = time.monotonic()

    message = refusal(platform.url)

    assert time.monotonic() - started < 0.9
    assert "0.3 seconds" in message


def test_feed_above_the_limit_is_refused(platform, settings):
    settings.WAGTAIL_MEDBORGARE_IMPORT_MAX_BYTES = 50

    assert "IMPORT_MAX_BYTES (50)" in refusal(platform.url)


def test_address_that_keeps_failing_is_left_in_peace_for_a_while(platform):
    platform.status = 500
    for _attempt in range(5):
        refusal(platform.url)

    assert "Try again" in refusal(platform.url)
    assert len(platform.asked) == 5


@pytest.mark.parametrize(
    "sources", [("e.example.se",), ("http://e.example.se",), ("https://a/b",)]
)
def test_mistyped_setting_is_told(settings, sources):
    settings.WAGTAIL_MEDBORGARE_IMPORT_SOURCES = sources

    assert "setting WAGTAIL_MEDBORGARE_IMPORT_" in refusal("https://e.example.se/")
