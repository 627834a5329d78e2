"""What was chosen before it was flagged as sensitive: nobody knows when, so forget it."""

from collections import defaultdict
from dataclasses import replace

from wagtail_medborgare.situations.snapshot import situations
from wagtail_medborgare.visitors.choices import Choices, Chosen, Kept
from wagtail_medborgare.visitors.things import get_kind


def without_newly_sensitive(choices: Choices) -> Choices:
    """Return the choices without what has become sensitive since it was chosen."""
    return replace(
        choices,
        situations=situations_without_newly_sensitive(choices.situations),
        saved=things_without_newly_sensitive(choices.saved),
        dismissed=things_without_newly_sensitive(choices.dismissed),
    )


def situations_without_newly_sensitive(
    chosen: tuple[Chosen, ...],
) -> tuple[Chosen, ...]:
    """Leave out the situations that carry no time although they are sensitive now."""
    sensitive = situations.get().sensitive_pks
    return tuple(
        item for item in chosen if item.made is not None or item.pk not in sensitive
    )


def things_without_newly_sensitive(kept: tuple[Kept, ...]) -> tuple[Kept, ...]:
    """Leave out the things that carry no time although they are sensitive now."""
    keys: dict[str, list[str]] = defaultdict(list)
    for item in kept:
        if item.made is None:
            keys[item.kind].append(item.key)
    sensitive: set[tuple[str, str]] = set()
    for name, of_kind in keys.items():
        kind = get_kind(name)
        if kind is not None:
            found = kind.sensitivity(of_kind)
            sensitive |= {(name, key) for key in of_kind if found.get(key)}
    return tuple(item for item in kept if (item.kind, item.key) not in sensitive)
