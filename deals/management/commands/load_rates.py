"""`manage.py load_rates FILE`: what currencies are worth, for totals over several of them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deals.directory import NotADirectory
from deals.rates import COLUMNS, CheckedRates, check_rates, write_rates


class Command(BaseCommand):
    help = (
        f"Load exchange rates from a CSV file in UTF-8 with the header {','.join(COLUMNS)}: how"
        " many units of the currency one unit of the base buys, the base itself with rate 1."
        " Totals use the newest day. With an error in any row nothing is loaded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        checked = self._check(options["file"])
        for problem in checked.problems:
            self.stderr.write(str(problem))
        if checked.problems:
            raise CommandError(f"{len(checked.problems):,} errors; nothing was loaded.")
        if not checked.rates:
            raise CommandError("The file has no rates; nothing was loaded.")
        write_rates(checked.rates)
        newest = max(one.date for one in checked.rates)
        self.stdout.write(f"Loaded {len(checked.rates):,} rates, the newest of {newest}.")

    def _check(self, path: Path) -> CheckedRates:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return check_rates(file)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        except NotADirectory as error:
            raise CommandError(f"{path}: {error}") from error
