"""`manage.py load_customers FILE`: the directory that people find customers in (1.7)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from deals.directory import NEEDED, Checked, NotADirectory, check_directory, write_directory


class Command(BaseCommand):
    help = (
        f"Load reference customers from a CSV file in UTF-8 with the header {','.join(NEEDED)}"
        " and, if you have it, industry."
        " Known D-U-N-S numbers are brought up to date. With an error in any row nothing is loaded."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        checked = self._check(options["file"])
        for problem in checked.problems:
            self.stderr.write(str(problem))
        if checked.problems:
            raise CommandError(f"{len(checked.problems):,} errors; nothing was loaded.")
        self.stdout.write(f"{len(checked.rows):,} rows are correct; writing …")
        loaded = write_directory(checked.rows)
        self.stdout.write(
            f"Added {loaded.added:,}, changed {loaded.changed:,}, unchanged {loaded.unchanged:,}."
        )

    def _check(self, path: Path) -> Checked:
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return check_directory(file, progress=self._progress)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}.") from error
        except NotADirectory as error:
            raise CommandError(f"{path}: {error}") from error

    def _progress(self, rows: int) -> None:
        self.stdout.write(f"{rows:,} rows checked …")
