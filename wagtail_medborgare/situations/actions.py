"""Load the starter set without ever overwriting what an editor has changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from wagtail_medborgare.core.merge import merge_fields
from wagtail_medborgare.situations.languages import candidates
from wagtail_medborgare.situations.models import (
    LifeSituation,
    MergedSituation,
    NextSituation,
    NextSituationPrompt,
    SituationLabel,
    VocabularyLink,
)

T = TypeVar("T")

STARTER_SET = Path(__file__).parent / "starter_set.json"


@dataclass
class LoadSummary:
    """What loading the starter set did, as lists of slugs."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    """Part of another situation since an editor merged them."""
    deleted: list[str] = field(default_factory=list)
    """Loaded once, deleted by an editor since, and left so."""


@cache
def starter_set() -> list[dict[str, Any]]:
    """Return our own starter set: the crosswalk of integrations, in five languages."""
    loaded: dict[str, Any] = json.loads(STARTER_SET.read_text(encoding="utf-8"))
    situations: list[dict[str, Any]] = loaded["situations"]
    return situations


@transaction.atomic
def load_starter_set() -> LoadSummary:
    """Create what is new and update what nobody has touched. Repeatable."""
    summary = LoadSummary()
    merged = _merged_slugs()
    by_slug: dict[str, LifeSituation] = {}
    for row in starter_set():
        if row["slug"] in merged:
            summary.merged.append(row["slug"])
            continue
        situation = _load_situation(row, summary)
        if situation is not None:
            by_slug[row["slug"]] = situation
    for row in starter_set():
        if row["slug"] in by_slug:
            _load_steps(by_slug[row["slug"]], row["next"], merged | by_slug)
    return summary


def _merged_slugs() -> dict[str, LifeSituation]:
    """Return what the situations have become part of that are none of their own."""
    rows = MergedSituation.objects.select_related("situation")
    slugs = set(LifeSituation.objects.values_list("slug", flat=True))
    return {row.old_slug: row.situation for row in rows if row.old_slug not in slugs}


def _load_situation(row: dict[str, Any], summary: LoadSummary) -> LifeSituation | None:
    incoming = _fields(row)
    situation = LifeSituation.objects.filter(slug=row["slug"]).first()
    if situation is None and _was_loaded(row["slug"]):
        summary.deleted.append(row["slug"])
        return None
    if situation is None:
        return _create(row, incoming, summary)
    current = {name: getattr(situation, name) for name in incoming}
    merge = merge_fields(
        baseline=situation.imported, incoming=incoming, current=current
    )
    for name, value in merge.changes.items():
        setattr(situation, name, value)
    if merge.changes or situation.imported != {**situation.imported, **incoming}:
        situation.imported = {**situation.imported, **incoming}
        situation.save()
    labels_changed = _load_labels(situation, row["labels"])
    _note(summary, row["slug"], bool(merge.changes) or labels_changed, bool(merge.kept))
    return situation


def _was_loaded(slug: str) -> bool:
    """Say whether the log knows that we created this situation: somebody deleted it."""
    return ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(LifeSituation),
        action="wagtail.create",
        data__starter_set=slug,
    ).exists()


def _note(summary: LoadSummary, slug: str, changed: bool, kept: bool) -> None:
    if changed:
        summary.changed.append(slug)
    elif kept:
        summary.kept.append(slug)
    else:
        summary.unchanged.append(slug)


def _create(
    row: dict[str, Any], incoming: dict[str, Any], summary: LoadSummary
) -> LifeSituation:
    situation = LifeSituation(slug=row["slug"], **incoming)
    situation.imported = dict(incoming)
    situation.save()
    log(
        instance=situation,
        action="wagtail.create",
        data={"starter_set": row["slug"]},
    )
    _load_labels(situation, row["labels"])
    for link in row["vocabularies"]:
        VocabularyLink.objects.create(situation=situation, **link)
    summary.created.append(row["slug"])
    return situation


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    label = row["labels"][_main_language(row["labels"])]
    return {
        "name": _free_name(label["name"], row["slug"]),
        **{name: label[name] for name in ("summary", "synonyms")},
        **{
            name: row[name] for name in ("group", "icon", "is_business", "is_sensitive")
        },
    }


def _free_name(name: str, slug: str) -> str:
    """Return the name, told apart where an editor's own situation has it already."""
    is_taken = LifeSituation.objects.filter(name=name).exclude(slug=slug).exists()
    return f"{name} ({slug})" if is_taken else name


def _main_language(texts: Mapping[str, Any]) -> str:
    """Return the language in which the situation's own fields are."""
    for code in candidates(settings.LANGUAGE_CODE):
        if code in texts:
            return code
    return "sv"


def _in_other_languages(texts: Mapping[str, T]) -> dict[str, T]:
    # A label in the site's own language would hide what an editor writes in the name.
    main = _main_language(texts)
    return {language: text for language, text in texts.items() if language != main}


def _load_labels(situation: LifeSituation, labels: dict[str, dict[str, str]]) -> bool:
    """Add or update the labels; what was last loaded lies beside the situation's own."""
    labels = _in_other_languages(labels)
    baselines: dict[str, Any] = situation.imported.get("labels", {})
    changed = False
    for language, texts in labels.items():
        label = SituationLabel.objects.filter(
            situation=situation, language=language
        ).first()
        if label is None:
            if language in baselines:
                continue  # An editor has removed it.
            SituationLabel.objects.create(
                situation=situation, language=language, **texts
            )
            changed = True
            continue
        current = {name: getattr(label, name) for name in texts}
        merge = merge_fields(
            baseline=baselines.get(language, {}), incoming=texts, current=current
        )
        for name, value in merge.changes.items():
            setattr(label, name, value)
        if merge.changes:
            label.save()
            changed = True
    if baselines != labels:
        situation.imported = {**situation.imported, "labels": labels}
        situation.save(update_fields=["imported"])
    return changed


def _load_steps(
    situation: LifeSituation,
    steps: list[dict[str, Any]],
    by_slug: dict[str, LifeSituation],
) -> None:
    known: list[str] = situation.imported.get("next", [])
    for step in steps:
        if step["to"] in known or step["to"] not in by_slug:
            continue  # Loaded once; from then on it is the editors'.
        if by_slug[step["to"]] == situation:
            continue  # The two have become one.
        prompts = step["prompts"]
        row, created = NextSituation.objects.get_or_create(
            situation=situation,
            to=by_slug[step["to"]],
            defaults={
                "after_months": step["after_months"],
                "prompt": prompts[_main_language(prompts)],
            },
        )
        if created:
            for language, prompt in _in_other_languages(prompts).items():
                NextSituationPrompt.objects.create(
                    next_situation=row, language=language, prompt=prompt
                )
    slugs = [step["to"] for step in steps]
    if slugs != known:
        situation.imported = {**situation.imported, "next": slugs}
        situation.save(update_fields=["imported"])
