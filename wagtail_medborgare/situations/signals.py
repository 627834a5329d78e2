"""What other rooms are told about life situations."""

from django.dispatch import Signal

situation_merged = Signal()
"""One situation has become part of another: ``old`` and ``into``.

Sent within the transaction, after the rows have moved and before ``old`` is deleted:
whoever keeps keys of situations elsewhere (in streams, in rules) lets them follow now.
"""
