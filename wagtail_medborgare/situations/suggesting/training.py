"""What the site has tagged already, learnt in memory: nothing leaves it, nothing is kept."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from wagtail.models import Page

from wagtail_medborgare.core.snapshot import Snapshot
from wagtail_medborgare.situations.models import (
    LifeSituation,
    SituationLabel,
    TaggedPage,
    VocabularyLink,
)
from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.situations.suggesting.model import (
    MOST_EXAMPLES,
    Suggester,
    Suggestion,
)
from wagtail_medborgare.situations.suggesting.texts import text_of

Example = tuple[str, Collection[int]]
Source = Callable[[], Iterable[Example]]

_sources: list[Source] = []


def register_source(source: Source) -> None:
    """Learn from more than pages: texts with the keys of their situations, or none."""
    if source not in _sources:
        _sources.append(source)


def suggestions_for(
    instance: Any, *, chosen: Collection[int] | None = None
) -> "list[Suggestion[int]]":
    """Return what a page or a snippet may be about besides what it is tagged with.

    ``chosen`` are the keys of what it is tagged with, where they are known already.
    """
    text = text_of(instance)
    if not text:
        return []
    if chosen is None:
        chosen = [item.tag_id for item in instance.life_situation_items.all()]
    inactive = situations.get().by_pk.keys() - situations.get().active_pks
    return suggester.get().suggest(text, but=inactive.union(chosen))


def _learn() -> "Suggester[int]":
    examples = list(_page_examples())
    for source in _sources:
        examples += source()
    return Suggester.learn(_vocabularies(), examples)


def _vocabularies() -> dict[int, list[str]]:
    """Return the words of each situation, one text for each language."""
    texts: dict[int, list[str]] = defaultdict(list)
    own = LifeSituation.objects.values_list("pk", "name", "summary", "synonyms")
    others = SituationLabel.objects.values_list(
        "situation_id", "name", "summary", "synonyms"
    )
    for pk, *parts in (*own.order_by("pk"), *others.order_by("situation_id", "pk")):
        texts[pk].append("\n".join(parts))
    links = VocabularyLink.objects.exclude(label="").order_by("situation_id", "pk")
    for pk, label in links.values_list("situation_id", "label"):
        texts[pk].append(label)
    return texts


def _page_examples() -> Iterator[Example]:
    """Yield the newest pages of each situation, as many as are learnt from."""
    rows = TaggedPage.objects.filter(content_object__live=True).order_by(
        "-content_object_id", "tag_id"
    )
    tags: dict[int, set[int]] = defaultdict(set)
    counts: Counter[int] = Counter()
    for page_pk, tag_pk in rows.values_list("content_object_id", "tag_id"):
        if counts[tag_pk] < MOST_EXAMPLES:
            counts[tag_pk] += 1
            tags[page_pk].add(tag_pk)
    pages = Page.objects.filter(pk__in=list(tags)).order_by("-pk").specific()
    for page in pages:
        yield text_of(page), tags[page.pk]


suggester: "Snapshot[Suggester[int]]" = Snapshot("suggestions", _learn)


def follow_changes() -> None:
    """Learn anew when something is tagged or a vocabulary changes, not with each text."""
    suggester.follow(LifeSituation, SituationLabel, VocabularyLink, TaggedPage)
