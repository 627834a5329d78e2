"""What a query reads: single rows, the children of a page, or whole tables.

Django writes a query with quoted names and with its values apart. What is not recognised
here as reading less is taken to read whole tables; what names no table of a model is not
known, and its page is not kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wagtail.models import Page, PageViewRestriction, Site

from wagtail_medborgare.segments.page_cache import tables

_VERB = re.compile(r"\w*")
_WRITING = frozenset(
    {
        *("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "SAVEPOINT", "RELEASE"),
        *("ROLLBACK", "COMMIT", "BEGIN", "SET", "LOCK", "CREATE", "ALTER", "DROP"),
    }
)

# More keys than this in one query are a list.
MOST_KEYS = 50

_NAME = r"[\"`](\w+)[\"`]"
_READ = re.compile(r"\b(?:FROM|JOIN)\s+(?!\()[\"`]?(\w+)[\"`]?", re.IGNORECASE)
_COMMA_JOIN = re.compile(r'\bFROM\s+["`]?\w+["`]?(?:\s+(?:AS\s+)?\w+)?\s*,', re.I)
_JOIN = re.compile(
    rf" (?:INNER|LEFT OUTER) JOIN {_NAME} ON "
    rf"\({_NAME}\.{_NAME} = {_NAME}\.{_NAME}\)"
)
_EQUALS = re.compile(
    rf"(?:WHERE \(?|AND \(?){_NAME}\.{_NAME} (?:= %s|IN \((%s(?:, %s)*)\))(?=[) ]|$)"
)
_WORDS = re.compile(r"\w+")
_ALTERNATIVES = frozenset({"OR", "CASE", "UNION", "XOR", "FILTER"})
_AFTER_WHERE = re.compile(r" (?:GROUP BY|HAVING|ORDER BY|WINDOW|LIMIT) ")
_DEPTH = re.compile(rf"{_NAME}\.[\"`]depth[\"`] = %s")
_BENEATH = re.compile(rf"{_NAME}\.[\"`]path[\"`](?:::text)? (BETWEEN|LIKE) %s")

# Wagtail asks it of each page before it asks for restrictions. What it reads of the pages
# above changes only when they move, and that drops every page.
_ANCESTOR_KEYS = re.compile(
    r"SELECT .{0,40}\bid\b.{0,60}\balias_of_id\b.{0,30} FROM \S+ "
    r"WHERE \(\S+path\S IN"
)


@dataclass(frozen=True)
class Reading:
    """What one query reads; its parameters say which rows."""

    is_known: bool = True
    tables: tuple[str, ...] = ()
    """Read as a whole."""

    rows: tuple[str, ...] = ()
    """Read by the keys among the parameters."""

    keys: tuple[int, int] = (0, 0)
    children: tuple[int, int] | None = None
    """The places of the depth and of the path that the children of a page lie beneath."""

    def stamps(self, params: Sequence[Any]) -> Iterator[str]:
        """Return the stamps that tell of changes in what was read."""
        yield from map(tables.table_stamp, self.tables)
        keys = params[slice(*self.keys)]
        for table in self.rows:
            if len(keys) > MOST_KEYS:
                yield tables.table_stamp(table)
                continue
            yield tables.rows_stamp(table)
            yield from (tables.row_stamp(table, key) for key in keys)
        if self.children is not None:
            yield self._stamp_of_children(params)

    def _stamp_of_children(self, params: Sequence[Any]) -> str:
        assert self.children is not None  # noqa: S101  (asked only then)
        depth, beneath = (params[place] for place in self.children)
        # From "…0000" to "…ZZZZ", or like "…%".
        path = beneath[:-1] if beneath.endswith("%") else beneath[: -Page.steplen]
        if depth == len(path) // Page.steplen + 1:
            return tables.children_stamp(path)
        return tables.table_stamp(Page._meta.db_table)


@lru_cache(maxsize=2048)
def reading_of(sql: str) -> Reading:
    """Return what a query reads."""
    # A doubled percent sign is none of the places of the values.
    sql = sql.strip().replace("%%", "__")
    verb = _VERB.match(sql)
    word = verb[0].upper() if verb else ""
    if word in _WRITING or not sql:
        return Reading()
    if word != "SELECT" and not sql.startswith("("):
        return Reading(is_known=False)
    return _selected(sql)


def _selected(sql: str) -> Reading:
    names = list(dict.fromkeys(_READ.findall(sql)))
    known = tables.models_by_table()
    found = [known.get(name) for name in names]
    if _COMMA_JOIN.search(sql) or None in found:
        return Reading(is_known=False)
    if any(model is not None and tables.is_busy(model) for model in found):
        return Reading(is_known=False)
    if not names and "(" in sql:
        # What a function of the database reads is not told.
        return Reading(is_known=False)
    if _is_of_sites(names) or _ANCESTOR_KEYS.match(sql) or not list(_followed(names)):
        return Reading()
    whole = Reading(tables=tuple(_followed(names)))
    return whole if sql.startswith("(") else _narrowed(sql, names[0]) or whole


def _is_of_sites(names: list[str]) -> bool:
    """Where sites begin and what is restricted: pages above move, or all is dropped."""
    bases = {model._meta.db_table for model in (Site, PageViewRestriction)}
    return (
        bool(names)
        and names[0] in bases
        and set(_followed(names)) <= {Page._meta.db_table}
    )


def _followed(names: list[str]) -> Iterator[str]:
    known = tables.models_by_table()
    for name in names:
        if not tables.is_derived(known[name]) and not tables.is_everything(known[name]):
            yield name


def _narrowed(sql: str, base: str) -> Reading | None:
    """Return what is read where it is less than whole tables.

    Only for one table, its parent models, and what every page depends on anyway; and only
    where all conditions must hold, so that each of them narrows what is read.
    """
    joins = _JOIN.findall(sql)
    words = _WORDS.findall(sql.upper())
    if words.count("JOIN") != len(joins) or words.count("FROM") != 1:
        return None
    if words.count("WHERE") > 1 or not _ALTERNATIVES.isdisjoint(words):
        return None
    parents = [join[0] for join in joins if _is_parent(join)]
    others = [join[0] for join in joins if not _is_parent(join)]
    if list(_followed(others)):
        return None
    rows = (base, *parents)
    keyed = _by_key(sql, rows)
    if keyed is not None:
        return Reading(rows=rows, keys=keyed)
    children = _beneath(sql) if rows == (Page._meta.db_table,) else None
    if children is not None:
        return Reading(children=children)
    # A page of this type is one row in each of its tables.
    return Reading(tables=(base,))


def _is_parent(join: tuple[str, ...]) -> bool:
    """Say whether a join adds the columns of a parent model, by primary key."""
    _table, left, left_column, right, right_column = join
    return _is_key(left, left_column) and _is_key(right, right_column)


def _is_key(table: str, column: str) -> bool:
    model = tables.models_by_table().get(table)
    return (
        model is not None
        and model._meta.pk is not None
        and (model._meta.pk.column == column)
    )


def _by_key(sql: str, rows: tuple[str, ...]) -> tuple[int, int] | None:
    """Return where among the parameters the keys of the rows are."""
    for found in _EQUALS.finditer(sql, *_conditions(sql)):
        table, column, many = found.groups()
        if re.search(r"\bNOT\b", sql[: found.start()]):
            return None
        if table in rows and column in _keys_of(table):
            start = sql.count("%s", 0, found.start())
            return start, start + (many or "%s").count("%s")
    return None


def _conditions(sql: str) -> tuple[int, int]:
    """Return where the conditions begin and end that every row read must meet."""
    begin = sql.find(" WHERE ")
    if begin < 0:
        return len(sql), len(sql)
    end = _AFTER_WHERE.search(sql, begin)
    return begin, end.start() if end else len(sql)


def _keys_of(table: str) -> frozenset[str]:
    model = tables.models_by_table()[table]
    return frozenset(tables.key_columns(model))


def _beneath(sql: str) -> tuple[int, int] | None:
    """Return where the depth and the path are, if the children of a page are read."""
    part = _conditions(sql)
    depth, beneath = _DEPTH.search(sql, *part), _BENEATH.search(sql, *part)
    if depth is None or beneath is None:
        return None
    for found in (depth, beneath):
        if re.search(r"\bNOT\b", sql[: found.start()]):
            return None
    return (
        sql.count("%s", 0, depth.start()),
        sql.count("%s", 0, beneath.start()),
    )
