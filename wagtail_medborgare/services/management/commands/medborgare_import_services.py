from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.http import HttpError, HttpPolicy, fetch
from wagtail_medborgare.services.importers.base import (
    Feed,
    InvalidFeed,
    UnknownImporter,
    get_importer,
)
from wagtail_medborgare.services.importing import ImportSummary, import_feed

PROGRESS_EVERY = 25


class Command(BaseCommand):
    help = "Import services from a file or an address. Run it as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("feed", help="A file, or an https:// address.")
        parser.add_argument("--kind", default="open-eplatform", help="The importer.")
        parser.add_argument(
            "--source", default="", help="Name of the feed; by default its host name."
        )
        parser.add_argument(
            "--allow-loss",
            action="store_true",
            help="Accept that more than a fifth of the services are gone.",
        )
        parser.add_argument(
            "--draft", action="store_true", help="Create new services as drafts."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            importer = get_importer(options["kind"])
            data, charset = self._read(options["feed"])
            feed: Feed = importer.parse(data, charset=charset)
            summary = import_feed(
                feed,
                source=options["source"],
                allow_loss=options["allow_loss"],
                as_drafts=options["draft"],
                progress=self._progress(options["verbosity"]),
            )
        except UnknownImporter as error:
            raise CommandError(_("Unknown importer %(name)s.") % {"name": error}) from error
        except (InvalidFeed, HttpError) as error:
            raise CommandError(
                _("%(error)s Nothing has been changed.") % {"error": error}
            ) from error
        self._report(summary)

    def _read(self, feed: str) -> tuple[bytes, str]:
        parts = urlsplit(feed)
        if parts.scheme in {"http", "https"}:
            policy = HttpPolicy(
                name="service-import",
                allowed=tuple(app_settings.IMPORT_SOURCES),
                deadline=app_settings.IMPORT_DEADLINE_SECONDS,
                max_bytes=app_settings.IMPORT_MAX_BYTES,
                content_types=("application/json", "text/json", "text/plain"),
                loopback=tuple(app_settings.IMPORT_LOOPBACK),
                private_networks=tuple(app_settings.IMPORT_PRIVATE_NETWORKS),
            )
            answer = fetch(policy, feed, path_template="service feed")
            return answer.body, answer.charset or ""
        path = Path(feed)
        try:
            if path.stat().st_size > app_settings.IMPORT_MAX_BYTES:
                raise InvalidFeed(_("The file is too large."))
            return path.read_bytes(), ""
        except OSError as error:
            raise InvalidFeed(
                _("%(path)s cannot be read: %(reason)s.")
                % {"path": feed, "reason": error.strerror}
            ) from error

    def _progress(self, verbosity: int) -> Any:
        def tell(done: int, total: int) -> None:
            if verbosity and (done % PROGRESS_EVERY == 0 or done == total):
                self.stdout.write(
                    _("%(done)d of %(total)d") % {"done": done, "total": total}
                )

        return tell

    def _report(self, summary: ImportSummary) -> None:
        for problem in summary.problems:
            self.stderr.write(problem)
        for heading, names in (
            (_("Kept as edited"), summary.kept),
            (_("Gone from the feed, unpublished"), summary.removed),
        ):
            for name in names:
                self.stdout.write(f"{heading}: {name}")
        self.stdout.write(
            _(
                "%(created)d created, %(changed)d changed, %(kept)d kept as edited, "
                "%(unchanged)d unchanged, %(removed)d removed."
            )
            % {
                "created": len(summary.created),
                "changed": len(summary.changed),
                "kept": len(summary.kept),
                "unchanged": len(summary.unchanged),
                "removed": len(summary.removed),
            }
        )
