"""A service is found by the words of its unit and its situations, as they are now."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factories import make_service, make_situation, make_unit

from wagtail_medborgare.services.catalogue import search_services
from wagtail_medborgare.services.models import Service
from wagtail_medborgare.services.search_words import index_services

# The index is written after the commit.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _with_a_locale() -> None:
    from wagtail.models import Locale

    Locale.objects.get_or_create(language_code="sv")


@pytest.fixture
def child() -> Any:
    return make_situation("Få barn", synonyms="gravid")


def found(words: str) -> list[str]:
    hits = search_services(words, request=None)["hits"]
    return [hit.service.name for hit in hits]


def test_a_new_everyday_word_finds_the_services_at_once(child):
    make_service("Förskola", situations=[child])
    make_service("Bygglov")

    child.synonyms = "gravid, bebis"
    child.save()

    assert found("bebis") == ["Förskola"]


def test_a_word_that_was_taken_away_finds_nothing(child):
    make_service("Förskola", situations=[child])
    before = found("gravid")

    child.synonyms = ""
    child.save()

    assert before == ["Förskola"]
    assert found("gravid") == []


def test_a_deleted_situation_finds_nothing(child):
    make_service("Förskola", situations=[child])

    child.delete()

    assert found("gravid") == []


def test_the_new_name_of_a_unit_finds_its_services_at_once():
    unit = make_unit("Plan")
    make_service("Bygglov", unit=unit)

    unit.name = "Samhällsbyggnad"
    unit.save()

    assert found("Samhällsbyggnad") == ["Bygglov"]
    assert found("Plan") == []


def test_a_draft_of_a_units_name_finds_nothing():
    unit = make_unit("Plan")
    make_service("Bygglov", unit=unit)

    unit.name = "Samhällsbyggnad"
    unit.save_revision()

    assert found("Samhällsbyggnad") == []


def test_nothing_is_indexed_when_no_word_changes(child):
    make_service(situations=[child])

    child.icon = "baby"
    with CaptureQueriesContext(connection) as queries:
        child.save()

    assert not [
        item for item in queries if "medborgare_services_service" in item["sql"]
    ]


def test_what_is_too_much_for_one_save_is_left_to_the_command(child, caplog):
    services = [make_service(f"Tjänst {number}", unit=None) for number in range(3)]
    unit = make_unit("Samhällsbyggnad")
    Service.objects.update(unit=unit)

    with caplog.at_level(logging.WARNING):
        index_services([service.pk for service in services], most=2)

    assert sorted(found("Samhällsbyggnad")) == ["Tjänst 0", "Tjänst 1"]
    assert "1 services wait for update_index." in caplog.text
