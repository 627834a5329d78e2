"""Names joined as a language joins them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def either(names: Sequence[str]) -> str:
    """Return “a, b or c”."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s or %(last)s") % {
        "first": _listed(names[:-1]),
        "last": names[-1],
    }


def together(names: Sequence[str]) -> str:
    """Return “a, b and c”."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {
        "first": _listed(names[:-1]),
        "last": names[-1],
    }


def _listed(names: Sequence[str]) -> str:
    listed = names[0]
    for name in names[1:]:
        # Translators: names one after the other, before “or” or “and”.
        listed = pgettext("list", "%(names)s, %(name)s") % {
            "names": listed,
            "name": name,
        }
    return listed
