from __future__ import annotations

from typing import Any

import pytest
from security.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def hostile_town(db: None) -> Any:
    from security.hostile import HostileTown

    return HostileTown()
