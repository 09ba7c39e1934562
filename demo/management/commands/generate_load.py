"""`manage.py generate_load`: very many deals, to measure with."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from cosell.core.tenancy import OWNER_ROLE
from demo.crowd.generate import generate
from demo.crowd.plan import FEWEST
from demo.load import is_loaded
from referrals.responsiveness import rate_everybody
from referrals.traits import count_everybodys_traits


class Command(BaseCommand):
    help = (
        "Fill an empty database with made-up deals of some two hundred organisations, among them"
        " load-vendor, load-large and load-small. Demo mode only; runs as the tables' owner."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deals", type=int, default=1_000_000)

    def handle(self, *args: Any, deals: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO: is false; a made-up load belongs to demo mode only.")
        if deals < FEWEST:
            raise CommandError(f"--deals: {deals} is too few. Allowed: {FEWEST:,} or more.")
        if _role() != OWNER_ROLE:
            raise CommandError(f"DATABASE_URL: signs in as {_role()}. Allowed: {OWNER_ROLE}.")
        if is_loaded():
            raise CommandError("There are organisations already; the load needs an empty database.")
        counts = generate(deals, progress=self.stdout.write)
        self.stdout.write("Counting the deals for the insights …")
        call_command("rebuild_insights", stdout=self.stdout)
        self.stdout.write("Rating answers and counting what deals have in common …")
        rate_everybody()
        count_everybodys_traits()
        told = ", ".join(f"{number:,} {what}" for what, number in counts.items())
        self.stdout.write(f"Loaded {told}.")


def _role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])
