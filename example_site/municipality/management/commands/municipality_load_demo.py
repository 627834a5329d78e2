from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from municipality.demo.content_pages import load_content_pages
from municipality.demo.editors import load_editors
from municipality.demo.modules import load_modules
from municipality.demo.personas import load_personas
from municipality.demo.service_pages import load_service_pages
from municipality.demo.services import load_services
from municipality.demo.start_page import load_start_blocks, load_start_page
from municipality.demo.units import load_units


class Command(BaseCommand):
    help = "Skapar Strandviks kommun. Kör den igen när du vill: det som finns lämnas orört."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_PASSWORD:
            raise CommandError("Sätt DEMO_PASSWORD: felsökningsläget är av.")
        call_command("medborgare_load_situations", stdout=self.stdout)
        units, services = load_units(), load_services()
        personas = load_personas()
        modules = load_modules()
        start = load_start_page()
        pages = load_content_pages(start) + load_service_pages(start)
        load_start_blocks(start)
        accounts = load_editors()
        self.stdout.write(
            f"Skapade {units} verksamheter, {services} tjänster, {modules} moduler, "
            f"{pages} sidor och {personas} personas."
        )
        self.stdout.write(f"\nKonton (lösenord: {settings.DEMO_PASSWORD})")
        for account in accounts:
            self.stdout.write(f"  {account.username:<8} {account.role}")
