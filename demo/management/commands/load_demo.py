"""`manage.py load_demo`: the demo's world, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.load import is_loaded, load_demo


class Command(BaseCommand):
    help = "Load the demonstration data, unless there is data already."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO: is false; demonstration data belongs to demo mode only.")
        if is_loaded():
            self.stdout.write("There are organisations already; nothing to load.")
            return
        counts = load_demo()
        told = ", ".join(f"{number:,} {what}" for what, number in counts.items())
        self.stdout.write(f"Loaded {told}.")
