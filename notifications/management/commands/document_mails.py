"""Writes the documentation of who gets which mail, with an example of each."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from notifications.documentation import documents

DOCS = Path(settings.BASE_DIR) / "docs"


class Command(BaseCommand):
    help = "Write docs/notifications.md and the examples of mails from the catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in documents():
            file = DOCS / path
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
            self.stdout.write(path)
