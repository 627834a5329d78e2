"""T1: no visitor sees another's data, on any stack; and the drill would have seen it."""

from __future__ import annotations

import pytest

from drills.stacks import BLIND_STACK, STACKS, WRONG_STACKS, isolation

ENOUGH_TO_LEAK = 300
# These store pages that read nothing; the others have no cache to hit.
CACHING = ("cache middleware", "cache_page", "wagtail-cache", "nginx", "page cache")


def names(stacks):
    return [stack.name for stack in stacks]


@pytest.mark.parametrize("stack", STACKS, ids=names(STACKS))
def test_nobody_sees_anything_of_another_visitors(
    stack, ground, seed, share, needs, tell
):
    needs(stack)

    result = isolation(stack, ground, n=share, seed=seed)

    tell(result.as_dict())
    assert result.n == share
    assert not result.told
    assert (result.leaks, result.missing) == (0, 0)
    # Silence would prove nothing: everybody sees what is theirs.
    assert result.shown > share / 2
    if any(word in stack.name for word in CACHING):
        assert result.hits > 0


@pytest.mark.parametrize("stack", WRONG_STACKS, ids=names(WRONG_STACKS))
def test_the_drill_finds_a_cache_that_leaks(stack, ground, seed, needs, tell):
    needs(stack)

    result = isolation(stack, ground, n=ENOUGH_TO_LEAK, seed=seed)

    tell({**result.as_dict(), "told": result.told[:3]})
    assert result.foreign > 0


def test_the_drill_finds_a_site_that_shows_nothing_personal(ground, seed, tell):
    result = isolation(BLIND_STACK, ground, n=ENOUGH_TO_LEAK, seed=seed)

    tell({**result.as_dict(), "told": result.told[:3]})
    assert result.missing > 0
