"""The command, with files good and bad: what it says, and that it is all or nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from wagtail.models import ModelLogEntry, Revision

from wagtail_medborgare.services.importers.open_eplatform import OpenEPlatformImporter
from wagtail_medborgare.services.importing import import_feed
from wagtail_medborgare.services.models import Channel, Service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def flows(*numbers, host="e.example.se", **fields):
    return [
        {
            "ID": number,
            "FlowFamilyID": number,
            "Name": f"Tjänst {number}",
            "FlowFamilyURL": f"https://{host}/overview/{number}",
            "LongDescription": f"<p>Om tjänst {number}</p>",
            **fields,
        }
        for number in numbers
    ]


def encoded(entries):
    return json.dumps({"Flows": entries}, ensure_ascii=False).encode()


@pytest.fixture
def write(tmp_path):
    def write(data):
        path = tmp_path / "flows.json"
        path.write_bytes(data if isinstance(data, bytes) else encoded(data))
        return path

    return write


def run(path, *options, **kwargs):
    out, err = StringIO(), StringIO()
    call_command(
        "medborgare_import_services", path, *options, stdout=out, stderr=err, **kwargs
    )
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def refusal(path, *options):
    before = digest()
    with pytest.raises(CommandError) as caught:
        run(path, *options)
    assert digest() == before
    return str(caught.value)


def digest():
    rows = [
        list(model.objects.order_by("pk").values_list())
        for model in (Service, Channel, Revision, ModelLogEntry)
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_command_tells_progress_and_what_it_did(write):
    path = write(flows(*range(1, 251)))

    first, _errors = run(path)
    second, _errors = run(path)
    quiet, _errors = run(path, verbosity=0)

    assert first == [
        "250 of 250",
        "250 created, 0 changed, 0 kept as edited, 0 unchanged, 0 removed.",
    ]
    assert second[:-1] == ["100 of 250", "200 of 250", "250 of 250"]
    assert quiet == [
        "0 created, 0 changed, 0 kept as edited, 250 unchanged, 0 removed."
    ]


def test_command_names_what_was_kept_what_is_gone_and_what_is_wrong(write):
    run(write(flows(*range(1, 8))))
    service = Service.objects.get(source_key="1")
    service.name = "Vårt namn"
    service.save_revision().publish()
    entries = flows(*range(1, 7))
    entries[0]["Name"] = "Nytt namn"

    out, err = run(write([*entries, {"Name": "Utan familj"}]))

    assert "Kept as edited: Vårt namn" in out
    assert "Gone from the feed, unpublished: Tjänst 7" in out
    assert err == ["Entry 7 is skipped: it has no FlowFamilyID."]
    assert out[-1] == "0 created, 0 changed, 1 kept as edited, 5 unchanged, 1 removed."


def test_command_makes_drafts_on_request(write):
    run(write(flows(1)), "--draft")

    assert not Service.objects.get().live


def test_command_parts_platforms_by_source(write):
    run(write(flows(1, 2)))
    run(write(flows(1, host="intern.example.se")))
    run(write(flows(5)), "--source", "annan")

    assert sorted(Service.objects.values_list("source", "source_key")) == [
        ("annan", "5"),
        ("e.example.se", "1"),
        ("e.example.se", "2"),
        ("intern.example.se", "1"),
    ]


def test_command_refuses_a_great_loss_unless_it_is_allowed(write):
    run(write(flows(*range(1, 11))))

    message = refusal(write(flows(1)))
    assert message == (
        "9 of 10 services are missing in the feed. If that is right, run it again "
        "with --allow-loss. Nothing has been changed."
    )
    assert "10 of 10" in refusal(write([]))

    run(write(flows(1)), "--allow-loss")
    assert Service.objects.filter(live=True).count() == 1


def test_latin_1_and_utf_8_are_the_same_feed(write):
    data = encoded(flows(1, Name="Åäö æøü ß"))

    run(write(data.decode().encode("latin-1")))
    out, _errors = run(write(b"\xef\xbb\xbf" + data))

    assert Service.objects.get().name == "Åäö æøü ß"
    assert "1 unchanged" in out[-1]


GOOD = encoded(flows(1))
BAD_FILES = {
    "truncated": (GOOD[:-20], "not complete JSON: line 1, column"),
    "cut in a letter": (GOOD[: GOOD.index("ä".encode()) + 1], "not complete JSON"),
    "zip": (b"PK\x03\x04\x14\x00", "not text"),
    "gzip": (gzip.compress(GOOD), "not text"),
    "random": (bytes(range(256)) * 40, "not text"),
    "utf-16": (GOOD.decode().encode("utf-16"), "UTF-16"),
    "utf-16 without a mark": (GOOD.decode().encode("utf-16-le"), "UTF-16"),
    "empty": (b"", "empty"),
    "white space": (b" \n\t\r\n", "empty"),
    "web page": (b"<!DOCTYPE html><title>Logga in</title>", "web page"),
    "xml": (b'<?xml version="1.0"?><Flows/>', "web page or XML"),
    "nan": (b'{"Flows": [NaN]}', "NaN"),
    "duplicate keys": (b'{"Flows": [], "Flows": []}', "twice"),
    "deep": (b'{"Flows": ' + b"[" * 100_000, "too deeply"),
    "long number": (b'{"Flows": [' + b"9" * 5000 + b"]}", "too long"),
    "no list": (b'{"flows": []}', "no list of services"),
    "another list": (b'[{"id": 1}, {"id": 2}]', "None of the entries"),
    "two texts": (GOOD + GOOD, "not complete JSON"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused_with_a_reason_and_changes_nothing(write, name):
    data, reason = BAD_FILES[name]
    run(write(GOOD))

    message = refusal(write(data))

    assert reason in message
    assert message.endswith(". Nothing has been changed.")
    assert len(message) < 300


def test_file_above_the_limit_is_refused(write, settings):
    run(write(GOOD))
    path = write(GOOD + b" " * 30_000_000)

    assert "IMPORT_MAX_BYTES (20000000)" in refusal(path)
    settings.WAGTAIL_MEDBORGARE_IMPORT_MAX_BYTES = 40_000_000
    assert "1 unchanged" in run(path)[0][-1]


def test_pipe_is_read_and_has_the_same_limit(tmp_path, settings):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    settings.WAGTAIL_MEDBORGARE_IMPORT_MAX_BYTES = len(GOOD)

    for data in (GOOD, GOOD + b" "):
        writer = threading.Thread(target=pipe.write_bytes, args=[data], daemon=True)
        writer.start()
        if data == GOOD:
            run(pipe)
        else:
            assert "larger" in refusal(pipe)
        writer.join(5)

    assert Service.objects.count() == 1


@pytest.mark.parametrize("name", ["", "missing.json", "x" * 5000, "a\x00b"])
def test_path_that_cannot_be_read_is_told(tmp_path, name):
    assert "cannot be read" in refusal(str(tmp_path / name))


def test_unknown_importer_is_told_with_those_that_exist(write):
    assert "open-eplatform" in refusal(write(GOOD), "--kind", "other")


def test_failure_in_the_middle_leaves_nothing(write):
    run(write(flows(*range(1, 6))))
    before = digest()
    feed = OpenEPlatformImporter().parse(encoded(flows(*range(1, 9), Category="Ny")))

    def fail(done, total):
        if done == 6:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        import_feed(feed, progress=fail)

    assert digest() == before


def test_search_finds_new_words_after_an_import(write):
    run(write(flows(1)))
    run(write(flows(1, LongDescription="<p>Om växthus</p>")))

    assert Service.objects.search("växthus").count() == 1


def test_time_grows_no_faster_than_the_feed():
    def seconds(size, host):
        feed = OpenEPlatformImporter().parse(
            encoded(flows(*range(1, size + 1), host=host))
        )
        started = time.process_time()
        import_feed(feed)
        return time.process_time() - started

    seconds(20, "varm.example.se")
    small = min(seconds(300, f"s{number}.example.se") for number in range(2))
    large = min(seconds(600, f"l{number}.example.se") for number in range(2))

    assert large <= 2.7 * small
