"""The rows of the table: what is measured beside what, and what must come out."""

from dataclasses import dataclass

from benchmarks import configurations as of
from benchmarks.configurations import Configuration
from benchmarks.goals import (
    Goal,
    calls_at_most,
    cpu_at_most,
    cpu_within_noise,
    no_cookie,
    no_more_queries,
    no_writes,
    queries_at_most,
    same_for_all,
    throughput_at_least,
    wall_at_most,
)


@dataclass(frozen=True)
class Row:
    """One line: a subject, measured in turns with a baseline."""

    label: str
    subject: Configuration
    goals: tuple[Goal, ...] = ()
    baseline: Configuration = of.plain

    @property
    def name(self) -> str:
        """How ``--only`` knows it."""
        if self.baseline is of.plain:
            return self.subject.name
        return f"{self.subject.name}:{self.baseline.name}"

    @property
    def needs_load(self) -> bool:
        """Load takes its time: beside plain it is always worth it, else for a goal."""
        asked = any(goal.needs_load for goal in self.goals)
        return asked or self.baseline is of.plain

    @property
    def is_possible(self) -> bool:
        return self.subject.is_possible and self.baseline.is_possible


_silent = (no_more_queries, no_writes, no_cookie)

_SEGMENT_COUNTS = (1, 10, 50, 200)

ROWS: tuple[Row, ...] = (
    Row("plain Wagtail page, uncached (noise)", of.plain),
    Row("empty Django view, same middleware (limit of any hit)", of.empty),
    Row(
        "plain page, our package installed",
        of.installed,
        (calls_at_most(1.01), no_more_queries, same_for_all),
    ),
    Row(
        "personalised page: 10 blocks, 40 situations, 200 segments, choice made",
        of.personalised,
        (calls_at_most(1.03), cpu_within_noise, *_silent),
    ),
    Row(
        "the same in a PersonalisedStreamBlock",
        of.in_stream,
        (calls_at_most(1.03), cpu_within_noise, *_silent),
    ),
    *(
        Row(f"stock wagtail-personalisation, {count} segments", of.stock(count))
        for count in _SEGMENT_COUNTS
    ),
    *(
        Row(f"ours, the same {count} segments and page", of.ours(count), _silent)
        for count in _SEGMENT_COUNTS
    ),
    Row(
        "ours against stock, 50 segments, uncached",
        of.ours(50),
        (throughput_at_least(16),),
        of.stock(50),
    ),
    Row("Django's cache middleware, hit (not personal)", of.django_cache),
    Row("wagtail-cache, hit (not personal)", of.wagtail_cache),
    Row(
        "our page cache, hit with a choice made",
        of.hit,
        (
            cpu_at_most(0.04),
            queries_at_most(0),
            no_writes,
            no_cookie,
            throughput_at_least(15),
        ),
    ),
    Row(
        "our hit against Django's cache middleware's hit",
        of.hit,
        (cpu_at_most(0.9),),
        of.django_cache,
    ),
    Row(
        "our hit against stock, 50 segments",
        of.hit,
        (throughput_at_least(250),),
        of.stock(50),
    ),
    Row(
        "My services: 40 situations, 100 services, 10 pages",
        of.my_services_small,
        (queries_at_most(12), cpu_at_most(2)),
    ),
    Row(
        "the same, all of them for the chosen situations (full lists)",
        of.my_services_full,
        (queries_at_most(12), cpu_at_most(2)),
    ),
    Row(
        "My services: 40 situations, 5,000 services, 20,000 pages",
        of.my_services_huge,
        (queries_at_most(12), cpu_at_most(2)),
    ),
    Row(
        "growth: My services huge against small",
        of.my_services_huge,
        (wall_at_most(1.2),),
        of.my_services_small,
    ),
    Row(
        "growth: My services huge against small with equally long lists",
        of.my_services_huge,
        (wall_at_most(1.2),),
        of.my_services_full,
    ),
    Row(
        "growth: 10 → 1,000 segments",
        of.ours(1_000),
        (calls_at_most(1.05), cpu_within_noise, no_more_queries),
        of.ours(10),
    ),
    Row(
        "growth: 10 → 1,000 situations",
        of.with_situations(1_000),
        (calls_at_most(1.05), cpu_within_noise, no_more_queries),
        of.with_situations(10),
    ),
)

QUICK = ("plain", "empty", "installed", "personalised", "stock-10", "ours-10", "hit")
