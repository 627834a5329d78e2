from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wagtail_medborgare.core.conf import app_settings
from wagtail_medborgare.core.http import (
    HttpCircuitOpen,
    HttpDeadlineExceeded,
    HttpError,
    HttpPolicy,
    HttpStatusError,
    HttpTooLarge,
    HttpUnavailable,
    fetch,
)
from wagtail_medborgare.services.importers.base import (
    InvalidFeed,
    UnknownImporter,
    get_importer,
)
from wagtail_medborgare.services.importing import ImportSummary, import_feed

# New services come in batches of their own size.
PROGRESS_EVERY = 100


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
            summary = self._import(**options)
        except UnknownImporter as error:
            raise CommandError(
                _("Unknown importer %(name)s.") % {"name": error}
            ) from error
        except InvalidFeed as error:
            raise CommandError(
                _("%(error)s Nothing has been changed.") % {"error": error}
            ) from error
        self._report(summary)

    def _import(self, **options: Any) -> ImportSummary:
        importer = get_importer(options["kind"])
        read = _fetch if is_web_address(options["feed"]) else _read
        data, charset = read(options["feed"])
        return import_feed(
            importer.parse(data, charset=charset),
            source=options["source"],
            allow_loss=options["allow_loss"],
            as_drafts=options["draft"],
            progress=self._progress(options["verbosity"]),
        )

    def _progress(self, verbosity: int) -> Any:
        told = 0

        def tell(done: int, total: int) -> None:
            nonlocal told
            if verbosity and (done - told >= PROGRESS_EVERY or done == total):
                told = done
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


def is_web_address(feed: str) -> bool:
    """Say whether the feed is to be fetched, not read."""
    return feed.lower().startswith(("https://", "http://"))


def _read(feed: str) -> tuple[bytes, str]:
    try:
        with Path(feed).open("rb") as file:
            # Not the file's size: a pipe has none.
            data = file.read(app_settings.IMPORT_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidFeed(
            _("%(path)s cannot be read: %(reason)s.") % {"path": feed, "reason": reason}
        ) from error
    if len(data) > app_settings.IMPORT_MAX_BYTES:
        raise InvalidFeed(_too_large())
    return data, ""


def _fetch(feed: str) -> tuple[bytes, str]:
    try:
        answer = fetch(_policy(), feed, path_template="/feed")
    except HttpError as error:
        raise InvalidFeed(_told(error)) from error
    return answer.body, answer.charset or ""


def _policy() -> HttpPolicy:
    try:
        return HttpPolicy(
            name="service-import",
            allowed=tuple(app_settings.IMPORT_SOURCES),
            deadline=app_settings.IMPORT_DEADLINE_SECONDS,
            max_bytes=app_settings.IMPORT_MAX_BYTES,
            content_types=("application/json", "text/json", "text/plain"),
            loopback=tuple(app_settings.IMPORT_LOOPBACK),
            private_networks=tuple(app_settings.IMPORT_PRIVATE_NETWORKS),
        )
    except ValueError as error:
        raise InvalidFeed(
            _("A setting WAGTAIL_MEDBORGARE_IMPORT_… is wrong: %(reason)s.")
            % {"reason": error}
        ) from error


def _told(error: HttpError) -> str:
    """Say what went wrong with a call, and what to do about it."""
    if isinstance(error, HttpTooLarge):
        return _too_large()
    if isinstance(error, HttpDeadlineExceeded):
        return _("The address did not answer in %(seconds)s seconds.") % {
            "seconds": app_settings.IMPORT_DEADLINE_SECONDS
        }
    if isinstance(error, HttpCircuitOpen):
        return _("The address has failed several times. Try again in a minute.")
    if isinstance(error, HttpStatusError | HttpUnavailable):
        message = _("The address gave no answer that can be used: %(reason)s.")
    else:
        message = _(
            "The address or its answer is not allowed: %(reason)s. An address must "
            "stand in WAGTAIL_MEDBORGARE_IMPORT_SOURCES, and answer with JSON itself."
        )
    return message % {"reason": error.reason}


def _too_large() -> str:
    return _(
        "The feed is larger than WAGTAIL_MEDBORGARE_IMPORT_MAX_BYTES (%(bytes)d)."
    ) % {"bytes": app_settings.IMPORT_MAX_BYTES}
