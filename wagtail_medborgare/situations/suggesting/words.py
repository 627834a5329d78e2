"""Words of a text, and the pieces of words by which related words know each other.

"förskola" and "förskoleplats", "rakennuslupa" and "rakennusluvan" share their beginnings,
"anhörigvård" and "äldrevård" their ends. Overlapping pieces of five letters find all of
that, compounds and inflection alike, in any language and without a dictionary.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

MOST_LETTERS = 4000
"""How much of a text is read: what it is about stands first."""

_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[^\W\d_]{3,40}")
_PIECE = 5


def words(text: str) -> Iterator[str]:
    """Return the words of a plain or rich text, in small letters, in their order."""
    plain = unescape(_TAG.sub(" ", text[: 2 * MOST_LETTERS]))[:MOST_LETTERS]
    return iter(_WORD.findall(unicodedata.normalize("NFC", plain).lower()))


@lru_cache(maxsize=50_000)
def pieces(word: str) -> tuple[str, ...]:
    """Return the overlapping pieces of a word whose ends are marked, itself if short."""
    marked = f"^{word}$"
    if len(marked) <= _PIECE + 1:
        return (marked,)
    places = range(len(marked) - _PIECE + 1)
    return tuple(marked[place : place + _PIECE] for place in places)
