"""What the drills know of the site under test: written by ``build_site``, read by clients."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from drills.canaries import Canary


@dataclass(frozen=True, kw_only=True)
class Page:
    """An address of the site."""

    name: str
    path: str
    is_public: bool
    """Is it the same for everybody?"""

    has_chooser: bool = False
    """Does it show what is ticked?"""


@dataclass(frozen=True, kw_only=True)
class Situation:
    slug: str
    is_sensitive: bool


@dataclass(frozen=True, kw_only=True)
class Person:
    """What the site holds ready for one synthetic visitor."""

    kind: str
    session: str
    to_save: str
    to_dismiss: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site's pages, situations, canaries and visitors."""

    pages: tuple[Page, ...]
    situations: tuple[Situation, ...]
    canaries: tuple[Canary, ...]
    people: tuple[Person, ...]

    def page(self, name: str) -> Page:
        return next(page for page in self.pages if page.name == name)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Site":
        raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            pages=tuple(Page(**item) for item in raw["pages"]),
            situations=tuple(Situation(**item) for item in raw["situations"]),
            canaries=tuple(
                Canary(**{**item, "places": tuple(item["places"])})
                for item in raw["canaries"]
            ),
            people=tuple(Person(**item) for item in raw["people"]),
        )
