"""Paragraphs, headings and lists, built from tags in any order."""

import html
import re

# As deep as the editor's own lists go.
DEEPEST_LIST = 4
BREAK = "<br/>"
BETWEEN_CELLS = " – "

_EMPTY = re.compile(r"<(b|i|a)(?: [^>]*)?>\s*</\1>")
_SPACES = re.compile(r"\s+")
_AROUND_BREAK = re.compile(r" ?<br/> ?")
_LAST_BREAKS = re.compile(r"(?:<br/>)+$")


class Blocks:
    """Collect one block at a time; no tag ever stays open, nests in itself or is empty."""

    def __init__(self) -> None:
        self._done: list[tuple[str, tuple[str, ...], str]] = []
        self._lists: list[str] = []
        self._too_deep = 0
        self._has_own_list = False
        self._kind = "p"
        self._inline: dict[str, str] = {}
        self._parts: list[str] = []
        self._has_text = False
        self._wanted = ""

    def text(self, text: str) -> None:
        """Add text, whose special signs the caller has taken care of."""
        if text.strip():
            if self._has_text and self._wanted:
                self._parts.append(self._wanted)
            self._wanted = ""
            self._has_text = True
        self._parts.append(text)

    def line_break(self) -> None:
        """Break the line; a second break makes a paragraph of its own."""
        if self._wanted == BREAK and not self._lists:
            self._flush(kind=self._kind)
        self._wanted = BREAK

    def cell(self) -> None:
        """Part the cells of a table, each row of which is a paragraph."""
        self._wanted = self._wanted or BETWEEN_CELLS

    def open(self, name: str, *, href: str = "") -> None:
        """Open an inline tag, unless it is open already."""
        if name not in self._inline:
            if self._wanted == BREAK and self._has_text:
                self._parts.append(BREAK)
                self._wanted = ""
            attribute = f' href="{html.escape(href)}"' if href else ""
            self._inline[name] = f"<{name}{attribute}>"
            self._parts.append(self._inline[name])

    def close(self, name: str) -> None:
        """Close an inline tag; those that were opened inside it go on after it."""
        if name not in self._inline:
            return
        names = list(self._inline)
        inner = names[names.index(name) + 1 :]
        self._parts += [f"</{other}>" for other in reversed([name, *inner])]
        del self._inline[name]
        self._parts += [self._inline[other] for other in inner]

    def paragraph(self, kind: str = "p") -> None:
        """Begin a new paragraph or heading; inside a list a new line."""
        if self._lists:
            self._wanted = BREAK
        else:
            self._flush(kind=kind)

    def open_list(self, name: str) -> None:
        """Begin a list."""
        self._flush()
        if self._has_own_list:
            self.close_list()
        if len(self._lists) < DEEPEST_LIST:
            self._lists.append(name)
        else:
            self._too_deep += 1

    def close_list(self) -> None:
        """End the innermost list, if there is one."""
        self._flush()
        self._has_own_list = False
        if self._too_deep:
            self._too_deep -= 1
        elif self._lists:
            self._lists.pop()

    def open_item(self) -> None:
        """Begin an item, in a list of its own if need be."""
        self._flush()
        if not self._lists:
            self._lists.append("ul")
            self._has_own_list = True

    def close_item(self) -> None:
        """End an item."""
        if self._has_own_list:
            self.close_list()
        else:
            self._flush()

    def html(self) -> str:
        """Return what has been collected."""
        self._flush()
        parts: list[str] = []
        path: tuple[str, ...] = ()
        for kind, lists, content in self._done:
            # An item can be one level deeper than the one before it, not more.
            wanted = lists[: len(path) + 1]
            parts += _move(path, wanted)
            parts.append(content if wanted else f"<{kind}>{content}</{kind}>")
            path = wanted
        return "".join([*parts, *_move(path, ())])

    def _flush(self, *, kind: str = "p") -> None:
        closing = [f"</{name}>" for name in reversed(self._inline)]
        if self._has_text:
            content = _tidy("".join([*self._parts, *closing]))
            self._done.append((self._kind, tuple(self._lists), content))
        self._kind = kind
        self._parts = list(self._inline.values())
        self._has_text = False
        self._wanted = ""


def _move(path: tuple[str, ...], wanted: tuple[str, ...]) -> list[str]:
    """Return the tags that lead from one item to the next."""
    same = 0
    while same < min(len(path), len(wanted)) and path[same] == wanted[same]:
        same += 1
    tags = [f"</li></{name}>" for name in reversed(path[same:])]
    if wanted and same == len(wanted):
        tags.append("</li><li>")
    return tags + [f"<{name}><li>" for name in wanted[same:]]


def _tidy(content: str) -> str:
    content = _SPACES.sub(" ", content)
    for _depth in range(3):
        content = _EMPTY.sub(" ", content)
    content = _AROUND_BREAK.sub(BREAK, _SPACES.sub(" ", content))
    return _LAST_BREAKS.sub("", content).strip()
