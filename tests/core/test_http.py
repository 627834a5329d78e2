import dataclasses
import ipaddress
import logging
import os
import re
import socket
import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.test import override_settings
from django.views.debug import ExceptionReporter

from wagtail_medborgare.core.http import (
    HttpCircuitOpen,
    HttpDeadlineExceeded,
    HttpError,
    HttpPolicy,
    HttpRefused,
    HttpStatusError,
    HttpTooLarge,
    HttpUnavailable,
    InvalidJson,
    close_circuit,
    fetch,
    parse_json,
)
from wagtail_medborgare.core.http.addresses import may_reach
from wagtail_medborgare.core.http.answers import read_retry_after
from wagtail_medborgare.core.http.policy import read_origin

CANARY = "19121212-1212"
OVERSHOOT = 0.4

# {p} is the port of an allowed line at 127.0.0.1: only its own spelling may reach it.
SPELLINGS = """
http://127.1:{p}/                       http://127.0.1:{p}/
http://2130706433:{p}/                  http://0x7f000001:{p}/
http://0x7f.0.0.1:{p}/                  http://0177.0.0.1:{p}/
http://017700000001:{p}/                http://127.0.0.1.:{p}/
http://127.000.000.001:{p}/             http://0:{p}/
http://0.0.0.0:{p}/                     http://[::]:{p}/
http://[::1]:{p}/                       http://[0:0:0:0:0:0:0:1]:{p}/
http://[::ffff:127.0.0.1]:{p}/          http://[::ffff:7f00:1]:{p}/
http://[64:ff9b::7f00:1]:{p}/           http://[2002:7f00:1::]:{p}/
http://localhost:{p}/                   http://LOCALHOST:{p}/
http://①②⑦.⓪.⓪.①:{p}/                   http://127。0。0。1:{p}/
http://127．0．0．1:{p}/                 http://%31%32%37.0.0.1:{p}/
http://127.0.0.1%00.example:{p}/        http://127.0.0.1.nip.io:{p}/
http://user@127.0.0.1:{p}/              http://user:word@127.0.0.1:{p}/
http://@127.0.0.1:{p}/                  http://127.0.0.1:{p}@127.0.0.2/
http://example.se#@127.0.0.1:{p}/       http://127.0.0.1:{p}#@example.se/
http://127.0.0.1:{p}\\@example.se/      http:\\\\127.0.0.1:{p}/
https://127.0.0.1:{p}/                  http://127.0.0.1/
http://127.0.0.1:99999/                 http://127.0.0.1:http/
http://127.0.0.1:-1/                    http://127.0.0.1:{p}{p}/
ftp://127.0.0.1:{p}/                    gopher://127.0.0.1:{p}/_GET
file:///etc/passwd                      file://127.0.0.1:{p}/
//127.0.0.1:{p}/                        http:127.0.0.1:{p}
http:///127.0.0.1:{p}/                  http://[127.0.0.1]:{p}/
http://[127.0.0.1:{p}/                  http://169.254.169.254/latest/meta-data/
http://[fd00:ec2::254]/latest/          http://metadata.google.internal/
http://127.0.0.1:{p}/../admin           http://127.0.0.1:{p}/a/%2e%2E/admin
http://127.0.0.1:{p}/å                  http://:{p}/
"""
WITH_BLANKS = [
    "http://127.0.0.1\t:{p}/",
    " http://127.0.0.1:{p}/",
    "http://127.0.0.1:{p}/ HTTP/1.1\r\nHost: x",
    "http://127.0.0.1:{p}/a\x00b",
    "",
]
# Hosts that a policy names as allowed, and whose addresses it may still not reach.
NEVER = """
0.0.0.0 0 0.1.2.3 [::] 169.254.169.254 2852039166 0xa9fea9fe 169.254.1.1 [fe80::1]
224.0.0.1 [ff02::1] 255.255.255.255 240.0.0.1 100.100.100.200 168.63.129.16
[fd00:ec2::254] [fec0::1] [::ffff:169.254.169.254] [64:ff9b::a9fe:a9fe]
[2002:a9fe:a9fe::] [::ffff:0.0.0.0] [::127.0.0.1] [64:ff9b:1::7f00:1] [4000::1]
127.0.0.1 127.1 127.8.8.8 2130706433 0x7f000001 0177.0.0.1 localhost [::1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::]
"""
UNLESS_NAMED = """
10.0.0.1 172.16.0.1 192.168.1.1 100.64.0.1 192.0.2.1 198.18.0.1 [fc00::1] [2001:db8::1]
[::ffff:10.0.0.1] [64:ff9b::a00:1] [2002:a00:1::] 167772161
"""


def policy_for(*lines, **changes):
    values = {
        "name": f"test-{uuid4().hex[:8]}",
        "allowed": tuple(line.origin for line in lines),
        "loopback": tuple(line.pair for line in lines),
        "deadline": 2.0,
        **changes,
    }
    return HttpPolicy(**values)


def get(policy, line=None, path="/cases/1", **kwargs):
    url = (line.origin if line else policy.allowed[0]) + path
    return fetch(policy, url, path_template="/cases/{id}", **kwargs)


def failure_of(policy, line=None, **kwargs):
    with pytest.raises(HttpError) as caught:
        get(policy, line, **kwargs)
    return caught.value


def threads_left():
    return [one for one in threading.enumerate() if one.name == "medborgare-http"]


def wait_until(condition, seconds=2.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def resolve_to(monkeypatch, *addresses, port=443):
    """Answer every question to the resolver with these addresses, and count them."""
    questions = []

    def getaddrinfo(host, *args, **kwargs):
        questions.append(host)
        return [(socket.AF_INET, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return questions


def run_python(code, *arguments):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=10
    )


# What is sent and what comes back


def test_answer_carries_status_type_charset_and_body(hostile):
    line = hostile("well")

    answer = get(policy_for(line))

    assert (answer.status, answer.content_type) == (200, "application/json")
    assert parse_json(answer.body, charset=answer.charset) == {"case": 1}
    assert 0 < answer.seconds < 1
    assert "case" not in repr(answer)


def test_answer_without_body_needs_no_content_type(hostile):
    assert get(policy_for(hostile("empty")), method="DELETE").body == b""


def test_request_asks_for_identity_and_brings_body_and_headers(hostile):
    line = hostile("well")

    get(policy_for(line), method="POST", body=b"abc", headers={"X-Trace": "1"})

    (head,) = line.requests
    assert head.startswith(b"POST /cases/1 HTTP/1.1\r\n")
    for wanted in (b"Accept-Encoding: identity", b"X-Trace: 1", b"Content-Length: 3"):
        assert head.count(b"\r\n" + wanted + b"\r\n") == 1
    assert f"Host: {line.pair}".encode() in head


def test_environment_proxies_and_netrc_are_not_obeyed(hostile, monkeypatch, tmp_path):
    line, proxy = hostile("well"), hostile("well")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.origin)
    monkeypatch.setenv("NETRC", str(netrc))

    get(policy_for(line))

    assert proxy.connections == 0
    assert b"Authorization" not in line.requests[0]


def test_cookies_are_not_kept(hostile):
    line = hostile("cookie")
    policy = policy_for(line)

    get(policy)
    get(policy)

    assert all(b"Cookie" not in head for head in line.requests)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "a=b"},
        {"HOST": "other.example"},
        {"Accept-Encoding": "gzip"},
        {"Transfer-Encoding": "chunked"},
        {"X-Trace": "1\r\nHost: other.example"},
        {"X Trace": "1"},
    ],
)
def test_header_that_would_change_the_exchange_is_refused(hostile, headers):
    line = hostile("well")

    assert isinstance(failure_of(policy_for(line), headers=headers), HttpRefused)
    assert line.connections == 0


@pytest.mark.parametrize(
    "call",
    [{"method": "get"}, {"path_template": "cases"}, {"path_template": "/cases?a"}],
)
def test_wrong_call_is_a_value_error(hostile, call):
    policy = policy_for(hostile("well"))

    with pytest.raises(ValueError, match="not allowed"):
        fetch(policy, policy.allowed[0], **{"path_template": "/", **call})


def test_transport_may_be_replaced_in_the_tests_of_an_adapter():
    responses = pytest.importorskip("responses")
    policy = HttpPolicy(name="replaced", allowed=("https://cases.example.se",))

    with responses.RequestsMock() as mock:
        mock.get("https://cases.example.se/cases/1", json={"case": 1})
        assert parse_json(get(policy).body) == {"case": 1}
        mock.get("https://cases.example.se/cases/2", status=500)
        with pytest.raises(HttpUnavailable):
            get(policy, path="/cases/2")
        assert len(mock.calls) == 2


# Hostile answers


@pytest.mark.parametrize(
    ("mode", "expected", "status"),
    [
        ("error_500", HttpUnavailable, 500),
        ("busy_429", HttpUnavailable, 429),
        ("denied_401", HttpStatusError, 401),
        ("html_login", HttpRefused, 200),
        ("untyped", HttpRefused, 200),
        ("two_types", HttpRefused, 200),
        ("bomb", HttpRefused, 200),
        ("gzip_transfer", HttpRefused, 200),
        ("redirect", HttpRefused, 302),
        ("declared_10_mb", HttpTooLarge, 200),
        ("undeclared_10_mb", HttpTooLarge, 200),
        ("short_length", HttpUnavailable, None),
        ("broken_chunk", HttpUnavailable, None),
        ("reset", HttpUnavailable, None),
        ("not_http", HttpUnavailable, None),
        ("closes", HttpUnavailable, None),
        ("bad_header", HttpRefused, 200),
        ("endless_headers", HttpUnavailable, None),
    ],
)
def test_hostile_answer_becomes_one_of_our_errors(hostile, mode, expected, status):
    line = hostile(mode)

    error = failure_of(policy_for(line))

    assert isinstance(error, expected)
    assert error.status == status
    assert line.connections == 1
    wait_until(lambda: not threads_left())


def test_busy_system_says_when_to_come_back(hostile):
    assert failure_of(policy_for(hostile("busy_429"))).retry_after == 120.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("999999999", 86_400.0),
        ("Mon, 01 Jan 2024 00:00:00 GMT", 0.0),
        ("soon", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_read_within_bounds(value, seconds):
    assert read_retry_after(value) == seconds


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("declared_10_mb", "0 bytes"),
        ("bomb", "0 bytes"),
        ("html_login", "0 bytes"),
        ("redirect", "0 bytes"),
        ("undeclared_10_mb", "1000001 bytes"),
    ],
)
def test_no_more_is_read_than_the_refusal_needs(hostile, caplog, mode, expected):
    failure_of(policy_for(hostile(mode)))

    assert caplog.messages[-1].endswith(f", {expected}")


@pytest.mark.parametrize("path", ["/", "http://169.254.169.254/latest/meta-data/"])
def test_redirect_is_not_followed(hostile, connects, path):
    inner = hostile("well")
    target = inner.origin + path if path == "/" else path
    line = hostile("redirect", other=target)

    assert isinstance(failure_of(policy_for(line, inner), line), HttpRefused)
    assert inner.connections == 0
    assert connects == [("127.0.0.1", line.port)]


# One deadline over everything


@pytest.mark.parametrize(
    "mode",
    [
        "silent",
        "drip_body",
        "drip_headers",
        "stall",
        "endless_chunks",
        "endless_interim",
    ],
)
def test_deadline_counts_in_total_and_the_thread_ends(hostile, mode):
    line = hostile(mode)
    started = time.monotonic()

    error = failure_of(policy_for(line, deadline=0.5))

    assert isinstance(error, HttpDeadlineExceeded)
    assert 0.5 <= time.monotonic() - started < 0.5 + OVERSHOOT
    assert line.connections == 1
    wait_until(lambda: not threads_left(), 1.0)


def test_bytes_are_taken_as_they_come(hostile, caplog):
    failure_of(policy_for(hostile("drip_body"), deadline=0.5))

    assert re.search(r", [1-9] bytes$", caplog.messages[-1])


def test_slow_name_resolution_counts_and_keeps_its_slot(hostile, monkeypatch, connects):
    line = hostile("well")
    policy = policy_for(line, deadline=0.3, slots=1)
    asked, found = [], [(socket.AF_INET, 1, 6, "", ("127.0.0.1", line.port))]
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *args, **kw: asked.append(1) or time.sleep(1) or found,
    )
    started = time.monotonic()

    assert isinstance(failure_of(policy), HttpDeadlineExceeded)
    assert time.monotonic() - started < 0.3 + OVERSHOOT
    # The thread hangs in the resolver, where nothing can reach it, so the slot is taken.
    assert "slots" in failure_of(policy).reason
    wait_until(lambda: not threads_left())
    assert (len(asked), connects) == (1, [])


def test_full_connector_fails_within_the_deadline_and_leaves_others_alone(hostile):
    line, other = hostile("silent"), hostile("well")
    policy = policy_for(line, deadline=1.0, slots=1)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(failure_of, policy)
        wait_until(lambda: line.connections == 1)
        second = failure_of(dataclasses.replace(policy, deadline=0.2))
        assert get(policy_for(other)).status == 200

    assert (type(second), line.connections) == (HttpUnavailable, 1)
    assert isinstance(first.result(), HttpDeadlineExceeded)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_address_that_swallows_connections_counts(scheme):
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        pair = f"127.0.0.1:{server.getsockname()[1]}"
        policy = policy_for(
            allowed=(f"{scheme}://{pair}",), loopback=(pair,), deadline=0.3
        )
        # The first one fills the backlog, where nobody answers it; the second hangs
        # while it connects.
        errors = [failure_of(policy), failure_of(policy)]

    assert [type(error) for error in errors] == [HttpDeadlineExceeded] * 2
    wait_until(lambda: not threads_left(), 1.0)


def test_process_without_threads_to_spare_gives_the_slot_back(hostile, monkeypatch):
    policy = policy_for(hostile("well"), slots=1)

    def fail(thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        assert isinstance(failure_of(policy), HttpUnavailable)

    assert get(policy).status == 200


def test_hung_thread_does_not_keep_the_process_from_exiting():
    code = """
import socket, time
from django.conf import settings
settings.configure()
from wagtail_medborgare.core.http import HttpPolicy, HttpError, fetch
socket.getaddrinfo = lambda *args, **kwargs: time.sleep(60)
policy = HttpPolicy(name="hung", allowed=("https://a.example",), deadline=0.2)
try:
    fetch(policy, "https://a.example/", path_template="/")
except HttpError as error:
    print(type(error).__name__)
"""
    assert run_python(code).stdout == "HttpDeadlineExceeded\n"


# Retry


@pytest.mark.parametrize(("method", "attempts"), [("GET", 2), ("POST", 1)])
def test_only_a_get_tries_again_when_nothing_listens(
    closed_port, connects, method, attempts
):
    pair = f"127.0.0.1:{closed_port}"
    policy = policy_for(allowed=(f"http://{pair}",), loopback=(pair,))

    assert isinstance(failure_of(policy, method=method), HttpUnavailable)
    assert len(connects) == attempts


def test_no_second_attempt_without_time_for_it(closed_port, connects):
    pair = f"127.0.0.1:{closed_port}"
    policy = policy_for(allowed=(f"http://{pair}",), loopback=(pair,), deadline=0.08)

    assert isinstance(failure_of(policy), HttpUnavailable)
    assert len(connects) == 1


def test_name_that_cannot_be_resolved_is_asked_for_twice(monkeypatch):
    policy = policy_for(allowed=("https://cases.example.se",))
    asked = []

    def getaddrinfo(host, *args, **kwargs):
        asked.append(host)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    assert isinstance(failure_of(policy), HttpUnavailable)
    assert len(asked) == 2


def test_second_attempt_keeps_to_the_judged_addresses(
    closed_port, monkeypatch, connects
):
    pair = f"cases.example.se:{closed_port}"
    policy = policy_for(allowed=(f"http://{pair}",), loopback=(pair,))
    questions = resolve_to(monkeypatch, "127.0.0.1", port=closed_port)

    failure_of(policy)

    assert (len(questions), len(connects)) == (1, 2)


def test_second_attempt_of_a_get_is_answered(connects):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        pair = f"127.0.0.1:{listener.getsockname()[1]}"
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}"

        def listen_late():
            wait_until(lambda: connects)
            time.sleep(0.02)
            listener.listen()
            with listener.accept()[0] as connection:
                connection.recv(10_000)
                connection.sendall(answer)

        thread = threading.Thread(target=listen_late)
        thread.start()
        policy = policy_for(allowed=(f"http://{pair}",), loopback=(pair,))
        assert get(policy).body == b"{}"
        thread.join()
        assert len(connects) == 2


# Where a connector may go


@pytest.mark.parametrize("spelling", [*SPELLINGS.split(), *WITH_BLANKS])
def test_other_spelling_of_an_allowed_address_is_refused(hostile, connects, spelling):
    line = hostile("well")
    policy = policy_for(line)

    with pytest.raises(HttpRefused):
        fetch(policy, spelling.replace("{p}", str(line.port)), path_template="/")

    assert (connects, line.connections) == ([], 0)


@pytest.mark.parametrize("host", [*NEVER.split(), *UNLESS_NAMED.split()])
def test_forbidden_address_is_refused_even_if_its_name_is_allowed(
    hostile, connects, host
):
    line = hostile("well")
    networks = ("0.0.0.0/0", "::/0") if host in NEVER.split() else ()
    origin = f"https://{host}:{line.port}"
    policy = policy_for(allowed=(origin,), private_networks=networks)

    assert isinstance(failure_of(policy), HttpRefused | HttpUnavailable)
    assert (connects, line.connections) == ([], 0)


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("93.184.216.34", ()),
        ("2606:2800:220:1::1", ()),
        ("64:ff9b::5db8:d822", ()),
        ("::ffff:93.184.216.34", ()),
        ("10.20.3.4", ("10.20.0.0/16",)),
        ("64:ff9b::a14:304", ("10.20.0.0/16",)),
        ("fd12::1", ("fd12::/48",)),
    ],
)
def test_public_and_named_private_addresses_are_reached(address, networks):
    policy = policy_for(allowed=("https://a.example",), private_networks=networks)
    origin = read_origin("https://a.example")

    assert may_reach(policy, origin, ipaddress.ip_address(address))


def test_name_is_resolved_once_and_the_connection_keeps_to_it(
    hostile, monkeypatch, connects
):
    line = hostile("well")
    pair = f"cases.example.se:{line.port}"
    policy = policy_for(allowed=(f"http://{pair}",), loopback=(pair,))
    questions = resolve_to(monkeypatch, "127.0.0.1", port=line.port)

    get(policy)

    assert questions == ["cases.example.se"]
    assert connects == [("127.0.0.1", line.port)]
    assert f"Host: {pair}".encode() in line.requests[0]


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254"])
def test_one_forbidden_address_refuses_the_whole_name(monkeypatch, connects, address):
    policy = policy_for(allowed=("https://cases.example.se",))
    resolve_to(monkeypatch, "93.184.216.34", address)

    assert isinstance(failure_of(policy), HttpRefused)
    assert connects == []


def test_plain_http_reaches_loopback_only(monkeypatch, connects):
    pair = "cases.example.se:8080"
    policy = policy_for(allowed=(f"http://{pair}",), loopback=(pair,))
    resolve_to(monkeypatch, "93.184.216.34", port=8080)

    assert isinstance(failure_of(policy), HttpRefused)
    assert connects == []


def test_host_is_compared_in_lower_case_and_as_idna(monkeypatch):
    policy = policy_for(allowed=("https://Cases.Example.se", "https://malmö.example"))
    questions = resolve_to(monkeypatch, "10.0.0.1")

    for url in ("https://CASES.example.SE:443/", "https://xn--malm-8qa.example/"):
        with pytest.raises(HttpRefused, match="an address that is not allowed"):
            fetch(policy, url, path_template="/")

    assert questions == ["cases.example.se", "xn--malm-8qa.example"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a b"},
        {"allowed": ("https://a.example/path",)},
        {"allowed": ("https://a.example/",)},
        {"allowed": ("https://user@a.example",)},
        {"allowed": ("https://a.example:x",)},
        {"allowed": ("ftp://a.example",)},
        {"allowed": ("https://",)},
        {"allowed": "https://a.example"},
        {"allowed": ("http://a.example",)},
        {"loopback": ("127.0.0.1:x",)},
        {"private_networks": ("10.0.0.1/8",)},
        {"deadline": 0},
        {"slots": -1},
        {"open_seconds": 0.5},
        {"ca_bundle": ""},
    ],
)
def test_mistyped_policy_is_told_when_it_is_made(changes):
    with pytest.raises(ValueError):
        policy_for(**{"allowed": ("https://a.example",), **changes})


# TLS


def test_self_signed_certificate_is_refused_before_anything_is_sent(
    hostile, certificates
):
    line = hostile("well", tls=certificates.for_localhost)
    pair = f"localhost:{line.port}"
    policy = policy_for(allowed=(f"https://{pair}",), loopback=(pair,))

    error = failure_of(policy)

    assert (type(error), error.reason) == (HttpUnavailable, "TLS failed")
    assert line.requests == []


def test_certificate_and_server_name_are_those_of_the_host(hostile, certificates):
    line = hostile("well", tls=certificates.for_localhost)
    pair = f"localhost:{line.port}"
    policy = policy_for(
        allowed=(f"https://{pair}",),
        loopback=(pair,),
        ca_bundle=str(certificates.authority),
    )

    assert get(policy).status == 200
    assert line.server_names == ["localhost"]


def test_certificate_of_another_host_is_refused(hostile, certificates):
    line = hostile("well", tls=certificates.for_another_host)
    pair = f"localhost:{line.port}"
    policy = policy_for(
        allowed=(f"https://{pair}",),
        loopback=(pair,),
        ca_bundle=str(certificates.authority),
    )

    assert failure_of(policy).reason == "TLS failed"
    assert line.requests == []


def test_deadline_ends_a_silent_tls_connection(hostile, certificates):
    line = hostile("drip_body", tls=certificates.for_localhost)
    pair = f"localhost:{line.port}"
    policy = policy_for(
        allowed=(f"https://{pair}",),
        loopback=(pair,),
        ca_bundle=str(certificates.authority),
        deadline=0.5,
    )

    assert isinstance(failure_of(policy), HttpDeadlineExceeded)
    wait_until(lambda: not threads_left(), 1.0)


# Circuit


def test_circuit_opens_after_five_failures_in_a_row(hostile):
    bad, good = hostile("error_500"), hostile("well")
    policy = policy_for(bad, good)

    for _ in range(4):
        failure_of(policy, bad)
    get(policy, good)
    for _ in range(5):
        assert isinstance(failure_of(policy, bad), HttpUnavailable)

    assert isinstance(failure_of(policy, good), HttpCircuitOpen)
    assert (bad.connections, good.connections) == (9, 1)


def test_status_that_says_no_does_not_open_the_circuit(hostile):
    policy = policy_for(hostile("denied_401"), failures_to_open=1)

    for _ in range(3):
        assert isinstance(failure_of(policy), HttpStatusError)


def test_one_probe_asks_whether_the_system_is_back(hostile):
    line = hostile("error_500")
    policy = policy_for(line, failures_to_open=1, open_seconds=1, slots=8)
    failure_of(policy)
    time.sleep(1.1)

    with ThreadPoolExecutor(8) as pool:
        errors = list(pool.map(lambda _: failure_of(policy), range(8)))

    assert [type(error) for error in errors].count(HttpCircuitOpen) == 7
    assert line.connections == 2


def test_probe_that_succeeds_closes_the_circuit(hostile):
    bad, good = hostile("error_500"), hostile("well")
    policy = policy_for(bad, good, failures_to_open=1, open_seconds=1)
    failure_of(policy, bad)
    time.sleep(1.1)

    assert [get(policy, good).status for _ in range(3)] == [200] * 3


def test_circuit_may_be_closed_by_hand(hostile):
    bad, good = hostile("error_500"), hostile("well")
    policy = policy_for(bad, good, failures_to_open=1)
    failure_of(policy, bad)

    close_circuit(policy.name)

    assert get(policy, good).status == 200


@pytest.mark.parametrize("kind", ["broken", "dummy"])
def test_circuit_works_without_a_working_cache(hostile, tmp_path, caplog, kind):
    line = hostile("error_500")
    policy = policy_for(line, failures_to_open=2)
    blocker = tmp_path / "file"
    blocker.touch()
    backends = {"broken": "filebased.FileBasedCache", "dummy": "dummy.DummyCache"}
    backend = f"django.core.cache.backends.{backends[kind]}"
    caches = {"default": {"BACKEND": backend, "LOCATION": blocker / "inside"}}

    with override_settings(CACHES=caches):
        errors = [type(failure_of(policy)) for _ in range(4)]
    close_circuit(policy.name)  # makes the working cache be asked again

    assert errors == [HttpUnavailable] * 2 + [HttpCircuitOpen] * 2
    assert ("cache fails" in caplog.text) == (kind == "broken")
    assert line.connections == 2


def test_open_circuit_is_known_to_other_processes(hostile, tmp_path):
    line = hostile("error_500")
    policy = policy_for(line, failures_to_open=1)
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    code = f"""
import sys
from django.conf import settings
settings.configure(CACHES={{"default": {{"BACKEND": "{backend}", "LOCATION": sys.argv[1]}}}})
from wagtail_medborgare.core.http import HttpPolicy, HttpError, fetch
policy = {policy!r}
try:
    fetch(policy, policy.allowed[0], path_template="/")
except HttpError as error:
    print(type(error).__name__)
"""
    caches = {"default": {"BACKEND": backend, "LOCATION": tmp_path}}
    with override_settings(CACHES=caches):
        failure_of(dataclasses.replace(policy, failures_to_open=1))

    assert run_python(code, str(tmp_path)).stdout == "HttpCircuitOpen\n"
    assert line.connections == 1


# Log and errors


def test_each_call_logs_one_line(hostile, caplog):
    caplog.set_level(logging.DEBUG)
    policy = policy_for(hostile("well"))

    get(policy)

    pattern = (
        policy.name + r" GET /cases/\{id\}: answered, status 200, \d+ ms, 11 bytes"
    )
    assert [one.name for one in caplog.records] == ["wagtail_medborgare.core.http"]
    assert re.fullmatch(pattern, caplog.messages[0])


def everything_told(error):
    """What a log, an error tracker and Django's report would show of an error."""
    reporter = ExceptionReporter(None, type(error), error, error.__traceback__)
    frames = reporter.get_traceback_frames()
    inner = [one["vars"] for one in frames if one["filename"] != __file__]
    chain = "".join(traceback.format_exception(error))
    return f"{chain} {vars(error)} {error.__context__!r} {inner}"


@pytest.mark.parametrize(
    "mode", ["well", "error_500", "bad_header", "closes", "short_length", "redirect"]
)
def test_nothing_of_a_call_reaches_log_error_or_report(hostile, caplog, mode):
    caplog.set_level(logging.DEBUG)
    line = hostile(mode, other=f"http://x/{CANARY}")
    path = f"/cases/{CANARY}?who={CANARY}"
    secrets = {"headers": {"X-Who": CANARY}, "body": CANARY.encode()}
    told = ""

    try:
        get(policy_for(line), path=path, method="POST", **secrets)
    except HttpError as error:
        told = everything_told(error)

    assert CANARY not in caplog.text + told
    assert CANARY.encode() in line.requests[0]


def test_nothing_of_a_call_that_was_not_connected_is_told(closed_port, caplog):
    caplog.set_level(logging.DEBUG)
    pair = f"127.0.0.1:{closed_port}"
    policy = policy_for(allowed=(f"http://{pair}",), loopback=(pair,))

    error = failure_of(policy, path=f"/cases/{CANARY}", headers={"X-Who": CANARY})

    assert CANARY not in caplog.text + everything_told(error)


def test_error_names_connector_and_template(hostile):
    policy = policy_for(hostile("denied_401"))

    assert str(failure_of(policy)) == f"{policy.name} /cases/{{id}}: status 401"


# JSON


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        (b'{"a": [1, -2.5, null, true]}', None, {"a": [1, -2.5, None, True]}),
        ('"å"'.encode(), "UTF-8", "å"),
        ('"å"'.encode("iso-8859-1"), "iso-8859-1", "å"),
        (b"\xef\xbb\xbf{}", None, {}),
        (b'"\\ud83d\\ude00 [[[["', None, "😀 [[[["),
        (b"[" * 64 + b"]" * 64, None, ...),
        (b"9" * 4000, None, ...),
    ],
)
def test_strict_json_is_read(body, charset, expected):
    value = parse_json(body, charset=charset)

    assert expected is ... or value == expected


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "line 1 column 1"),
        (b'{"a": 1,\n "b" 2}', "line 2 column 6"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"[1e999]", "too large"),
        (b'{"a": 1, "a": 2}', "same key twice"),
        (b"[\n" + b"[" * 64, "deeper than 64 at line 2 column 64"),
        (b'{"a":' * 100_000, "deeper than 64"),
        (b"[" + b"9" * 4001 + b"]", "more than 4000 digits"),
        (b'"\\ud800"', "half a character"),
        (b'"\xff"', "at byte 1"),
        (b'"' + b'\\"' * 400_000, "not JSON"),
    ],
)
def test_other_json_is_refused_with_a_reason(body, reason):
    started = time.monotonic()

    with pytest.raises(InvalidJson, match=reason):
        parse_json(body)

    assert time.monotonic() - started < 1


def test_limit_of_the_interpreter_is_one_of_our_errors():
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(700)
    try:
        with pytest.raises(InvalidJson):
            parse_json(b"9" * 1000)
    finally:
        sys.set_int_max_str_digits(limit)


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "nonsense", "a\x00b", "idna"])
def test_unknown_charset_is_refused(charset):
    with pytest.raises(InvalidJson, match="charset"):
        parse_json(b"{}", charset=charset)


def test_json_error_does_not_hold_the_body():
    with pytest.raises(InvalidJson) as caught:
        parse_json(f'{{"who": "{CANARY}" oops'.encode())

    assert CANARY not in repr(vars(caught.value)) + repr(caught.value.__context__)
