from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from wagtail_medborgare.situations.actions import load_starter_set


class Command(BaseCommand):
    help = (
        "Load our starter set of life situations; never overwrites an editor's words."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        summary = load_starter_set()
        self.stdout.write(
            _(
                "Life situations: %(created)d created, %(changed)d changed, "
                "%(kept)d kept as edited, %(unchanged)d unchanged, "
                "%(deleted)d left deleted."
            )
            % {
                "created": len(summary.created),
                "changed": len(summary.changed),
                "kept": len(summary.kept),
                "unchanged": len(summary.unchanged),
                "deleted": len(summary.deleted),
            }
        )
        if summary.merged:
            self.stdout.write(
                _("%(merged)d are part of other situations now.")
                % {"merged": len(summary.merged)}
            )
