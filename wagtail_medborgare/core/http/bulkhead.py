"""Let a hung system hold a few threads, and never all of them."""

import threading
from collections.abc import Callable

from wagtail_medborgare.core.http.deadline import Deadline
from wagtail_medborgare.core.http.exceptions import HttpUnavailable
from wagtail_medborgare.core.http.policy import HttpPolicy

_slots: dict[tuple[str, int], threading.BoundedSemaphore] = {}
_lock = threading.Lock()


def take_slot(policy: HttpPolicy, *, deadline: Deadline) -> Callable[[], None]:
    """Wait for one of the connector's slots and return the function that frees it.

    The thread that makes the call frees it, not the caller who may have given up: a
    thread that hangs in the system's resolver still counts.
    """
    with _lock:
        slots = _slots.setdefault(
            (policy.name, policy.slots), threading.BoundedSemaphore(policy.slots)
        )
    if not slots.acquire(timeout=deadline.remaining()):
        raise HttpUnavailable("all slots are taken")
    return slots.release
