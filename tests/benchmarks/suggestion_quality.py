"""How good are the suggestions? Measured on real services, and beside two baselines.

    python tests/benchmarks/suggestion_quality.py

Reads the Finnish descriptions of services in ../shared/data, or where MEDBORGARE_DATA
says. A service that occurs several times (in both files, or split into several) is one
group: a group is either learnt from or tested with, never both, and is tested once.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from wagtail_medborgare.situations.suggesting.model import Suggester  # noqa: E402
from wagtail_medborgare.situations.suggesting.words import words  # noqa: E402

DATA = Path(os.environ.get("MEDBORGARE_DATA", ROOT.parent / "shared" / "data"))
OLD = DATA / "finland-ptv" / "general-descriptions-2016-fi-sv-en.json"
NEW = DATA / "finland-ptv" / "gd-2020-subset-derived.json"
STARTER_SET = ROOT / "wagtail_medborgare" / "situations" / "starter_set.json"

LANGUAGES = ("fi", "sv", "en")
FOLDS = 5
SEED = 1
RESAMPLES = 2000

# The newer file has codes of its own; which event they are was read from their labels
# ("Kuntoutus" is a life event here, KE12, and not the service class P5.13).
_NEW_CODES = {
    "v3001": "KE1", "v3002": "KE1.1", "v3005": "KE12", "v3007": "KE14",
    "v3014": "KE4.4", "v3015": "KE5", "v3016": "KE6", "v3018": "KE8", "v3019": "KE9",
}  # fmt: skip

Labels = frozenset[str]


@dataclass
class Case:
    """One description, in the languages that it has."""

    keys: list[str]
    """Under any of these the same service is known elsewhere."""
    texts: dict[str, str]
    situations: Labels
    classes: Labels
    group: int = -1


@dataclass
class Scores:
    """What one way of suggesting gave for one language: pairs of given and right."""

    pairs: dict[int, tuple[Labels, Labels]] = field(default_factory=dict)

    def figures(self, groups: list[int] | None = None) -> tuple[float, float, float]:
        """Return precision, recall and F1 over all labels."""
        pairs = [self.pairs[group] for group in groups or self.pairs]
        right = sum(len(given & true) for given, true in pairs)
        given = sum(len(given) for given, _true in pairs)
        true = sum(len(true) for _given, true in pairs)
        precision = right / given if given else 0.0
        recall = right / true if true else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


Results = dict[str, dict[str, Scores]]
"""By the name of the way, then by language."""


def read_cases() -> list[Case]:
    """Return every description of both files, each with its group."""
    starter = json.loads(STARTER_SET.read_text(encoding="utf-8"))["situations"]
    by_event = {
        link["code"]: row["slug"]
        for row in starter
        for link in row["vocabularies"]
        if link["scheme"] == "ptvl"
    }
    cases = [_old(item, by_event) for item in json.loads(OLD.read_text("utf-8"))]
    cases += [_new(item, by_event) for item in json.loads(NEW.read_text("utf-8"))]
    _group(cases)
    return cases


def _old(item: dict[str, Any], by_event: dict[str, str]) -> Case:
    texts: dict[str, list[str]] = defaultdict(list)
    for name in ("Name", "ShortDescription", "Description"):
        for part in item[name]:
            texts[part["Lang"]].append(part["Label"])
    events = {link["Key"].rpartition(":")[2] for link in item["LifeEvent"]}
    return Case(
        keys=[item["ReferenceCode"], *_names(texts)],
        texts={language: "\n".join(parts) for language, parts in texts.items()},
        situations=frozenset(by_event[code] for code in events),
        classes=frozenset(link["Value"] for link in item["ServiceClass"]),
    )


def _new(item: dict[str, Any], by_event: dict[str, str]) -> Case:
    texts: dict[str, list[str]] = defaultdict(list)
    for name in ("name", "summary", "background"):
        for language, part in item.get(name, {}).items():
            texts[language].append(part)
    events = {link["uri"].rpartition(":")[2] for link in item.get("life_events", ())}
    return Case(
        keys=[item["id"], item.get("reference") or item["id"], *_names(texts)],
        texts={language: "\n".join(parts) for language, parts in texts.items()},
        situations=frozenset(by_event[_NEW_CODES[code]] for code in events),
        classes=frozenset(link["label_fi"] for link in item.get("service_classes", ())),
    )


def _names(texts: dict[str, list[str]]) -> Iterator[str]:
    return (f"name {parts[0].strip().lower()}" for parts in texts.values())


def _group(cases: list[Case]) -> None:
    """Give the same group to what shares a key or a name with any other, however far."""
    leader: dict[str, str] = {}

    def find(key: str) -> str:
        while leader.setdefault(key, key) != key:
            key = leader[key]
        return key

    for case in cases:
        for key in case.keys[1:]:
            leader[find(key)] = find(case.keys[0])
    numbers: dict[str, int] = {}
    for case in cases:
        root = find(case.keys[0])
        case.group = numbers.setdefault(root, len(numbers))


# --- The ways to suggest --------------------------------------------------------------

Vocabularies = dict[str, dict[str, list[str]]]
"""Texts by label and language."""


def situation_words() -> tuple[Vocabularies, Vocabularies]:
    """Return all words of the starter set, and the everyday words that one looks for."""
    starter = json.loads(STARTER_SET.read_text(encoding="utf-8"))["situations"]
    every: Vocabularies = {}
    single: Vocabularies = {}
    for row in starter:
        labels = row["labels"].items()
        every[row["slug"]] = {
            language: ["\n".join(label.values())] for language, label in labels
        }
        single[row["slug"]] = {
            language: [word.strip().lower() for word in label["synonyms"].split(",")]
            for language, label in labels
        }
    return every, single


def keywords(text: str, language: str, single: Vocabularies) -> Labels:
    """Suggest the labels of which most words stand in the text; none where none does."""
    lowered = text.lower()
    hits = {
        label: sum(word in lowered for word in own.get(language, ()) if word)
        for label, own in single.items()
    }
    most = max(hits.values(), default=0)
    return frozenset(label for label in hits if most and hits[label] == most)


def evaluate(
    cases: list[Case],
    labels_of: Callable[[Case], Labels],
    every: Vocabularies,
    single: Vocabularies,
    *,
    seed: int = SEED,
) -> Results:
    """Learn from four fifths of the groups, test with the fifth, five times."""
    results: Results = {
        name: {language: Scores() for language in LANGUAGES}
        for name in ("suggestions", "keywords", "most frequent")
    }
    groups = sorted({case.group for case in cases if labels_of(case)})
    random.Random(seed).shuffle(groups)
    vocabularies = {
        label: [text for texts in own.values() for text in texts]
        for label, own in every.items()
    }
    for number in range(FOLDS):
        held_apart = set(groups[number::FOLDS])
        training = [case for case in cases if case.group not in held_apart]
        suggester = Suggester.learn(
            vocabularies,
            [
                (text, labels_of(case))
                for case in training
                for text in case.texts.values()
            ],
        )
        counts = Counter(label for case in training for label in labels_of(case))
        frequent = frozenset([min(counts, key=lambda label: (-counts[label], label))])
        for language in LANGUAGES:
            for case in _to_test(cases, held_apart, language, labels_of):
                text, true = case.texts[language], labels_of(case)
                given = frozenset(item.label for item in suggester.suggest(text))
                found = keywords(text, language, single)
                results["suggestions"][language].pairs[case.group] = (given, true)
                results["keywords"][language].pairs[case.group] = (found, true)
                results["most frequent"][language].pairs[case.group] = (frequent, true)
    return results


def _to_test(
    cases: list[Case],
    groups: set[int],
    language: str,
    labels_of: Callable[[Case], Labels],
) -> list[Case]:
    """Return one description for each group: its longest in this language."""
    best: dict[int, Case] = {}
    for case in cases:
        if case.group not in groups or not labels_of(case):
            continue
        text = case.texts.get(language, "")
        known = best.get(case.group)
        if any(words(text)) and (
            known is None or len(text) > len(known.texts[language])
        ):
            best[case.group] = case
    return list(best.values())


def interval(scores: Scores, other: Scores | None = None) -> tuple[float, float]:
    """Return 95 % of F1, or of its lead over another, when groups are drawn anew."""
    chance = random.Random(SEED)
    groups = list(scores.pairs)
    drawn = []
    for _number in range(RESAMPLES):
        sample = chance.choices(groups, k=len(groups))
        own = scores.figures(sample)[2]
        drawn.append(own - other.figures(sample)[2] if other else own)
    drawn.sort()
    return drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES) - 1]


def life_events(cases: list[Case]) -> Results:
    """Measure what editors get: situations, learnt and from the starter set's words."""
    every, single = situation_words()
    return evaluate(cases, lambda case: case.situations, every, single)


def service_classes(cases: list[Case], least: int = 5) -> Results:
    """Measure the same learning on more: classes that at least five groups have.

    Their names are in Finnish only: in the other languages there are no words to find.
    """
    groups: dict[str, set[int]] = defaultdict(set)
    for case in cases:
        for label in case.classes:
            groups[label].add(case.group)
    kept = {label for label, own in groups.items() if len(own) >= least}
    every: Vocabularies = {label: {"fi": [label]} for label in sorted(kept)}
    single: Vocabularies = {
        label: {"fi": [word for word in words(label) if len(word) > 3]}
        for label in sorted(kept)
    }
    return evaluate(cases, lambda case: case.classes & kept, every, single)


# --- The table ------------------------------------------------------------------------


def table(results: Results) -> str:
    lines = [
        "| Language | Way | Services | Precision | Recall | F1 | 95 % of F1 |",
        "| --- | --- | --: | --: | --: | --: | --- |",
    ]
    for language in LANGUAGES:
        for name, by_language in results.items():
            scores = by_language[language]
            precision, recall, f1 = scores.figures()
            low, high = interval(scores)
            lines.append(
                f"| {language} | {name} | {len(scores.pairs)} | {precision:.2f} "
                f"| {recall:.2f} | {f1:.2f} | {low:.2f}–{high:.2f} |"
            )
    for language in LANGUAGES:
        ours, theirs = results["suggestions"][language], results["keywords"][language]
        lead = ours.figures()[2] - theirs.figures()[2]
        low, high = interval(ours, theirs)
        lines += [
            "",
            f"{language}: F1 {lead:+.2f} over keywords (95 %: {low:+.2f} to {high:+.2f})",
        ]
    return "\n".join(lines)


def main() -> None:
    if not OLD.exists():
        sys.exit(f"The real files are not here: {OLD.parent}")
    cases = read_cases()
    tagged = [case for case in cases if case.situations]
    print(
        f"{len(cases)} descriptions, {len({case.group for case in cases})} groups; "
        f"{len(tagged)} with a life event, in {len({case.group for case in tagged})}\n"
    )
    print("## Life events\n")
    print(table(life_events(cases)))
    print("\n## Service classes\n")
    print(table(service_classes(cases)))


if __name__ == "__main__":
    main()
