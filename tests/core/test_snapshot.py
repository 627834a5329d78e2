"""Snapshots are renewed when they must be, and by one thread at a time."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from factories import make_situation

from wagtail_medborgare.core.models import Stamp
from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.core.stamps import stamps
from wagtail_medborgare.situations.snapshot import situations


@pytest.fixture
def counted():
    loads = []

    def load() -> int:
        loads.append(1)
        return len(loads)

    return Snapshot("counted", load)


@pytest.mark.django_db
def test_a_snapshot_is_loaded_once(counted):
    assert [counted.get() for _ in range(3)] == [1, 1, 1]


@pytest.mark.django_db
def test_a_change_in_this_process_is_seen_at_once(counted):
    counted.get()

    counted.renew()

    assert counted.get() == 2


@pytest.mark.django_db
def test_a_change_elsewhere_is_seen_after_the_interval(counted, settings):
    settings.WAGTAIL_MEDBORGARE_SNAPSHOT_SECONDS = 0.05
    counted.get()

    Stamp.objects.renew("counted")  # As another process does it.
    time.sleep(0.06)

    assert counted.get() == 2


@pytest.mark.django_db
def test_an_unchanged_stamp_costs_one_query_and_no_loading(counted, settings):
    settings.WAGTAIL_MEDBORGARE_SNAPSHOT_SECONDS = 0.0
    counted.get()

    with CaptureQueriesContext(connection) as queries:
        counted.get()

    assert len(queries) == 1
    assert counted.get() == 1


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_is_not_kept():
    situations.get()

    try:
        with transaction.atomic():
            make_situation("Never")
            seen = [item.name for item in situations.get().all]
            raise RuntimeError
    except RuntimeError:
        pass

    stamps.forget()
    assert seen == ["Never"]
    assert situations.get().all == ()


@pytest.mark.django_db(transaction=True)
def test_only_one_thread_loads_while_the_others_use_what_there_is(settings):
    settings.WAGTAIL_MEDBORGARE_SNAPSHOT_SECONDS = 0.0
    started, release = threading.Event(), threading.Event()
    loads: list[int] = []

    def load() -> int:
        loads.append(1)
        if len(loads) == 2:
            started.set()
            release.wait(5)
        return len(loads)

    snapshot = Snapshot("slow", load)
    snapshot.get()
    Stamp.objects.renew("slow")
    results: list[int] = []

    def read() -> None:
        results.append(snapshot.get())
        connection.close()

    loader = threading.Thread(target=read)
    loader.start()
    started.wait(5)
    reader = threading.Thread(target=read)
    reader.start()
    reader.join(5)
    release.set()
    loader.join(5)

    assert results == [1, 2]
    assert len(loads) == 2


@pytest.mark.django_db
def test_a_stamp_names_its_version():
    Stamp.objects.renew("x")

    assert str(Stamp.objects.get()).startswith("x ")
    assert stamps.version_of("unknown") == ""
