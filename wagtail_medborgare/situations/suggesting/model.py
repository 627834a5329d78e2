"""Learn from what is tagged already what a text may be about, and say why.

Each label is the average of the texts that have it and of the words of its vocabulary;
a text is compared with each (Rocchio's method over TF-IDF). It needs few examples, has
no chance in it, and every point of a score belongs to a word that can be shown. A
situation without a single tagged text is suggested by its vocabulary alone.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from wagtail_medborgare.situations.suggesting.words import pieces, words

Label = TypeVar("Label", bound=int | str)
Weights = dict[str, float]

LEAST_SCORE = 0.05
"""Below this, two texts have little more in common than their language."""

LEAST_SHARE = 0.75
"""A further suggestion is about as good as the best one, or it is none."""

SURE_SCORE = 0.15
"""Below this, a text that is as much about many things as about one is about none."""

MOST_SUGGESTIONS = 3
MOST_REASONS = 3
MOST_EXAMPLES = 100
"""How many texts of one label are learnt from."""

MOST_BACKGROUND = 1000
"""From how many texts it is learnt which words are common."""

MOST_WEIGHTS = 4000
"""How many pieces of words are kept for one label: the heaviest."""

_IMAGINED = 50
"""As many other texts are imagined, so that on a new site no word is common yet."""

_LEAST_REASON = 0.08
_SAME_BEGINNING = 5


@dataclass(frozen=True, kw_only=True)
class Suggestion(Generic[Label]):
    """One label for a text, how well it fits from 0 to 1, and the words that say so."""

    label: Label
    score: float
    reasons: tuple[str, ...]


class Suggester(Generic[Label]):
    """What was learnt. Made by ``learn``; never changed afterwards."""

    def __init__(self, rarity: Weights, unseen: float) -> None:
        self._rarity = rarity
        self._unseen = unseen
        self._averages: dict[Label, Weights] = {}

    @classmethod
    def learn(
        cls,
        vocabularies: Mapping[Label, Iterable[str]],
        examples: Iterable[tuple[str, Collection[Label]]],
    ) -> "Suggester[Label]":
        """Learn labels from their words and from texts; a text without labels helps, too.

        Where a label has more texts than are learnt from, the first ones are used.
        """
        texts = list(examples)
        background = [text for text, _labels in _spread(texts)]
        known = {label: list(own) for label, own in vocabularies.items()}
        background += [text for own in known.values() for text in own]
        suggester = cls(*_rarity(background))
        suggester._average(known, texts)
        return suggester

    def suggest(
        self, text: str, *, but: Collection[Label] = ()
    ) -> list[Suggestion[Label]]:
        """Return the best labels for a text, the best first, without some of them.

        What the text has already still counts: beside it, little else may be as good.
        """
        counts = Counter(words(text))
        vector = self._vector(counts)
        scores = {
            label: sum(weight * own.get(piece, 0.0) for piece, weight in vector.items())
            for label, own in self._averages.items()
        }
        ranked = sorted(scores, key=lambda label: (-scores[label], str(label)))
        if not ranked:
            return []
        least = max(LEAST_SCORE, LEAST_SHARE * scores[ranked[0]])
        good = [label for label in ranked[:MOST_SUGGESTIONS] if scores[label] >= least]
        if len(good) == MOST_SUGGESTIONS and scores[good[0]] < SURE_SCORE:
            return []
        return [
            Suggestion(
                label=label,
                score=scores[label],
                reasons=self._reasons(label, counts, vector, scores[label]),
            )
            for label in good
            if label not in but
        ]

    def _reasons(
        self, label: Label, counts: Counter[str], vector: Weights, score: float
    ) -> tuple[str, ...]:
        own = self._averages[label]
        share = {
            word: sum(vector[piece] * own.get(piece, 0.0) for piece in pieces(word))
            for word in counts
        }
        reasons: list[str] = []
        for word in sorted(share, key=lambda word: (-share[word], word)):
            if share[word] < _LEAST_REASON * score or len(reasons) == MOST_REASONS:
                break
            # One form of a word is reason enough.
            if not word.startswith(tuple(item[:_SAME_BEGINNING] for item in reasons)):
                reasons.append(word)
        return tuple(reasons)

    def _vector(self, counts: Mapping[str, int]) -> Weights:
        weights: Weights = defaultdict(float)
        for word, count in counts.items():
            weight = 1 + math.log(count)
            for piece in pieces(word):
                weights[piece] += weight * self._rarity.get(piece, self._unseen)
        return _normalised(weights)

    def _average(
        self,
        known: Mapping[Label, Sequence[str]],
        texts: Sequence[tuple[str, Collection[Label]]],
    ) -> None:
        by_label: dict[Label, list[str]] = defaultdict(list)
        for text, labels in texts:
            for label in labels:
                if len(by_label[label]) < MOST_EXAMPLES:
                    by_label[label].append(text)
        for label, own in known.items():
            learnt: Weights = defaultdict(float)
            taught = by_label.get(label, [])
            # The words of the vocabulary weigh as much as a few examples, and less and
            # less the more there are.
            share = 1 / math.sqrt(len(taught)) if taught else 0.0
            for text, weight in _weighted(own, 1.0, taught, share):
                for piece, value in self._vector(Counter(words(text))).items():
                    learnt[piece] += weight * value
            self._averages[label] = _heaviest(_normalised(learnt))


def _weighted(
    own: Sequence[str], weight: float, taught: Sequence[str], share: float
) -> Iterator[tuple[str, float]]:
    yield from ((text, weight) for text in own)
    yield from ((text, share) for text in taught)


def _spread(
    texts: Sequence[tuple[str, Collection[Label]]],
) -> Sequence[tuple[str, Collection[Label]]]:
    """Return no more than the most, from everywhere among them."""
    return texts[:: math.ceil(len(texts) / MOST_BACKGROUND) or 1]


def _rarity(texts: Sequence[str]) -> tuple[Weights, float]:
    """Return how rare each piece of a word is, and how rare one is that is not there."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update({piece for word in set(words(text)) for piece in pieces(word)})
    total = len(texts) + _IMAGINED
    rarity = {piece: math.log(total / (count + 1)) for piece, count in seen.items()}
    # In one text only, a piece says nothing about any other: it is not kept.
    rare = math.log(total / 2)
    kept = {piece: value for piece, value in rarity.items() if value < rare}
    return kept, rare


def _normalised(weights: Mapping[str, float]) -> Weights:
    length = math.sqrt(sum(value * value for value in weights.values()))
    if not length:
        return {}
    return {piece: value / length for piece, value in weights.items()}


def _heaviest(weights: Weights) -> Weights:
    if len(weights) <= MOST_WEIGHTS:
        return weights
    kept = sorted(weights, key=lambda piece: (-weights[piece], piece))[:MOST_WEIGHTS]
    return {piece: weights[piece] for piece in kept}
