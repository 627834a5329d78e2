"""An editor at work in a process of their own: ``python -m drills.edit page word``."""

import sys

import django

django.setup()

from wagtail.models import Page, PageViewRestriction  # noqa: E402


def publish(page: Page, word: str) -> None:
    page.title = word
    page.save_revision().publish()


def make_private(page: Page, word: str) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def unpublish(page: Page, word: str) -> None:
    page.unpublish()


if __name__ == "__main__":
    _, act, path, new = sys.argv
    found = next(
        item.specific
        for item in Page.objects.live()
        if (item.get_url() or "").endswith(path)
    )
    {"publish": publish, "private": make_private, "unpublish": unpublish}[act](
        found, new
    )
