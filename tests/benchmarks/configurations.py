"""What is compared: a stack of software, what stands in its database, and who asks."""

import os
from dataclasses import dataclass, field, replace
from importlib.util import find_spec


@dataclass(frozen=True, kw_only=True)
class Content:
    """What stands in the database besides the page of ten blocks."""

    audience: str = "everyone"
    """Whom the blocks are for: everyone, situations or segments."""
    segments: int = 0
    situations: int = 0
    services: int = 0
    pages: int = 0
    is_full: bool = False
    """Are all services and pages for the chosen situations, so that lists are full?"""

    @property
    def has_my_services(self) -> bool:
        return bool(self.services or self.pages)


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """One process's settings, its database and the address that is asked for."""

    name: str
    stack: str = "plain"
    blocks: str = "plain"
    cache: str = ""
    content: Content = field(default_factory=Content)
    path: str = "/"
    has_choice: bool = False
    needs: str = ""
    """The module without which it cannot be measured."""

    @property
    def database_key(self) -> tuple[str, str, Content]:
        """Those with the same key can share a database."""
        kind = self.blocks.removesuffix("-in-stream")
        return self.stack, kind, self.content

    @property
    def is_possible(self) -> bool:
        if not self.needs:
            return True
        try:
            return find_spec(self.needs) is not None
        except ModuleNotFoundError:
            return False

    def environment(self, database_url: str) -> dict[str, str]:
        """Return the environment of a process that runs it."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "BENCH_STACK": self.stack,
            "BENCH_BLOCKS": self.blocks,
            "BENCH_CACHE": self.cache,
            "DATABASE_URL": database_url,
        }


STOCK = "wagtail_personalisation"
PAGE_CACHE = "wagtail_medborgare.segments.page_cache.middleware"

plain = Configuration(name="plain")
empty = Configuration(name="empty", path="/empty/")
django_cache = Configuration(name="django-cache", cache="django")
wagtail_cache = Configuration(
    name="wagtail-cache", cache="wagtail", needs="wagtailcache"
)

# 40 situations own a segment each; the others are the site's own.
_portal = Content(audience="situations", situations=40, segments=160)
installed = Configuration(
    name="installed",
    stack="ours",
    content=replace(_portal, audience="everyone"),
    has_choice=True,
)
personalised = Configuration(
    name="personalised", stack="ours", blocks="ours", content=_portal, has_choice=True
)
in_stream = replace(personalised, name="in-stream", blocks="ours-in-stream")
hit = replace(personalised, name="hit", cache="ours", needs=PAGE_CACHE)


def stock(segments: int) -> Configuration:
    """Return wagtail-personalisation as it comes, a block in ten for each segment."""
    return Configuration(
        name=f"stock-{segments}",
        stack="stock",
        blocks="stock",
        content=Content(audience="segments", segments=segments),
        needs=STOCK,
    )


def ours(segments: int) -> Configuration:
    """Return the same segments and the same page with our adapter and our blocks."""
    return replace(
        stock(segments), name=f"ours-{segments}", stack="ours", blocks="ours"
    )


def with_situations(situations: int) -> Configuration:
    """Return a page whose blocks are for some of this many situations."""
    return Configuration(
        name=f"situations-{situations}",
        stack="ours",
        blocks="ours",
        content=Content(audience="situations", situations=situations),
        has_choice=True,
    )


def _my_services(name: str, content: Content) -> Configuration:
    return Configuration(
        name=name, stack="ours", content=content, path="/my-services/", has_choice=True
    )


_small = Content(situations=40, services=100, pages=10)
my_services_small = _my_services("my-services-small", _small)
my_services_full = _my_services("my-services-full", replace(_small, is_full=True))
my_services_huge = _my_services(
    "my-services-huge", Content(situations=40, services=5_000, pages=20_000)
)
