"""Each way to install the bridge wrongly is told, with a hint."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import DatabaseError
from factories import make_home
from wagtail_personalisation.models import Segment
from wagtail_personalisation.rules import AbstractBaseRule, DayRule, VisitCountRule

from wagtail_medborgare.segments import checks
from wagtail_medborgare.segments.models import LifeSituationRule


def ids(messages: list) -> list[str]:
    assert all(message.hint for message in messages)
    return [message.id for message in messages]


def test_the_stock_adapter_is_told(settings):
    right = checks.check_adapter()
    del settings.PERSONALISATION_SEGMENTS_ADAPTER

    assert right == []
    assert ids(checks.check_adapter()) == ["medborgare_segments.E001"]


def test_their_app_by_its_plain_name_and_our_wrong_place_are_told(monkeypatch):
    right = checks.check_their_config()
    ours = SimpleNamespace(label="medborgare_segments")
    theirs = SimpleNamespace(label="wagtail_personalisation")
    monkeypatch.setattr(apps, "get_app_config", lambda label: theirs)
    monkeypatch.setattr(apps, "get_app_configs", lambda: [ours, theirs])

    assert right == []
    assert ids(checks.check_their_config()) == [
        "medborgare_segments.E002",
        "medborgare_segments.E003",
    ]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["medborgare_segments.LifeSituationRule"], []),
        (["wagtail_personalisation.DayRole"], ["medborgare_segments.E004"]),
    ],
)
def test_a_mistyped_rule_is_told(settings, rules, expected):
    settings.WAGTAIL_PERSONALISATION_RULES = rules

    assert ids(checks.check_rule_names()) == expected


def test_rules_that_nobody_chose_are_told(settings):
    del settings.WAGTAIL_PERSONALISATION_RULES

    assert ids(checks.check_rule_names()) == ["medborgare_segments.W001"]


def rule(bases: tuple[type, ...], table: str, label: str = "shop") -> SimpleNamespace:
    return SimpleNamespace(
        __bases__=bases,
        __name__="BasketRule",
        _meta=SimpleNamespace(db_table=table, app_label=label, label="shop.BasketRule"),
    )


@pytest.mark.parametrize(
    "ill_formed",
    [
        rule((DayRule,), "shop_basketrule"),
        rule((AbstractBaseRule,), "baskets"),
        rule((AbstractBaseRule,), "shop_related_basketrule", "shop_related"),
    ],
)
def test_an_ill_formed_rule_is_told(monkeypatch, ill_formed):
    right = checks.check_rule_classes()
    monkeypatch.setattr(
        AbstractBaseRule,
        "get_descendant_models",
        lambda: [LifeSituationRule, ill_formed],
    )

    assert right == []
    assert ids(checks.check_rule_classes()) == ["medborgare_segments.E005"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [{"type": "static"}, {"persistent": True}, {"randomisation_percent": 50}],
)
def test_segments_that_need_storage_are_named(fields):
    Segment.objects.create(name="Fine")
    Segment.objects.create(name="Campaign", **fields)

    (message,) = checks.check_segments_that_need_storage()

    assert "Campaign" in message.msg
    assert message.id == "medborgare_segments.W002"


@pytest.mark.django_db
def test_segments_that_count_visits_are_named():
    segment = Segment.objects.create(name="Often here")
    VisitCountRule.objects.create(segment=segment, counted_page=make_home())

    assert ids(checks.check_segments_that_need_storage()) == [
        "medborgare_segments.W002"
    ]


def test_before_the_first_migration_nothing_is_told(monkeypatch):
    def fail() -> None:
        raise DatabaseError

    monkeypatch.setattr(Segment.objects, "all", fail)

    assert checks.check_segments_that_need_storage() == []


def test_page_variants_are_told():
    assert ids(checks.check_page_variants()) == ["medborgare_segments.W003"]
