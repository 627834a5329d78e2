from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from wagtail_medborgare.services.link_check import LinkSummary, check_links
from wagtail_medborgare.services.reports.problems import in_words


class Command(BaseCommand):
    help = (
        "Look at the web addresses of published services, those longest ago first. "
        "Run it each night: what there was no time for comes first the next time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--minutes", type=float, default=30.0, help="How long it may take at most."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["minutes"] > 0:
            raise CommandError(_("Give it more than 0 minutes."))
        self._report(check_links(seconds=options["minutes"] * 60))

    def _report(self, summary: LinkSummary) -> None:
        self.stdout.write(
            _(
                "Looked at %(looked_at)d of %(known)d addresses: %(broken)d broken, "
                "%(mended)d work again, %(left)d left for the next time."
            )
            % {
                "looked_at": summary.looked_at,
                "known": summary.known,
                "broken": summary.broken,
                "mended": summary.mended,
                "left": summary.left,
            }
        )
        for problem, number in summary.problems.most_common():
            self.stdout.write(f"  {number}: {in_words(problem)}")
