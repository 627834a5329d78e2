"""A city's real list, read only where it lies beside the project; never copied."""

from __future__ import annotations

import os
import re
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from wagtail_medborgare.services.importers.open_eplatform import OpenEPlatformImporter
from wagtail_medborgare.services.models import Channel, Service
from wagtail_medborgare.services.models.services import RICH_TEXT

DATA = Path(
    os.environ.get("MEDBORGARE_DATA", Path(__file__).parents[3] / "shared" / "data")
)
LATIN_1 = DATA / "sweden-sundsvall" / "oep-getflows.json"
UTF_8 = DATA / "sweden-sundsvall" / "oep-getflows.utf8.json"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not LATIN_1.exists(), reason="the real files are not here"),
]

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def run(path):
    out = StringIO()
    started = time.perf_counter()
    with translation.override("en"):
        call_command("medborgare_import_services", path, stdout=out)
    return out.getvalue(), time.perf_counter() - started


def run_again(path):
    with CaptureQueriesContext(connection) as queries:
        text, seconds = run(path)
    writes = [one["sql"] for one in queries if WRITES.match(one["sql"])]
    return text, writes, len(queries), seconds


def services():
    return OpenEPlatformImporter().parse(LATIN_1.read_bytes()).services


def test_real_list_is_imported_once_and_then_found_unchanged():
    first, first_seconds = run(LATIN_1)
    second, writes, count, seconds = run_again(LATIN_1)
    twin, twin_writes, _count, _seconds = run_again(UTF_8)
    sys.stdout.write(f"first {first_seconds:.1f} s, second {seconds:.2f} s\n")

    assert Service.objects.filter(live=True).count() == 161
    assert Service.objects.values("category").distinct().count() == 8
    assert first.splitlines()[0] == "161 of 161"
    for text in (second, twin):
        assert text.splitlines()[-1] == (
            "0 created, 0 changed, 0 kept as edited, 161 unchanged, 0 removed."
        )
    assert writes == twin_writes == []
    assert count <= 4
    assert seconds < 3


def test_real_list_says_what_needs_login_and_signature():
    run(LATIN_1)

    from_feed = Channel.objects.filter(is_from_feed=True)
    assert from_feed.filter(requires_login=True).count() == 95
    assert from_feed.filter(requires_signing=True).count() == 59
    assert from_feed.filter(requires_login=False, requires_signing=True).count() == 7


def test_real_texts_hold_nothing_but_plain_blocks_and_working_links():
    text = "".join(one.fields["description"] for one in services())

    assert set(re.findall(r"</?([a-z0-9]+)", text)) <= {
        "p", "br", "h3", "ul", "ol", "li", "a", "b", "i",
    }  # fmt: skip
    assert not re.search(r"style=|role=|<img|&nbsp;|&[a-z]+uml;|\?\?[A-Z]|\u200b", text)
    for link in re.findall(r'href="([^"]*)"', text):
        assert re.match(
            r"https?://[\w.-]+\.\w+|mailto:[^@/]+@[^@]+$|tel:[+\d-]+$", link
        )


def test_real_texts_can_be_opened_and_saved_by_an_editor():
    converter = ContentstateConverter(RICH_TEXT)

    for service in services():
        text = service.fields["description"]
        saved = converter.to_database_format(converter.from_database_format(text))

        assert visible(saved) == visible(text)


def visible(html):
    # Draftail moves the spaces at the edge of a block and of bold text.
    return re.sub(r"<[^>]*>|\s", "", html)
