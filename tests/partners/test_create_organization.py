from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from partners.models import Location, Membership, Organization, User
from partners.permissions import Role
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

VENDOR = {
    "kind": "vendor", "country": "us", "mpn_id": "1000001", "city": "Redmond",
    "admin_email": "victor@northwind.example", "admin_first_name": "Victor",
    "admin_last_name": "Vance",
}  # fmt: skip


def create(name: str, **options: str) -> str:
    output = StringIO()
    call_command("create_organization", name, stdout=output, **{**VENDOR, **options})
    return output.getvalue()


def test_empty_installation_begins_with_vendor_and_admin(
    client: Client, settings: Settings
) -> None:
    told = create("Northwind")
    assert "Created Northwind at /o/northwind/." in told
    link = told.splitlines()[-1]
    assert link.startswith(settings.SITE_URL)
    form = client.get(link.removeprefix(settings.SITE_URL.rstrip("/")), follow=True)
    new = "a-good-long-password"
    done = client.post(
        form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True
    )
    assert done.redirect_chain[-1][0] == "/o/northwind/deals/inbound/"
    assert client.get("/o/northwind/partners/").status_code == 200
    with as_owner():
        assert Membership.objects.get().role == Role.VENDOR_ADMIN
        location = Location.objects.get()
        assert (location.name, location.country) == ("Northwind Redmond", "US")


def test_partner_and_its_location_as_given() -> None:
    create(
        "Litware", kind="partner", country="PL", slug="lit", location="Fabryczna", city="Łódź",
        location_country="DE", mpn_location_id="500001", admin_phone="+48 22 123 45 67",
    )  # fmt: skip
    with as_owner():
        assert Organization.objects.get().slug == "lit"
        location = Location.objects.get()
        assert (location.name, location.country, location.mpn_location_id) == (
            "Fabryczna", "DE", "500001",
        )  # fmt: skip
        assert str(User.objects.get().phone) == "+48 22 123 45 67"


def test_second_vendor_is_refused_in_one_sentence(world: World) -> None:
    with pytest.raises(CommandError) as refusal:
        create("Northwind")
    assert str(refusal.value) == "There is a vendor already: Microsoft. An installation has one."
    assert not Organization.objects.filter(name="Northwind").exists()


def test_wrong_values_name_their_option() -> None:
    with pytest.raises(CommandError) as refusal:
        create("Northwind", country="XX", mpn_id="7", admin_email="nobody")
    assert [line.split(":")[0] for line in str(refusal.value).splitlines()] == [
        "--country", "--mpn-id", "--location-country", "--mpn-location-id", "--admin-email",
    ]  # fmt: skip
    assert not Organization.objects.exists()


def test_admin_with_a_password_keeps_it(world: World) -> None:
    with as_owner():
        world.frank.user.set_password("a-good-long-password")
        world.frank.user.save()
    told = create("Litware", kind="partner", mpn_id="77001", admin_email="frank@fabrikam.example")
    assert "signs in with the password of that account" in told
    assert "http" not in told
