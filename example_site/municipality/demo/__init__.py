"""The content of Strandvik; each module creates what is missing and leaves the rest."""

import json
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parent.parent / "content"


@cache
def texts(name: str) -> dict[str, Any]:
    """Return one file of the municipality's texts."""
    loaded: dict[str, Any] = json.loads(
        (CONTENT / f"{name}.json").read_text(encoding="utf-8")
    )
    return loaded
