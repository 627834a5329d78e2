"""Where in the tree the situations of sections hold: what covers, and what leaves.

A section's situations hold for its page and everything beneath, but not beyond a page
that leaves: there, nothing that is said above it holds. All work on paths of the tree,
where a page's path begins with the paths of everything above it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Region:
    """A page and everything beneath it, but for what has left."""

    path: str
    exits: list[str] = field(default_factory=list)


def regions(sections: Iterable[str], exits: Iterable[str]) -> list[Region]:
    """Return where any of these sections holds, as few regions as will do.

    A section within another one adds nothing, unless a page between them has left.
    """
    starts = set(sections)
    found: list[Region] = []
    around: list[tuple[str, Region | None]] = []
    for path in sorted(starts.union(exits)):
        while around and not path.startswith(around[-1][0]):
            around.pop()
        region = around[-1][1] if around else None
        if path in starts and region is None:
            found.append(Region(path))
            around.append((path, found[-1]))
        elif path not in starts and region is not None:
            region.exits.append(path)
            around.append((path, None))
    return found


def deepest_exit(path: str, exits: Iterable[str]) -> str:
    """Return the nearest page at or above a path that leaves; empty without one."""
    return max((left for left in exits if path.startswith(left)), default="")


def holds(section: str, path: str, left: str) -> bool:
    """Say whether a section holds for a path, whose ``deepest_exit`` is ``left``."""
    # What is above the other is the shorter of two beginnings of the same path.
    return path.startswith(section) and len(section) >= len(left)
