from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, models
from wagtail_personalisation.models import PersonalisablePageMixin, Segment
from wagtail_personalisation.rules import AbstractBaseRule, VisitCountRule

ADAPTER = "wagtail_medborgare.segments.adapters.VisitorSegmentsAdapter"
THEIR_CONFIG = "wagtail_personalisation.config.WagtailPersonalisationConfig"


@register
def check_adapter(**kwargs: Any) -> list[CheckMessage]:
    """The stock adapter records every page view in a session."""
    if getattr(settings, "PERSONALISATION_SEGMENTS_ADAPTER", "") == ADAPTER:
        return []
    return [
        Error(
            "wagtail-personalisation would record every page view of every visitor.",
            hint=f'Set PERSONALISATION_SEGMENTS_ADAPTER = "{ADAPTER}".',
            id="medborgare_segments.E001",
        )
    ]


@register
def check_their_config(**kwargs: Any) -> list[CheckMessage]:
    """Listed by its plain name its signals are never connected."""
    config = apps.get_app_config("wagtail_personalisation")
    messages: list[CheckMessage] = []
    if type(config).__name__ != "WagtailPersonalisationConfig":
        messages.append(
            Error(
                "wagtail_personalisation is installed by its plain name.",
                hint=f'Write "{THEIR_CONFIG}" in INSTALLED_APPS.',
                id="medborgare_segments.E002",
            )
        )
    labels = [item.label for item in apps.get_app_configs()]
    if labels.index("medborgare_segments") < labels.index("wagtail_personalisation"):
        messages.append(
            Error(
                "wagtail_medborgare.segments stands before wagtail_personalisation.",
                hint="Move it after, so that it can mend what it builds on.",
                id="medborgare_segments.E003",
            )
        )
    return messages


@register
def check_rule_names(**kwargs: Any) -> list[CheckMessage]:
    """A mistyped rule would silently be missing from the form."""
    listed = getattr(settings, "WAGTAIL_PERSONALISATION_RULES", None)
    if listed is None:
        return [
            Warning(
                "The segment form offers rules that need storage we never keep.",
                hint="Set WAGTAIL_PERSONALISATION_RULES to the rules you use, such as "
                '["medborgare_segments.LifeSituationRule", '
                '"wagtail_personalisation.DayRule"].',
                id="medborgare_segments.W001",
            )
        ]
    known = {
        f"{rule._meta.app_label}.{rule.__name__}"
        for rule in AbstractBaseRule.__subclasses__()
    }
    return [
        Error(
            f"{name!r} in WAGTAIL_PERSONALISATION_RULES is not a rule.",
            hint=f"Known are: {', '.join(sorted(known))}.",
            id="medborgare_segments.E004",
        )
        for name in listed
        if name not in known
    ]


@register
def check_rules_without_storage(**kwargs: Any) -> list[CheckMessage]:
    """A rule that counts visits never matches: nothing is kept to count."""
    listed = getattr(settings, "WAGTAIL_PERSONALISATION_RULES", None) or ()
    if "wagtail_personalisation.VisitCountRule" not in listed:
        return []
    return [
        Warning(
            "VisitCountRule is offered to editors, and never matches anybody.",
            hint="Take it out of WAGTAIL_PERSONALISATION_RULES.",
            id="medborgare_segments.W004",
        )
    ]


@register
def check_rule_classes(**kwargs: Any) -> list[CheckMessage]:
    """A rule that is not a direct subclass, or has its own table name, breaks the form."""
    return [
        Error(
            f"{rule._meta.label} cannot be edited: the segment form would crash.",
            hint="Derive directly from AbstractBaseRule, leave db_table alone, and use "
            "no app label that contains _related.",
            id="medborgare_segments.E005",
        )
        for rule in AbstractBaseRule.get_descendant_models()
        if not _is_well_formed(rule)
    ]


def _is_well_formed(rule: type[models.Model]) -> bool:
    meta = rule._meta
    return (
        AbstractBaseRule in rule.__bases__
        and meta.db_table == f"{meta.app_label}_{rule.__name__.lower()}"
        and "_related" not in meta.app_label
    )


@register(Tags.database)
def check_segments_that_need_storage(**kwargs: Any) -> list[CheckMessage]:
    """Name the segments that cannot work, because nothing is kept about visitors."""
    try:
        found = [
            segment for segment in Segment.objects.all() if _needs_storage(segment)
        ]
    except DatabaseError:
        return []  # Before the first migration.
    return [
        Warning(
            f"The segment “{segment}” matches nobody, or is not kept between visits.",
            hint="It is static, persistent or randomised, or counts visits. Use life "
            "situations: they are kept on the visitor's own device.",
            id="medborgare_segments.W002",
        )
        for segment in found
    ]


def _needs_storage(segment: Segment) -> bool:
    return (
        segment.is_static
        or segment.persistent
        or segment.randomisation_percent is not None
        or VisitCountRule.objects.filter(segment=segment).exists()
    )


@register
def check_page_variants(**kwargs: Any) -> list[CheckMessage]:
    """Page variants are kept working, but blocks are the better way."""
    return [
        Warning(
            f"{model._meta.label} uses PersonalisablePageMixin.",
            hint="Variants are whole copies of a page, are found by search although "
            "they have no address, and cannot be translated. Personalise blocks.",
            id="medborgare_segments.W003",
        )
        for model in apps.get_models()
        if issubclass(model, PersonalisablePageMixin)
    ]
