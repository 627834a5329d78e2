"""Weigh a site's start page, as its settings have it; prints JSON."""

import json
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings

from benchmarks.weights import compressed


class Files(HTMLParser):
    """The style sheets and scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: set[str] = set()
        self.blocking_scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and "stylesheet" in (given.get("rel") or ""):
            self.paths.add(given.get("href") or "")
        elif tag == "script" and given.get("src"):
            self.paths.add(given["src"] or "")
            is_module = given.get("type") == "module"
            if not is_module and not given.keys() & {"async", "defer"}:
                self.blocking_scripts += 1


def main() -> None:
    django.setup()
    from django.contrib.staticfiles import finders
    from django.test import Client

    answer = Client().get("/", headers={"Host": "localhost"})
    assert answer.status_code == 200, answer.status_code
    files = Files()
    files.feed(answer.content.decode())
    total = compressed(answer.content)
    for path in files.paths:
        name = urlsplit(path).path.removeprefix(settings.STATIC_URL)
        found = finders.find(name)
        assert found, f"{path} is not one of our static files"
        total += compressed(Path(found).read_bytes())
    json.dump(
        {
            "bytes": total,
            "files": 1 + len(files.paths),
            "blocking_scripts": files.blocking_scripts,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
