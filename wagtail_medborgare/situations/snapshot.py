"""The life situations as every view needs them: in memory, without a query."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.situations.languages import in_language
from wagtail_medborgare.situations.models import (
    LifeSituation,
    MergedSituation,
    NextSituation,
    NextSituationPrompt,
    SituationGroup,
    SituationLabel,
)


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What usually comes next, and after how many months."""

    to_pk: int
    after_months: int
    default_prompt: str
    prompts: dict[str, str] = field(hash=False)

    @property
    def prompt(self) -> str:
        return in_language(self.prompts, self.default_prompt)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A life situation as a visitor meets it, in the active language."""

    pk: int
    slug: str
    group: str
    icon: str
    is_business: bool
    is_sensitive: bool
    is_active: bool
    default_name: str
    default_summary: str
    names: dict[str, str] = field(hash=False)
    summaries: dict[str, str] = field(hash=False)
    next_steps: tuple[NextStep, ...] = ()

    @property
    def name(self) -> str:
        return in_language(self.names, self.default_name)

    @property
    def summary(self) -> str:
        return in_language(self.summaries, self.default_summary)

    @property
    def group_label(self) -> str:
        return str(SituationGroup(self.group).label)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Merged:
    """What was a situation of its own once, and the key of the one it is part of."""

    old_pk: int
    old_slug: str
    pk: int


class Situations:
    """All life situations, in the editors' order.

    By key and by slug also those that have become part of another one: they give that.
    """

    def __init__(
        self, situations: list[Situation], merged: Sequence[Merged] = ()
    ) -> None:
        self.all = tuple(situations)
        self.active = tuple(item for item in situations if item.is_active)
        self.active_pks = frozenset(item.pk for item in self.active)
        self.sensitive_pks = frozenset(
            item.pk for item in situations if item.is_sensitive
        )
        own = {item.pk: item for item in situations}
        self.merged_into = {item.old_pk: item.pk for item in merged if item.pk in own}
        self.by_pk = {old: own[pk] for old, pk in self.merged_into.items()} | own
        slugs = {item.old_slug: own[item.pk] for item in merged if item.pk in own}
        self.by_slug = slugs | {item.slug: item for item in situations}

    def current_pk(self, pk: int) -> int:
        """Return the key of what a situation has become part of, else its own."""
        return self.merged_into.get(pk, pk)

    def resolve(
        self, pks: "list[int] | tuple[int, ...] | frozenset[int]"
    ) -> tuple[Situation, ...]:
        """Return the active situations among these keys, in the editors' order."""
        wanted = set(pks)
        return tuple(item for item in self.active if item.pk in wanted)


def _load() -> Situations:
    labels: dict[int, list[SituationLabel]] = {}
    for label in SituationLabel.objects.all():
        labels.setdefault(label.situation_id, []).append(label)
    steps = _load_steps()
    return Situations(
        [
            Situation(
                pk=row.pk,
                slug=row.slug,
                group=row.group,
                icon=row.icon,
                is_business=row.is_business,
                is_sensitive=row.is_sensitive,
                is_active=row.is_active,
                default_name=row.name,
                default_summary=row.summary,
                names={item.language: item.name for item in labels.get(row.pk, ())},
                summaries={
                    item.language: item.summary
                    for item in labels.get(row.pk, ())
                    if item.summary
                },
                next_steps=tuple(steps.get(row.pk, ())),
            )
            for row in LifeSituation.objects.order_by("sort_order", "name")
        ],
        [
            Merged(*row)
            for row in MergedSituation.objects.values_list(
                "old_pk", "old_slug", "situation_id"
            )
        ],
    )


def _load_steps() -> dict[int, list[NextStep]]:
    prompts: dict[int, dict[str, str]] = {}
    for prompt in NextSituationPrompt.objects.all():
        prompts.setdefault(prompt.next_situation_id, {})[prompt.language] = (
            prompt.prompt
        )
    steps: dict[int, list[NextStep]] = {}
    for row in NextSituation.objects.order_by("after_months", "pk"):
        steps.setdefault(row.situation_id, []).append(
            NextStep(
                to_pk=row.to_id,
                after_months=row.after_months,
                default_prompt=row.prompt,
                prompts=prompts.get(row.pk, {}),
            )
        )
    return steps


situations = Snapshot("situations", _load)


def follow_changes() -> None:
    """Renew the snapshot when anything in it changes."""
    situations.follow(
        LifeSituation,
        SituationLabel,
        NextSituation,
        NextSituationPrompt,
        MergedSituation,
    )
