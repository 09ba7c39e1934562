"""`manage.py messages`: bring the catalogues of translations in step with the code."""

from typing import Any

from django.core.management.base import BaseCommand

from cosell.core.messages import in_step, keep, languages, untranslated


class Command(BaseCommand):
    help = "Collect every message of the code into each language's catalogue, and compile it."

    def handle(self, *args: Any, **options: Any) -> None:
        for language in languages():
            catalog = in_step(language)
            keep(language, catalog)
            missing = untranslated(catalog)
            for message in missing:
                places = ", ".join(sorted({name for name, _line in message.locations}))
                self.stdout.write(f"  {message.id!r} ({places})")
            self.stdout.write(f"{language}: {len(catalog)} messages, {len(missing)} to translate.")
