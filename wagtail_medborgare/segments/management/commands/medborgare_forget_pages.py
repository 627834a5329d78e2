from typing import Any

from django.core.management.base import BaseCommand

from wagtail_medborgare.segments.page_cache.changes import forget_pages


class Command(BaseCommand):
    help = "Drop every page that the page cache keeps: after new code or templates."

    def handle(self, *args: Any, **options: Any) -> None:
        forget_pages()
        self.stdout.write(
            "All kept pages are dropped, in every process in about a second."
        )
