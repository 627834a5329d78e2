"""Let a source be followed without ever overwriting what a person has changed.

Each record remembers what its source said last (the baseline). A field that still says
what the baseline says follows the source; a field that a person has changed is theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Merge:
    """What to write, and which fields were left as a person wants them."""

    changes: dict[str, Any] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def merge_fields(
    *,
    baseline: Mapping[str, Any],
    incoming: Mapping[str, Any],
    current: Mapping[str, Any],
) -> Merge:
    """Compare three states, field by field, and return what should be written.

    A field that the baseline does not know was never imported: it follows the source
    only while it is empty.
    """
    changes: dict[str, Any] = {}
    kept: list[str] = []
    for name, wanted in incoming.items():
        now = current[name]
        if now == wanted:
            continue
        untouched = now == baseline[name] if name in baseline else now in ("", None)
        if untouched:
            changes[name] = wanted
        elif baseline.get(name) != wanted:
            kept.append(name)
    return Merge(changes=changes, kept=tuple(kept))
