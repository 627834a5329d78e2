"""What can be wrong with a link: a word that is stored, and what an editor reads."""

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "gone": _("The page does not exist."),
    "refused": _("The server says no."),
    "failing": _("The server has a fault."),
    "slow": _("The server did not answer in time."),
    "unreachable": _("The server cannot be reached."),
    "not_public": _("It is no public address."),
    "not_an_address": _("It is no web address."),
    "moved": _("The page has moved."),
}

MOVED = "moved"


def in_words(problem: str) -> str:
    """Return what an editor reads; what is unknown, as it is stored."""
    return str(_WORDS.get(problem, problem))
