"""Feeds of units: a real server on this machine that misbehaves in every way."""

from __future__ import annotations

import json
import logging
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_home, make_module, make_my_services, make_situation

from wagtail_medborgare.services.feeds import reading
from wagtail_medborgare.services.feeds.parsing import parse_feed
from wagtail_medborgare.services.importers.base import InvalidFeed

PATH = "/mina-tjanster/"
BUDGET = 0.5
# What a slow machine adds to rendering, beside the budget.
SLACK = 1.5

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Biblioteket</title><atom:link rel="self" href="https://b.example.se/rss"/>
<item><title>Sagostund på lördag</title><link>/sagostund</link>
<pubDate>Mon, 23 Nov 2026 08:00:00 +0100</pubDate></item>
<item><title>Nya böcker</title><guid>https://b.example.se/nya</guid></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Badhuset</title>
<entry><title type="html">Öppet &amp;lt;b&amp;gt;hela&amp;lt;/b&amp;gt; helgen</title>
<link rel="edit" href="https://b.example.se/edit"/>
<link href="https://b.example.se/helg"/><updated>2026-11-22T10:00:00Z</updated>
<published>2026-11-20T10:00:00Z</published></entry></feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Skolan",
    "items": [
        {
            "id": "1",
            "title": "Höstlov",
            "url": "https://s.example.se/host",
            "date_published": "2026-10-20T07:00:00+02:00",
        },
        {"id": "2", "content_text": "Utan rubrik"},
        {"id": "3", "title": {"not": "a text"}},
        "not an item",
    ],
}


class Source(BaseHTTPRequestHandler):
    """Answers as its server says; may drip one byte after the other."""

    server: Any

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        time.sleep(self.server.pause)
        try:
            self.send_response(self.server.status)
            for name, value in self.server.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(self.server.body)))
            self.end_headers()
            if not self.server.drip:
                self.wfile.write(self.server.body)
                return
            for byte in self.server.body:
                self.wfile.write(bytes([byte]))
                time.sleep(self.server.drip)
        except OSError:
            pass  # The client has hung up, as it should.

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def make_source(settings: Any) -> Any:
    """Start servers whose feeds the site may read."""
    servers = []

    def make(**fields: Any) -> Any:
        server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Source)
        server.daemon_threads = True
        server.status, server.pause, server.drip, server.asked = 200, 0, 0, []
        server.headers = {"Content-Type": "application/rss+xml; charset=utf-8"}
        server.body = RSS.encode()
        vars(server).update(fields)
        pair = f"127.0.0.1:{server.server_port}"
        server.url = f"http://{pair}/feed.xml"
        settings.WAGTAIL_MEDBORGARE_FEED_SOURCES += (f"http://{pair}",)
        settings.WAGTAIL_MEDBORGARE_FEED_LOOPBACK += (pair,)
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        servers.append((server, thread))
        return server

    settings.WAGTAIL_MEDBORGARE_FEED_SOURCES = ()
    settings.WAGTAIL_MEDBORGARE_FEED_LOOPBACK = ()
    settings.WAGTAIL_MEDBORGARE_FEED_DEADLINE_SECONDS = BUDGET
    cache.clear()
    yield make
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def source(make_source: Any) -> Any:
    return make_source()


def titles(url: str) -> list[str] | None:
    """The titles of what is known of a feed; None where it has never answered."""
    entries = reading.read_feeds([url])[url].entries
    return None if entries is None else [entry.title for entry in entries]


def seconds_of(do: Any) -> float:
    start = time.monotonic()
    do()
    return time.monotonic() - start


# --- The three formats ---


def test_rss_is_read():
    first, second = parse_feed(RSS.encode(), base_url="https://b.example.se/rss")

    assert (first.title, first.url) == (
        "Sagostund på lördag",
        "https://b.example.se/sagostund",
    )
    assert first.published == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert (second.url, second.published) == ("https://b.example.se/nya", None)


def test_atom_is_read():
    (entry,) = parse_feed(ATOM.encode(), base_url="https://b.example.se/")

    assert entry.url == "https://b.example.se/helg"
    assert entry.published == datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_json_feed_is_read():
    data = json.dumps(JSON_FEED).encode()
    first, second = parse_feed(data, base_url="https://s.example.se/feed.json")

    assert (first.title, first.url) == ("Höstlov", "https://s.example.se/host")
    assert (second.title, second.url) == ("Utan rubrik", "")


@pytest.mark.parametrize(
    "declared", ["ISO-8859-1", "windows-1252", "nonsense", "utf-8"]
)
@pytest.mark.parametrize("written", ["latin-1", "utf-8"])
def test_a_wrong_declaration_of_the_encoding_spoils_nothing(declared, written):
    text = RSS.replace('encoding="utf-8"', f'encoding="{declared}"')
    first, _second = parse_feed(text.encode(written), base_url="https://b.example.se/")

    assert first.title == "Sagostund på lördag"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9)
    )
    + "]><rss><channel><item><title>&j;</title></item></channel></rss>"
)
FILE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<rss><channel><item><title>&x;</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB,
        FILE,
        "",
        "<html><body>Logga in</body></html>",
        "<rss><channel>",
        "not a feed",
        "{}",
        '{"version": "https://jsonfeed.org/version/1.1"}',
        '{"version": "https://jsonfeed.org/version/1.1", "items": [NaN]}',
        '{"version": "https://jsonfeed.org/version/1.1", "items": ["\\ud800"]}',
        "<rss>" + "<a>" * 50_000,
        "[" * 50_000,
        "<rss>\x00</rss>",
    ],
)
def test_what_is_no_feed_is_refused(body):
    start = time.monotonic()

    with pytest.raises(InvalidFeed):
        parse_feed(body.encode(), base_url="https://b.example.se/")

    # A tenth of a second, on a machine that has nothing else to do.
    assert time.monotonic() - start < 10


def item(title: str = "T", link: str = "") -> bytes:
    link = f"<link>{link}</link>"
    return f"<rss><channel><item><title>{title}</title>{link}</item></channel></rss>".encode()


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<![CDATA[<script>alert(1)</script>Nytt]]>", "Nytt"),
        ("&lt;img src=x onerror=alert(1)&gt;Nytt", "Nytt"),
        ("<b>Fet</b> text", "Fet text"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("a &lt; b", "a < b"),
        ("  två\n rader ", "två rader"),
        ("abc\u202etxt.exe", "abc txt.exe"),
        ("x" * 500, "x" * 199 + "…"),
    ],
)
def test_titles_are_plain_text(title, shown):
    (entry,) = parse_feed(item(title), base_url="https://b.example.se/")

    assert entry.title == shown


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.se",
        "ftp://b.example.se/",
        "https://user:secret@b.example.se/",
        "http://[",
    ],
)
def test_a_link_that_is_no_web_address_is_dropped(link):
    (entry,) = parse_feed(item(link=link), base_url="https://b.example.se/")

    assert (entry.title, entry.url) == ("T", "")


@pytest.mark.parametrize("text", ["yesterday", "0001-01-01", "9999-12-31", "99", ""])
def test_a_date_that_is_none_is_left_out(text):
    body = RSS.replace("Mon, 23 Nov 2026 08:00:00 +0100", text)

    assert parse_feed(body.encode(), base_url="")[0].published is None


def test_no_more_than_twenty_entries_are_kept():
    body = RSS.replace(
        "</channel>", "<item><title>x</title></item>" * 50 + "</channel>"
    )

    assert len(parse_feed(body.encode(), base_url="")) == 20


# --- Asking the source ---


def test_it_is_asked_once_while_the_answer_is_fresh(source, time_machine):
    time_machine.move_to("2026-11-23 10:00+01:00", tick=False)
    assert titles(source.url) == ["Sagostund på lördag", "Nya böcker"]
    time_machine.shift(299)
    titles(source.url)
    asked_while_fresh = len(source.asked)
    time_machine.shift(2)
    titles(source.url)

    assert asked_while_fresh == 1
    assert len(source.asked) == 2


def test_the_last_good_answer_stands_in_for_a_source_that_fails(source, time_machine):
    time_machine.move_to("2026-11-23 10:00+01:00", tick=False)
    titles(source.url)
    source.status = 500
    time_machine.shift(301)

    kept = reading.read_feeds([source.url])[source.url]

    assert len(kept.entries or ()) == 2
    assert not kept.is_current
    assert datetime.fromtimestamp(kept.fetched_at, UTC).hour == 9


def test_a_source_that_fails_is_left_in_peace_for_a_while(source, time_machine):
    time_machine.move_to("2026-11-23 10:00+01:00", tick=False)
    source.status = 404
    for _ in range(5):
        assert titles(source.url) is None
    assert len(source.asked) == 1
    source.status = 200
    time_machine.shift(reading.RETRY_SECONDS + 1)

    assert titles(source.url) is not None


def test_an_answer_is_not_shown_for_ever(source, time_machine, settings):
    time_machine.move_to("2026-11-23 10:00+01:00", tick=False)
    titles(source.url)
    source.status = 500
    for _ in range(26):
        time_machine.shift(3600)
        known = titles(source.url)

    assert known is None


def test_an_answer_about_to_be_too_old_is_forgotten_and_the_source_left_in_peace(
    source, time_machine
):
    time_machine.move_to("2026-11-23 10:00+01:00", tick=False)
    titles(source.url)
    source.status = 500
    time_machine.shift(reading.KEPT_SECONDS - reading.RETRY_SECONDS + 1)
    titles(source.url)

    assert titles(source.url) is None
    assert len(source.asked) == 2


def test_with_hardly_any_time_left_no_source_is_asked(source, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(reading, "SHORTEST_CALL_SECONDS", BUDGET + 1)
        assert titles(source.url) is None
    assert source.asked == []

    assert titles(source.url) is not None


def test_a_mistyped_setting_is_logged_and_nothing_is_asked(source, settings, caplog):
    settings.WAGTAIL_MEDBORGARE_FEED_SOURCES += ("b.example.se",)

    assert titles(source.url) is None
    assert "a setting of the feeds is wrong" in caplog.text
    assert source.asked == []


@pytest.mark.parametrize(
    "fields",
    [
        {"pause": 3},
        {"drip": 0.05},
        {"body": b"x" * 600_000},
        {"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}},
        {"status": 503},
        {"headers": {"Content-Type": "text/html"}},
        {"headers": {"Content-Type": "text/xml", "Content-Encoding": "gzip"}},
        {"body": BOMB.encode()},
        {"body": b""},
    ],
    ids=lambda fields: "-".join(fields),
)
def test_a_hostile_source_costs_the_budget_and_no_more(make_source, fields):
    source = make_source(**fields)

    assert seconds_of(lambda: titles(source.url)) < BUDGET + SLACK
    assert titles(source.url) is None


def test_a_redirect_is_not_followed(make_source):
    other = make_source()
    source = make_source(status=302, headers={"Location": other.url})

    assert titles(source.url) is None
    assert other.asked == []


def test_an_address_that_is_not_allowed_is_not_asked(source, settings):
    settings.WAGTAIL_MEDBORGARE_FEED_SOURCES = ("https://b.example.se",)

    assert titles(source.url) is None
    assert source.asked == []


def test_many_slow_sources_share_one_budget(make_source):
    slow = [make_source(pause=3) for _ in range(10)]
    quick = make_source()
    urls = [quick.url, *(item.url for item in slow)]
    found: dict[str, Any] = {}

    taken = seconds_of(lambda: found.update(reading.read_feeds(urls)))

    assert taken < BUDGET + SLACK
    assert len(found[quick.url].entries) == 2
    assert all(found[item.url].entries is None for item in slow)


def test_a_source_whose_turn_never_came_is_asked_by_the_next_page(make_source):
    slow = [make_source(pause=3) for _ in range(reading.MOST_AT_ONCE)]
    last = make_source()
    urls = [*(item.url for item in slow), last.url]

    first = reading.read_feeds(urls)[last.url]
    second = reading.read_feeds(urls)[last.url]

    assert first.entries is None
    assert len(second.entries or ()) == 2


def test_a_dead_cache_costs_the_memory_and_nothing_else(source, monkeypatch):
    class Dead:
        def __getattr__(self, name: str) -> Any:
            raise OSError("gone")

    monkeypatch.setattr(reading, "caches", {"default": Dead()})
    monkeypatch.setattr(reading, "_circuit", reading.Circuit(30))

    assert titles(source.url) == ["Sagostund på lördag", "Nya böcker"]


def test_the_log_tells_that_a_feed_is_broken_and_not_where_it_is(make_source, caplog):
    source = make_source(body=b"<rss>")
    caplog.set_level(logging.INFO)
    titles(source.url)

    assert "is not shown" in caplog.text
    assert source.url not in caplog.text


# --- On My services ---


@pytest.fixture
def page(settings: Any) -> Any:
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "memory"
    return make_my_services(make_home())


@pytest.mark.django_db
def test_a_feed_stands_on_my_services(visitor, page, source):
    make_module("Nytt", kind="feed", feed_url=source.url, feed_limit=1)

    text = visitor.get(PATH).text

    assert "Sagostund på lördag</a>" in text
    assert '<time datetime="2026-11-23T08:00:00+01:00">' in text
    assert "Nya böcker" not in text


@pytest.mark.django_db
def test_the_source_learns_nothing_of_the_visitor(visitor, page, source, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 0
    child = make_situation("Få barn")
    make_module("Nytt", kind="feed", feed_url=source.url, situations=[child])
    visitor.choose(child)

    visitor.get(
        f"{PATH}?q=hemlig",
        headers={"User-Agent": "browser", "Accept-Language": "sv", "Referer": "x"},
        REMOTE_ADDR="203.0.113.9",
    )

    ((path, headers),) = source.asked
    assert path == "/feed.xml"
    assert headers.keys() == {
        "Host", "User-Agent", "Accept", "Accept-Encoding", "Connection",
    }  # fmt: skip
    assert headers["User-Agent"] == "wagtail-medborgare"


@pytest.mark.django_db
def test_a_silent_source_never_delays_the_page_past_the_budget(
    visitor, page, make_source
):
    make_module("Allt annat", text="<p>Finns här</p>")
    for _ in range(4):
        make_module(kind="feed", feed_url=make_source(pause=5).url)
    visitor.get("/")

    taken = seconds_of(lambda: visitor.get(PATH))

    assert taken < BUDGET + 2 * SLACK
    assert "Finns här" in visitor.get(PATH).text


@pytest.mark.django_db
def test_it_is_told_how_old_the_news_is(visitor, page, source, time_machine):
    time_machine.move_to("2026-11-23 10:42+01:00", tick=False)
    make_module("Nytt", kind="feed", feed_url=source.url)
    fresh = visitor.get(PATH).text
    source.status = 503
    time_machine.shift(600)
    old = visitor.get(PATH).text

    assert "10:42" not in fresh
    assert "10:42" in old
    assert "Sagostund" in old


@pytest.mark.django_db
def test_a_page_is_not_kept_longer_than_its_feed_is_fresh(
    visitor, page, source, time_machine
):
    time_machine.move_to("2026-11-23 10:00+01:00", tick=False)
    make_module("Nytt", kind="feed", feed_url=source.url)
    visitor.get(PATH)
    time_machine.shift(290)
    with CaptureQueriesContext(connection) as queries:
        visitor.get(PATH)
    source.body = RSS.replace("Sagostund", "Teater").encode()
    time_machine.shift(20)
    renewed = visitor.get(PATH).text

    assert len(queries) == 0
    assert "Teater på lördag" in renewed


@pytest.mark.django_db
def test_a_page_with_a_silent_feed_is_tried_again_soon(
    visitor, page, source, time_machine
):
    time_machine.move_to("2026-11-23 10:00+01:00", tick=False)
    source.status = 503
    make_module("Nytt", kind="feed", feed_url=source.url)
    visitor.get(PATH)
    source.status = 200
    time_machine.shift(reading.RETRY_SECONDS + 1)

    assert "Sagostund" in visitor.get(PATH).text


@pytest.mark.django_db
def test_scripts_in_a_feed_do_not_reach_the_page(visitor, page, make_source):
    body = item("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;")
    make_module("N", kind="feed", feed_url=make_source(body=body).url)

    text = visitor.get(PATH).text

    assert "<script>alert" not in text
