"""Whatever is sent to a public address, the answer is no error, and it is quick (T12).

``FUZZ_EXAMPLES`` is the number of requests, 1,500 without it; 200,000 take some hours.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from conftest import VisitorClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from security.table import public_visits
from security.urlconf import ENDPOINTS
from security.world import World

pytestmark = [
    pytest.mark.django_db,
    # What is sent is meant to be large.
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
    # So does Python, about what a strange charset makes of it.
    pytest.mark.filterwarnings("ignore:.*invalid (escape|octal):DeprecationWarning"),
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1500"))
SLOWEST = 1.0

fuzzing = settings(
    # The long run looks further; the short one is the same each time.
    derandomize=EXAMPLES <= 1500,
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)

# As bytes: half a pair of surrogates and wrong UTF-8 are nothing that text can hold.
HOSTILE = [
    b"", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xed\xb0\x80a", b"\xff\xfe", b"\xc0\xaf",
    "\u202eabc\u202c".encode(), "\u2066\u2069".encode(), "e\u0301".encode(), "ﷺ".encode(),
    "İı".encode(), "١٢٣".encode(), "²".encode(), "①".encode(), "𝟗".encode(), "\ufeff".encode(),
    "\U000e0041\U0001f600".encode(), b"1" * 19, b"9" * 20, b"9" * 5000, b"-1", b"-0", b"1e9",
    b"0x1", b"1_0", b" 1 ", b"+1", b"NaN", b"Infinity", b"1.5", b"null", b"[]", b"{}",
    b"a" * 100_000, "å".encode() * 50_000, b"%" * 1000, b"'\"><script>", b"' OR 1=1 --",
    b"{{ 7*7 }}", b"{% debug %}", b"../../etc/passwd", b"\r\nSet-Cookie: a=b", b"*", b"a*",
    b"NEAR(", b"a AND", b"\"", b"\\", b"(" * 500, b"a:b:c", b"|" * 50, b"&!|", b"-a -b",
    b"<->", b"a " * 1000, b"fa-barn", b"skulder", b"service", b"forskola", b"1", b"2", b"last",
]  # fmt: skip
NAMES = [
    b"situation", b"remember", b"kind", b"key", b"q", b"p", b"unit", b"situation[]",
    b"situation[0]", b"key[]", b"key[$ne]", b"__proto__", b"csrfmiddlewaretoken", b"next",
    b"mode", b"preview", b"fields", b"html_path", b"",
]  # fmt: skip
LANGUAGES = [
    "sv", "en;q=0.5, fi", "*", ";", "q=", "sv;q=nan", "sv;q=1e309", "-", "sv-" * 200,
    "a" * 100_000, ",".join(["sv"] * 30_000), "sv_SE.UTF-8", "zh-hans-cn", "\u00e5", "x" * 499,
    "../../sv", "sv\x00", "%00", "i-klingon", "sv;q=-1", "sv,,,,en",
]  # fmt: skip
# Names of codecs that are no charsets ("hex") make Django itself fail, before any code of a
# site runs.
CHARSETS = ["", "utf-8", "utf-7", "utf-16", "unicode_escape", "no-such", "cp037"]

value = st.one_of(
    st.sampled_from(HOSTILE),
    st.binary(max_size=60),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.integers(-(10**20), 10**20).map(lambda number: str(number).encode()),
)
field = st.tuples(
    st.one_of(st.sampled_from(NAMES), st.sampled_from(HOSTILE), st.binary(max_size=10)),
    value,
)
fields = st.one_of(
    st.lists(field, max_size=8),
    # More fields than Django reads, and as many as it does: small ones, to be quick.
    st.tuples(
        st.tuples(st.sampled_from(NAMES), st.sampled_from([b"1", b"fa-barn", b""])),
        st.sampled_from([999, 1000, 1001, 3000]),
    ).map(lambda drawn: [drawn[0]] * drawn[1]),
)


def encoded(drawn: list[tuple[bytes, bytes]]) -> bytes:
    pairs = [f"{quote_from_bytes(key)}={quote_from_bytes(text)}" for key, text in drawn]
    return "&".join(pairs).encode()


def multipart(drawn: list[tuple[bytes, bytes]]) -> bytes:
    parts = [
        b'--B\r\nContent-Disposition: form-data; name="' + key + b'"\r\n\r\n' + text
        for key, text in drawn
    ]
    return b"\r\n".join([*parts, b"--B--", b""])


header_text = st.one_of(
    st.sampled_from([item.decode("latin-1") for item in HOSTILE if len(item) < 70_000]),
    st.text(st.characters(max_codepoint=255), max_size=80),
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "HTTP_ACCEPT_LANGUAGE": st.one_of(st.sampled_from(LANGUAGES), header_text),
        "HTTP_REFERER": header_text.map(lambda text: f"https://testserver/{text}"),
        "HTTP_COOKIE": header_text.map(
            lambda text: f"__Host-mb-visit={text}; __Host-mb-device={text[::-1]}"
        ),
        "HTTP_HOST": st.sampled_from(["testserver", "[", "a,b", "\u00e5", "a" * 300, "x:99999"]),
        "HTTP_SEC_FETCH_SITE": st.sampled_from(["same-origin", "cross-site", "", "\x00"]),
        "HTTP_ORIGIN": st.one_of(st.just("https://testserver"), header_text),
        "HTTP_USER_AGENT": header_text,
        "HTTP_IF_NONE_MATCH": header_text,
        "HTTP_IF_MODIFIED_SINCE": header_text,
        "HTTP_RANGE": header_text,
        "HTTP_X_FORWARDED_FOR": header_text,
        "HTTP_X_REQUESTED_WITH": header_text,
        "HTTP_X_HTTP_METHOD_OVERRIDE": st.sampled_from(["PUT", "DELETE"]),
    },
)  # fmt: skip


class Complaints(logging.Handler):
    """Keep every record that somebody would be woken for."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        # That is Django saying that it refused a request: the answer is 400.
        if not record.name.startswith("django.security"):
            self.records.append(record.getMessage())


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    handler = Complaints()
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler.records
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture
def client() -> VisitorClient:
    return VisitorClient(raise_request_exception=False)


def check(client: VisitorClient, method: str, path: bytes, **environ: Any) -> int:
    """Send one request, as bytes on the wire; answer with its status."""
    environ = {
        "PATH_INFO": path.decode("latin-1"),
        "wsgi.url_scheme": "https",
        **environ,
    }
    body, kind = environ.pop("body", b""), environ.pop("kind", "")
    seconds, times = SLOWEST, 0
    # Somebody else's work on the machine is not repeated; our own slowness is.
    while seconds >= SLOWEST and times < 3:
        started = time.process_time()
        response = client.generic(method, "/", body, kind, **environ)
        seconds, times = time.process_time() - started, times + 1
        assert response.status_code < 500, (method, path[:80], response.status_code)
    assert seconds < SLOWEST, (method, path[:80], seconds)
    return int(response.status_code)


def every_path(world: World) -> list[bytes]:
    return sorted(
        {
            visit.path.partition("?")[0].encode()
            for visits in public_visits(world).values()
            for visit in visits
        }
    )


def test_no_request_whatsoever_is_an_error(world, client, complaints):
    paths = every_path(world)
    statuses: dict[int, int] = {}

    @fuzzing
    @given(
        path=st.sampled_from(paths),
        tail=st.tuples(st.integers(0, 3), value).map(lambda drawn: b"" if drawn[0] else drawn[1][:300]),
        method=st.sampled_from(["GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "FOO"]),
        query=fields,
        form=fields,
        is_multipart=st.booleans(),
        charset=st.sampled_from(CHARSETS),
        sent=headers,
    )  # fmt: skip
    def run(path, tail, method, query, form, is_multipart, charset, sent):
        kind = (
            "multipart/form-data; boundary=B"
            if is_multipart
            else "application/x-www-form-urlencoded"
        )
        if len(query) > 1000:
            # Django fails on that by itself, while it makes the request: no code of a
            # site has run yet.
            charset = ""
        environ = {
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "QUERY_STRING": encoded(query).decode("ascii"),
            "kind": f"{kind}; charset={charset}" if charset else kind,
            "body": multipart(form) if is_multipart else encoded(form),
            **sent,
        }  # fmt: skip
        status = check(client, method, path + tail, **environ)
        statuses[status] = statuses.get(status, 0) + 1

    run()

    print(f"T12: {sum(statuses.values())} requests, {statuses}")
    # Else everything could have been refused at the door.
    assert statuses[200] + statuses.get(303, 0) > 20
    assert complaints == []


def test_each_hostile_value_in_each_field_is_no_error(world, client, complaints):
    pages = (b"/", b"/tjanster/", b"/mina-tjanster/", b"/medborgare/choices/")
    for text in HOSTILE:
        form = encoded([(name, text) for name in NAMES])
        for path in pages:
            check(client, "GET", path, QUERY_STRING=form[:60_000].decode("ascii"))
        for name in ENDPOINTS:
            status = check(
                client,
                "POST",
                f"/medborgare/{name}/".encode(),
                HTTP_SEC_FETCH_SITE="same-origin",
                body=form,
                kind="application/x-www-form-urlencoded",
            )
            is_too_big = len(form) > 2_500_000  # To read: leaving does not read it.
            assert status in ({303, 400} if is_too_big else {303, 404, 409})

    assert complaints == []


def test_each_odd_language_is_no_error(world, client, complaints):
    for language in LANGUAGES:
        for path in (b"/", b"/mina-tjanster/", b"/tjanster/", b"/medborgare/choices/"):
            assert check(client, "GET", path, HTTP_ACCEPT_LANGUAGE=language) == 200

    assert complaints == []
