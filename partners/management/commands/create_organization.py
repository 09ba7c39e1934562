"""`manage.py create_organization`: how an empty installation begins (1.7)."""

from argparse import ArgumentParser
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cosell.core.errors import Refused
from partners.actors import SYSTEM
from partners.forms import PartnerForm
from partners.models import Kind
from partners.provisioning import Provisioned, add_organization, first_password_link

# The option that gives each field of the form.
OPTIONS = {
    "name": "NAME",
    "country": "--country",
    "slug": "--slug",
    "mpn_id": "--mpn-id",
    "location_name": "--location",
    "city": "--city",
    "location_country": "--location-country",
    "mpn_location_id": "--mpn-location-id",
    "first_name": "--admin-first-name",
    "last_name": "--admin-last-name",
    "email": "--admin-email",
    "phone": "--admin-phone",
}


class Command(BaseCommand):
    help = (
        "Create an organisation with its main location and first admin,"
        " and print the link where the admin sets a password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--kind", choices=Kind.values, required=True)
        parser.add_argument("--country", required=True, metavar="XX", help="two letters, as PL")
        parser.add_argument("--slug", default="", help="in web addresses; made from NAME if absent")
        parser.add_argument("--mpn-id", required=True, metavar="NUMBER")
        parser.add_argument("--city", required=True, help="of the main location")
        parser.add_argument("--location", default="", metavar="NAME", help="default: NAME CITY")
        parser.add_argument("--location-country", default="", metavar="XX")
        parser.add_argument(
            "--mpn-location-id", default="", metavar="NUMBER", help="default: the account's"
        )
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-first-name", required=True)
        parser.add_argument("--admin-last-name", required=True)
        parser.add_argument("--admin-phone", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        form = PartnerForm(_typed(options))
        if not form.is_valid():
            raise CommandError(_complaints(form))
        try:
            added = add_organization(
                replace(form.organization, kind=Kind(options["kind"])),
                location=form.location,
                admin=form.admin,
                actor=SYSTEM,
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(added)

    def _tell(self, added: Provisioned) -> None:
        self.stdout.write(f"Created {added.organization.name} at /o/{added.organization.slug}/.")
        if added.needs_password:
            link = first_password_link(added.admin)
            self.stdout.write(f"{added.admin.email} sets a password here, once:\n{link}")
        else:
            self.stdout.write(f"{added.admin.email} signs in with the password of that account.")


def _typed(options: dict[str, Any]) -> dict[str, str]:
    given = {
        field: options[option.strip("-").replace("-", "_").lower()]
        for field, option in OPTIONS.items()
    }
    given["location_name"] = given["location_name"] or f"{given['name']} {given['city']}"
    given["country"] = given["country"].upper()
    given["location_country"] = given["location_country"].upper() or given["country"]
    given["mpn_location_id"] = given["mpn_location_id"] or given["mpn_id"]
    return given


def _complaints(form: PartnerForm) -> str:
    return "\n".join(
        f"{OPTIONS.get(field, field)}: {' '.join(str(error) for error in errors)}"
        for field, errors in form.errors.items()
    )
