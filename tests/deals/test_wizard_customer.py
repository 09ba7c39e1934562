"""Choosing the customer of a new deal (3.1, 3.2)."""

import pytest
from django.test import Client
from django.urls import reverse

from deals.customers import find_customers
from deals.models import Customer, Deal, Draft, ReferenceCustomer
from tests.deals.walking import CONTACT, HTMX, Walk
from tests.factories import CustomerFactory, ReferenceCustomerFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

HAND = {
    "by_hand": "1",
    "hand-name": "Huta Nowa",
    "hand-street": "ul. Hutnicza 1",
    "hand-postal_code": "30-001",
    "hand-city": "Kraków",
    "hand-country": "PL",
    "hand-duns": "",
}


@pytest.fixture
def walk(world: World, client: Client) -> Walk:
    return Walk(client, world.anna)


def found(world: World, query: str, *, country: str = "PL", city: str = "") -> list[str]:
    ours = world.contoso.organization
    with world.as_member(world.anna):
        entries = find_customers(ours, query, country=country, city=city)
    return [f"{entry.company.name}, {entry.company.city}" for entry in entries]


def test_name_is_found_without_accents_by_words_in_order(world: World) -> None:
    ReferenceCustomerFactory(name="Północna Grupa Ubezpieczeń", city="Łódź")
    ReferenceCustomerFactory(name="Grupa Żywność", city="Poznań")
    assert found(world, "polnocna ubez") == ["Północna Grupa Ubezpieczeń, Łódź"]
    assert found(world, "GRUPA") == ["Grupa Żywność, Poznań", "Północna Grupa Ubezpieczeń, Łódź"]
    assert found(world, "gr") == []
    assert found(world, "100%") == []


def test_country_and_city_narrow_the_list(world: World) -> None:
    ReferenceCustomerFactory(name="Northwind", city="Łódź")
    ReferenceCustomerFactory(name="Northwind", city="Gdańsk")
    ReferenceCustomerFactory(name="Northwind", city="Berlin", country="DE")
    assert found(world, "northwind") == ["Northwind, Gdańsk", "Northwind, Łódź"]
    assert found(world, "northwind", city="lodz") == ["Northwind, Łódź"]
    assert found(world, "northwind", country="DE") == ["Northwind, Berlin"]


@pytest.mark.parametrize("typed", ["427339105", "42-733-9105", " 42 733 9105 "])
def test_duns_number_finds_its_unit_in_any_country(world: World, typed: str) -> None:
    ReferenceCustomerFactory(name="Northwind Claims", city="Berlin", country="DE", duns="427339105")
    ReferenceCustomerFactory(name="Northwind Group", duns="427339106")
    assert found(world, typed) == ["Northwind Claims, Berlin"]


def test_own_entries_follow_the_directory_and_stand_once(world: World) -> None:
    listed = ReferenceCustomerFactory(name="Northwind Group", duns="427339105")
    ours = world.contoso.organization
    CustomerFactory(organization=ours, name="Northwind Group", reference=listed)
    CustomerFactory(organization=ours, name="Northwind Group (copy)", duns="427339105")
    for _again in range(2):
        CustomerFactory(organization=ours, name="Northwind Retail", city="Sopot")
    CustomerFactory(organization=world.fabrikam.organization, name="Northwind Secret")
    assert found(world, "northwind") == ["Northwind Group, Warszawa", "Northwind Retail, Sopot"]


def test_units_of_one_company_are_told_apart(world: World, walk: Walk) -> None:
    ReferenceCustomerFactory(name="Northwind", street="ul. Prosta 51", duns="427339105")
    ReferenceCustomerFactory(name="Northwind", street="ul. Krzywa 2", duns="427339188")
    sent = {"country": "PL", "q": "northwind", "search": "1"}
    page = walk.client.post(walk.base, sent, headers=HTMX).content.decode()
    for text in ("ul. Prosta 51", "42-733-9105", "ul. Krzywa 2", "42-733-9188"):
        assert text in page


def test_looking_around_starts_no_draft(world: World, walk: Walk) -> None:
    ReferenceCustomerFactory(name="Northwind")
    sent = {"country": "PL", "q": "northwind", "search": "1"}
    fragment = walk.client.post(walk.base, sent, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert 'data-announce="1 company found"' in fragment
    with as_owner():
        assert not Draft.objects.exists()


def test_search_without_a_script_keeps_the_rest_of_the_form(world: World, walk: Walk) -> None:
    ReferenceCustomerFactory(name="Northwind")
    sent = {"country": "PL", "q": "northwind", **CONTACT, "search": "1"}
    response = walk.client.post(walk.base, sent, follow=True)
    page = response.content.decode()
    assert "1 company found" in page
    assert 'value="ewa@customer.example"' in page


def test_chosen_customer_becomes_our_own_once(world: World, walk: Walk) -> None:
    reference = ReferenceCustomerFactory()
    for _twice in range(2):
        walk.begin(reference)
        walk.advance("customer", walk.customer)
        walk.advance("details", walk.details())
        walk.advance("team", walk.team)
        walk.advance("solutions", {"solutions": [str(world.contoso.solution.pk)]})
        walk.advance("partners", {})
        walk.advance("help", {"help_type": "none"})
        walk.create()
    with as_owner():
        own = Customer.objects.get(reference=reference)
        assert [deal.customer_id for deal in Deal.objects.all()] == [own.pk, own.pk]
        assert (own.name, own.duns) == (reference.name, reference.duns)


def test_next_without_a_customer_is_refused_and_keeps_what_was_typed(
    world: World, walk: Walk
) -> None:
    ReferenceCustomerFactory(name="Northwind")
    sent = {"country": "PL", "q": "northwind", **CONTACT, "next": "1"}
    response = walk.client.post(walk.base, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose a company from the list, or enter it by hand." in page
    assert 'value="northwind"' in page
    assert 'value="ewa@customer.example"' in page


def test_customer_is_entered_by_hand_with_what_was_searched_for(world: World, walk: Walk) -> None:
    walk.begin()
    walk.send("customer", {}, button="change")
    looked = {"country": "PL", "q": "Huta Nowa", "city": "Kraków"}
    walk.send("customer", looked, button="enter")
    page = walk.get("customer").content.decode()
    assert 'value="Huta Nowa"' in page
    assert 'value="Kraków"' in page
    walk.advance("customer", HAND)
    walk.advance("details", walk.details())
    walk.advance("team", walk.team)
    walk.advance("solutions", {"solutions": [str(world.contoso.solution.pk)]})
    walk.advance("partners", {})
    walk.advance("help", {"help_type": "none"})
    walk.create()
    with as_owner():
        own = Customer.objects.get(name="Huta Nowa")
        assert (own.organization_id, own.city, own.reference) == (world.contoso.pk, "Kraków", None)
        assert Deal.objects.get().customer_id == own.pk


def test_customer_by_hand_needs_address_and_nine_digits(world: World, walk: Walk) -> None:
    walk.begin()
    response = walk.send("customer", {**HAND, "hand-street": "", "hand-duns": "1234"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "A D-U-N-S number has nine digits." in page
    assert "Street and number: This field is required." in page
    assert 'value="Huta Nowa"' in page


def test_duns_number_of_a_listed_company_is_chosen_not_typed(world: World, walk: Walk) -> None:
    ReferenceCustomerFactory(name="Northwind", duns="427339105")
    walk.begin()
    response = walk.send("customer", {**HAND, "hand-duns": "42-733-9105"})
    assert response.status_code == 422
    assert "Northwind, Warszawa, has this number in the directory" in response.content.decode()


def test_key_of_another_companys_customer_is_worth_nothing(world: World, walk: Walk) -> None:
    theirs = CustomerFactory(organization=world.fabrikam.organization, name="Secret")
    walk.begin()
    response = walk.send("customer", {"choice": f"ours:{theirs.pk}"})
    assert response.status_code == 422
    assert "Secret" not in response.content.decode()


@pytest.mark.parametrize("key", ["", "directory:", "directory:x", "nowhere:1", "ours"])
def test_nonsense_keys_choose_nothing(world: World, walk: Walk, key: str) -> None:
    walk.begin()
    assert walk.send("customer", {"choice": key}).status_code == 422


def test_open_deal_for_the_same_customer_is_shown_at_once_and_on_the_review(
    world: World, walk: Walk
) -> None:
    deal = world.deal(name="Core banking refresh")
    other = world.deal(world.frank, name="Theirs")
    with as_owner():
        Customer.objects.filter(pk=other.customer_id).update(name=deal.customer_name)
        reference = ReferenceCustomer.objects.get(name=deal.customer_name)
    walk.begin(reference)
    page = walk.get("customer").content.decode()
    assert "You already have an open deal for this customer" in page
    assert reverse("deals:detail", args=["contoso", deal.pk]) in page
    assert "Theirs" not in page
    walk.advance("customer", walk.customer)
    walk.advance("details", walk.details())
    walk.advance("team", walk.team)
    walk.advance("solutions", {"solutions": [str(world.contoso.solution.pk)]})
    walk.advance("partners", {})
    walk.advance("help", {"help_type": "none"})
    assert "Core banking refresh" in walk.get("review").content.decode()


def test_half_a_contact_is_refused(world: World, walk: Walk) -> None:
    walk.begin()
    response = walk.send("customer", {**walk.customer, "contact-first_name": "Ewa"})
    assert response.status_code == 422
    assert "Fill in all four fields of the contact, or none." in response.content.decode()
