"""Asking axe, and telling what it found in one line each."""

from __future__ import annotations

import importlib.resources
from typing import Any

import pytest

axe_package = pytest.importorskip(
    "axe_playwright_python", reason="axe-playwright-python is not installed"
)
AXE = (importlib.resources.files(axe_package) / "axe.min.js").read_text(
    encoding="utf-8"
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def problems(page: Any, *, colours_only: bool = False) -> list[str]:
    """Return what axe finds on a page; the rules about colours are the quick ones."""
    page.evaluate(AXE)
    rules = (
        {"type": "rule", "values": ["color-contrast"]}
        if colours_only
        else {"type": "tag", "values": WCAG}
    )
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, iframes: false})", rules
    )
    return [
        f"{item['id']}: {item['help']} — {node['html'][:160]} "
        f"{node.get('failureSummary', '')[:200]}"
        for item in found["violations"]
        for node in item["nodes"]
    ]
