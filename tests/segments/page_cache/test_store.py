"""A cache that is slow, empty, gone or crowded costs time, and never an error."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import VisitorClient
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.http import HttpResponse
from factories import make_home, make_notice, make_situation
from wagtail import hooks

from wagtail_medborgare.segments.page_cache.store import store

REDIS = shutil.which("redis-server") or shutil.which("valkey-server")
TEXT = [{"type": "text", "value": "Hej"}]


class BrokenCache(LocMemCache):
    """Fails at every call."""

    calls = 0

    def get(self, *args: Any, **kwargs: Any) -> Any:
        type(self).calls += 1
        raise ConnectionError

    add = set = get_many = set_many = delete = get  # type: ignore[assignment]


@pytest.fixture
def home(db: None) -> Any:
    return make_home(body=TEXT)


@pytest.fixture
def broken(home, settings, monkeypatch) -> type[BrokenCache]:
    settings.CACHES = {
        **settings.CACHES,
        "pages": {"BACKEND": "broken_cache.BrokenCache", "LOCATION": "broken"},
    }
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "pages"
    BrokenCache.calls = 0
    # Imported by path, the module has no name that Django could import it by.
    monkeypatch.setitem(sys.modules, "broken_cache", sys.modules[__name__])
    return BrokenCache


@pytest.mark.django_db
def test_a_cache_that_fails_is_asked_once_and_then_left_in_peace(visitor, broken):
    answers = [visitor.get("/").status_code for _ in range(5)]

    assert answers == [200] * 5
    assert broken.calls == 1


@pytest.mark.django_db
def test_it_is_asked_again_after_a_while(visitor, broken, monkeypatch):
    monkeypatch.setattr(store._circuit, "_seconds", 0.01)

    for _ in range(3):
        visitor.get("/")
        time.sleep(0.02)

    assert broken.calls == 3


@pytest.mark.django_db
def test_a_wrong_alias_is_a_miss(visitor, settings):
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "nowhere"
    make_home(body=TEXT)

    assert visitor.get("/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["rubbish", 1, {"a": 1}, None])
def test_something_else_under_our_names_is_a_miss(visitor, memory, value):
    make_home(body=TEXT)
    visitor.get("/")
    names = [name.partition(":1:")[2] for name in list(memory._cache)]
    ours = [name for name in names if name.startswith("medborgare.page")]
    for name in ours:
        memory.set(name, value)

    assert ours

    assert "Hej" in visitor.get("/").text


@pytest.mark.django_db
def test_a_cache_that_is_emptied_costs_a_rendering(visitor, renderings):
    make_home(body=TEXT)

    for _ in range(3):
        visitor.get("/")
        caches["default"].clear()

    assert len(renderings) == 3


def at_once(count: int, ask: Any) -> None:
    def run() -> None:
        try:
            ask()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def slowly(seconds: float, made: list[str]) -> Any:
    def around(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
            made.append(request.path)
            time.sleep(seconds)
            return HttpResponse("made")

        return inner

    return hooks.register_temporarily("on_serve_page", around, order=3000)


def test_a_stampede_renders_once(root):
    make_home(body=TEXT)
    made: list[str] = []
    answers: list[str] = []

    with slowly(0.3, made):
        at_once(20, lambda: answers.append(VisitorClient().get("/").text))

    assert answers == ["made"] * 20
    assert len(made) == 1


def test_nobody_waits_for_a_page_that_is_not_kept(root):
    make_home(body=TEXT)

    def never(serve: Any) -> Any:
        def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
            time.sleep(0.3)
            return HttpResponse("x", headers={"Cache-Control": "no-store"})

        return inner

    with hooks.register_temporarily("on_serve_page", never, order=3000):
        VisitorClient().get("/")
        before = time.monotonic()
        at_once(6, lambda: VisitorClient().get("/"))

    assert time.monotonic() - before < 1.5


def test_whoever_waits_in_vain_renders(root, monkeypatch):
    make_home(body=TEXT)
    monkeypatch.setattr(
        "wagtail_medborgare.segments.page_cache.middleware.PATIENCE_SECONDS", 0.05
    )
    made: list[str] = []

    with slowly(0.4, made):
        at_once(3, lambda: VisitorClient().get("/"))

    assert len(made) == 3


class Redis:
    """A server of our own, that can be stopped and killed."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [
                str(REDIS),
                *("--port", str(self.port), "--bind", "127.0.0.1", "--save", ""),
                *("--dir", str(folder)),
            ],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> None:
        self.send(signal.SIGCONT)
        self.process.kill()
        self.process.wait(5)


@pytest.fixture
def redis(tmp_path: Path, settings: Any) -> Iterator[Redis]:
    server = Redis(tmp_path)
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{server.port}/0",
            "OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1},
        },
    }
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE = "pages"
    yield server
    server.end()


def seconds_of(visitor: Any) -> float:
    before = time.perf_counter()
    response = visitor.get("/")
    assert response.status_code == 200
    assert "Stöd" in response.text
    return time.perf_counter() - before


@pytest.mark.skipif(REDIS is None, reason="no redis-server on this machine")
@pytest.mark.django_db
@pytest.mark.parametrize("harm", [signal.SIGKILL, signal.SIGSTOP])
def test_a_dead_or_hung_cache_costs_little_and_once(visitor, redis, settings, harm):
    child = make_situation("Barn")
    make_home(body=[make_notice("Stöd", child)])
    visitor.choose(child)
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 0
    normal = sorted(seconds_of(visitor) for _ in range(20))
    settings.WAGTAIL_MEDBORGARE_PAGE_CACHE_SECONDS = 600
    seconds_of(visitor)
    hits = [seconds_of(visitor) for _ in range(5)]

    redis.send(harm)
    first = seconds_of(visitor)
    later = sorted(seconds_of(visitor) for _ in range(20))

    print(f"normal {normal[10]:.4f} hit {min(hits):.4f} {first=:.4f} {later[10]=:.4f}")
    # T11b, with room for a busy machine: 150 ms, and 5 ms.
    assert first <= normal[10] + 0.15 + 0.1
    assert later[10] <= normal[10] + 0.005 + normal[10]


@pytest.mark.skipif(REDIS is None, reason="no redis-server on this machine")
@pytest.mark.django_db
def test_a_cache_that_is_flushed_all_the_time_never_shows_a_wrong_page(
    visitor, other_visitor, redis
):
    child = make_situation("Barn")
    make_home(body=[make_notice("Stöd", child)])
    visitor.choose(child)
    for number in range(60):
        if number % 3 == 0:
            caches["pages"].clear()
        assert "Stöd" in visitor.get("/").text
        assert "Stöd" not in other_visitor.get("/").text


@pytest.mark.django_db
def test_whoever_waits_is_given_what_another_has_made(
    visitor, other_visitor, renderings, monkeypatch
):
    make_home(body=TEXT)
    take_turn, taken = store.take_turn, []

    def taken_by_another(name: str) -> bool:
        taken.append(name)
        take_turn(name)
        return False

    monkeypatch.setattr(store, "take_turn", taken_by_another)

    def the_other_ends(seconds: float) -> None:
        monkeypatch.setattr(store, "take_turn", take_turn)
        store.end_turn(taken[0])
        other_visitor.get("/")

    monkeypatch.setattr("time.sleep", the_other_ends)

    assert "Hej" in visitor.get("/").text
    assert len(renderings) == 1


@pytest.mark.django_db
def test_a_page_that_was_not_kept_may_be_kept_later(visitor, renderings):
    make_home(body=TEXT)
    with hooks.register_temporarily("on_serve_page", _never_kept, order=3000):
        visitor.get("/")

    assert [renderings.of(visitor, "/") for _ in range(2)] == [1, 0]


def _never_kept(serve: Any) -> Any:
    def inner(page: Any, request: Any, args: Any, kwargs: Any) -> Any:
        return HttpResponse("x", headers={"Cache-Control": "no-store"})

    return inner


@pytest.mark.django_db
def test_uses_of_very_many_bodies_are_not_remembered_for_ever(visitor, monkeypatch):
    make_home(body=TEXT)
    visitor.get("/")
    monkeypatch.setattr(
        "wagtail_medborgare.segments.page_cache.store._MOST_REMEMBERED_USES", 0
    )

    visitor.get("/")

    assert not store._used


@pytest.mark.django_db
def test_a_cache_that_goes_away_while_a_page_is_made_costs_its_storing(
    visitor, renderings, monkeypatch
):
    make_home(body=TEXT)
    looks = iter([store.look("x"), None])
    monkeypatch.setattr(store, "look", lambda page: next(looks))

    assert "Hej" in visitor.get("/").text
    assert next(looks, "asked twice") == "asked twice"
