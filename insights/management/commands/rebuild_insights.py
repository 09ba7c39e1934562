"""`manage.py rebuild_insights`: count every deal anew, of all companies or of some."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.counting import count_anew
from partners.models import Organization


class Command(BaseCommand):
    help = (
        "Count the deals behind the insights anew. Needed after deals were written past the"
        " application, and after TIME_ZONE was changed; harmless at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "slug", nargs="*", help="Companies by the short name in their addresses; all without."
        )

    def handle(self, *args: Any, slug: list[str], **options: Any) -> None:
        companies = Organization.objects.order_by("slug")
        if slug:
            companies = companies.filter(slug__in=slug)
            unknown = set(slug) - set(companies.values_list("slug", flat=True))
            if unknown:
                raise CommandError(f"No company is called {', '.join(sorted(unknown))}.")
        for company in companies:
            count_anew(company.pk)
        self.stdout.write(f"Counted the deals of {len(companies)} companies.")
