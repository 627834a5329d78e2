"""Suggest situations for a text, with the words that are the reason. Nobody is asked."""

from wagtail_medborgare.situations.suggesting.model import Suggester, Suggestion

__all__ = ["Suggester", "Suggestion"]
