"""Who fits a deal, and what deals fit a company: by hand, and never by others' secrets (8.2)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deals.lifecycle import advance
from deals.models import Deal, ExchangeRate, ReferenceCustomer
from deals.services import edit_solutions
from deals.transitions import Name
from partners.models import Location, Membership, Organization
from partners.permissions import Role
from referrals.models import Trait, TraitRecord
from referrals.suggestions import suggest_partners
from referrals.traits import DealTraits, count_everybodys_traits, size_of, tendencies_of
from tests.deals.walking import Walk, offers
from tests.factories import MembershipFactory
from tests.identity import as_owner
from tests.world import Company, World, add_partner

pytestmark = pytest.mark.django_db

POLAND = DealTraits(country="PL")


def answered(
    world: World, *, sender: Membership | None = None, declined: bool = False, **details: Any
) -> Deal:
    """Fabrikam's deal from one invitation of this sender (Anna)."""
    sender = sender or world.anna
    referral = world.referral(
        world.deal(sender, **details), sender=sender, recipient=world.fabrikam
    )
    if not declined:
        return world.accepted(referral, by=world.frank)
    with world.as_member(world.frank):
        received = Deal.objects.get(pk=referral.recipient_deal_id)
        advance(received, Name.DECLINE, actor=world.frank.actor, reason="budget")
    return received


def close(world: World, deal: Deal, name: Name) -> None:
    reason = "" if name == Name.WIN else "budget"
    with world.as_member(world.frank):
        advance(Deal.objects.get(pk=deal.pk), name, actor=world.frank.actor, reason=reason)


def suggested(
    world: World, about: DealTraits = POLAND, *, to: Membership | None = None
) -> dict[str, list[str]]:
    to = to or world.anna
    with world.as_member(to):
        found = suggest_partners(to, about, besides=[])
    return {one.card.organization.name: list(one.reasons) for one in found}


def three_invite_fabrikam(world: World, *, declined: bool = False, **details: Any) -> None:
    """Contoso, Outsider and Microsoft, once each; nobody of them often enough to know a habit."""
    for sender in (world.anna, world.mallory, world.sam):
        answered(world, sender=sender, declined=declined, **details)
    count_everybodys_traits()


def test_nobody_fits_before_anything_happened(world: World) -> None:
    assert suggested(world) == {}


def test_own_history_is_told_in_numbers(world: World) -> None:
    for declined in (False, False, False, True):
        deal = answered(world, declined=declined)
    assert suggested(world) == {
        "Fabrikam": ["accepted 3 of your 4 invitations for customers in Poland"]
    }
    # 4 × ((3 + 1) / (4 + 2) − ½) = ⅔ for Poland; elsewhere what happened anywhere counts.
    assert suggested(world, DealTraits(country="DE")) == {
        "Fabrikam": ["accepted 3 of your 4 invitations"]
    }
    assert deal.customer_country == "PL"


def test_one_answer_is_no_habit_and_refusals_speak_against(world: World) -> None:
    answered(world)
    assert suggested(world) == {}
    for _number in range(2):
        answered(world, declined=True)
    assert suggested(world) == {}


def test_who_won_with_us_is_named_for_it(world: World) -> None:
    deals = [answered(world) for _number in range(2)]
    close(world, deals[0], Name.WIN)
    assert suggested(world)["Fabrikam"] == [
        "accepted 2 of your 2 invitations for customers in Poland",
        "won 1 deal with you",
    ]


def test_owner_of_a_solution_on_the_deal_comes_first(world: World) -> None:
    add_partner(world, "Abacus")
    for _number in range(5):
        answered(world)
    about = replace(POLAND, solutions=[world.others[0].solution.pk])
    assert list(suggested(world, about).items()) == [
        ("Abacus", ["offers Abacus Suite, which this deal carries"]),
        ("Fabrikam", ["accepted 5 of your 5 invitations for customers in Poland"]),
    ]


def test_tendency_is_told_where_three_companies_share_it(world: World) -> None:
    nora = add_partner(world, "Abacus")
    three_invite_fabrikam(world)
    about = DealTraits(
        country="PL", value=Decimal(40_000), currency="EUR",
        solutions=[world.fabrikam.solution.pk],
    )  # fmt: skip
    assert suggested(world, about, to=nora) == {
        "Fabrikam": [
            "offers Fabrikam Suite, which this deal carries",
            "accepts most invitations with Fabrikam Suite",
            "accepts most deals of up to 50,000 EUR",
        ]
    }
    assert suggested(world, POLAND, to=nora) == {
        "Fabrikam": ["accepts most invitations for customers in Poland"]
    }


@pytest.mark.parametrize("senders", [("anna",), ("anna", "mallory")])
def test_what_fewer_companies_know_is_told_to_nobody_else(
    world: World, senders: tuple[str, ...]
) -> None:
    """Six answers, but to one or two companies: they alone know them."""
    nora = add_partner(world, "Abacus")
    for number in range(6):
        answered(world, sender=world.cast[senders[number % len(senders)]])
    count_everybodys_traits()
    assert suggested(world, to=nora) == {}


def test_who_refuses_most_is_not_suggested(world: World) -> None:
    nora = add_partner(world, "Abacus")
    three_invite_fabrikam(world, declined=True)
    assert suggested(world, to=nora) == {}
    with world.as_member(nora):
        found = tendencies_told(["country"], ["PL"], [world.fabrikam.pk])
    assert found == [(world.fabrikam.pk, "country", "PL", -1)]


def tendencies_told(*arguments: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM partner_tendencies(%s, %s, %s)", arguments)
        return list(cursor.fetchall())


def test_industry_of_the_directory_counts(world: World) -> None:
    nora = add_partner(world, "Abacus")
    for sender in (world.anna, world.mallory, world.sam):
        answered(world, sender=sender)
    with as_owner():
        ReferenceCustomer.objects.update(industry="insurance")
    count_everybodys_traits()
    assert suggested(world, DealTraits(industry="insurance"), to=nora) == {
        "Fabrikam": ["accepts most invitations of this industry: Insurance"]
    }


def test_who_cannot_be_invited_is_not_suggested(world: World) -> None:
    for _number in range(3):
        answered(world)
    with as_owner():
        Organization.objects.filter(pk=world.fabrikam.pk).update(is_active=False)
    assert suggested(world) == {}


@pytest.mark.parametrize("role", [Role.REFERRALS_USER, Role.REFERRALS_ADMIN])
def test_who_sees_some_deals_is_told_of_those_alone(world: World, role: Role) -> None:
    for _number in range(3):
        answered(world)
    with as_owner():
        elsewhere = Location.objects.create(
            organization=world.contoso.organization, name="Kraków", city="Kraków", country="PL",
            mpn_location_id="99",
        )  # fmt: skip
    newcomer = MembershipFactory(
        organization=world.contoso.organization, role=role,
        is_location_scoped=role == Role.REFERRALS_ADMIN,
    )  # fmt: skip
    if newcomer.is_location_scoped:
        with as_owner():
            newcomer.scopes.create(organization=world.contoso.organization, location=elsewhere)
    assert suggested(world, to=newcomer) == {}
    assert "Fabrikam" in suggested(world)


def test_statements_do_not_grow_with_partners(world: World) -> None:
    counts = []
    for name in ("Abacus", "Bellows"):
        add_partner(world, name)
        ids = [one.solution.pk for one in world.others]
        with world.as_member(world.anna), CaptureQueriesContext(connection) as captured:
            assert suggest_partners(world.anna, replace(POLAND, solutions=ids), besides=[])
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_inviting_page_names_who_fits(world: World, client: Client) -> None:
    for _number in range(2):
        answered(world)
    deal = world.deal()
    client.force_login(world.anna.user)
    page = client.get(f"/o/contoso/deals/{deal.pk}/invite/partners/")
    assert "Fits this deal" in page.text
    assert "accepted 2 of your 2 invitations for customers in Poland" in page.text
    searching = client.post(page.request["PATH_INFO"], {"partner_q": "Out", "search": "1"})
    assert "Fits this deal" not in searching.text
    chosen = client.post(page.request["PATH_INFO"], {"choose_partner": str(world.fabrikam.pk)})
    assert "What you offer Fabrikam" in chosen.text
    assert "Fits this deal" not in chosen.text


def test_wizard_names_who_fits_what_was_typed_so_far(world: World, client: Client) -> None:
    for _number in range(2):
        answered(world)
    walk = Walk(client, world.anna)
    walk.to_partners(world.contoso.solution, world.outsider.solution)
    page = walk.get("partners").text
    assert page.index("offers Outsider Suite, which this deal carries") < page.index(
        "accepted 2 of your 2 invitations for customers in Poland"
    )
    walk.advance("partners", offers((world.outsider, walk.offer(world.outsider))))
    assert "offers Outsider Suite" not in walk.get("partners").text


def test_size_is_by_euros_of_the_newest_day(world: World) -> None:
    with as_owner():
        ExchangeRate.objects.bulk_create(
            ExchangeRate(date=day, currency=code, rate=rate)
            for day, code, rate in (
                ("2026-01-01", "EUR", 1), ("2026-01-01", "PLN", 1),
                ("2026-02-01", "EUR", 1), ("2026-02-01", "PLN", 4),
            )
        )  # fmt: skip
    examples = {
        (50_000, "EUR"): "small", (50_001, "EUR"): "medium", (200_000, "PLN"): "small",
        (200_004, "PLN"): "medium", (4_000_000, "PLN"): "large", (4_000_004, "PLN"): "huge",
        (1, "CHF"): "",
    }  # fmt: skip
    assert {pair: size_of(Decimal(pair[0]), pair[1]) for pair in examples} == examples


def record(company: Company, code: str, **counts: int) -> TraitRecord:
    zero = dict.fromkeys(("accepted", "declined", "inviters", "won", "lost"), 0)
    return TraitRecord(
        organization=company.organization, trait=Trait.COUNTRY, code=code, **{**zero, **counts}
    )


def test_tendencies_are_what_differs_from_the_usual(world: World) -> None:
    """12 of 20 accepted, 60 %. Poland: (9 + 1.2) / 12 = 85 %; Germany: (1 + 1.2) / 8 = 28 %;
    Austria as usual; Spain has too few."""
    with as_owner():
        TraitRecord.objects.bulk_create(
            [
                record(world.contoso, "PL", accepted=9, declined=1, won=2, lost=4),
                record(world.contoso, "DE", accepted=1, declined=5, won=3),
                record(world.contoso, "AT", accepted=2, declined=1),
                record(world.contoso, "ES", declined=1, won=1),
            ]
        )
    with world.as_member(world.anna):
        found = tendencies_of(world.contoso.pk)
    told = [
        [(one.words, one.hits, one.total, one.usual) for one in part]
        for part in (found.accepts, found.declines, found.wins)
    ]
    assert told == [
        [("Customers in Poland", 9, 10, 60)],
        [("Customers in Germany", 1, 6, 60)],
        [("Customers in Germany", 3, 3, 60)],
    ]


def test_page_shows_tendencies_to_who_sees_the_whole_company(world: World, client: Client) -> None:
    with as_owner():
        TraitRecord.objects.bulk_create(
            [
                record(world.contoso, "PL", accepted=9, declined=1),
                record(world.contoso, "DE", accepted=1, declined=5),
            ]
        )
    for member, sees in ((world.anna, True), (world.bob, False)):
        client.force_login(member.user)
        page = client.get("/o/contoso/good-partner/").text
        assert ("Customers in Poland" in page) == sees
        assert ("You tend to decline" in page) == sees


def test_counting_follows_the_deals_and_may_be_repeated(world: World) -> None:
    answered(world, declined=True)
    won = answered(world)
    lost = answered(world, sender=world.mallory)
    close(world, won, Name.WIN)
    close(world, lost, Name.LOSE)
    answered(world)
    for _night in range(2):
        count_everybodys_traits()
    with world.as_member(world.frank):
        (poland,) = TraitRecord.objects.filter(trait=Trait.COUNTRY)
        (suite,) = TraitRecord.objects.filter(trait=Trait.SOLUTION)
    for one in (poland, suite):
        assert (one.accepted, one.declined, one.inviters) == (3, 1, 2)
        assert (one.won, one.lost) == (1, 1)
    assert (poland.code, suite.label) == ("PL", "Fabrikam Suite")


def test_nobody_writes_their_own_records(world: World) -> None:
    three_invite_fabrikam(world)
    with world.as_member(world.frank):
        for change in ("UPDATE referrals_traitrecord SET accepted = 99",
                       "DELETE FROM referrals_traitrecord"):  # fmt: skip
            with (
                connection.cursor() as cursor,
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
            ):
                cursor.execute(change)


def test_nothing_a_company_ever_wrote_is_in_anothers_suggestions(
    world: World, client: Client
) -> None:
    """A word in every text that Contoso, Microsoft and Fabrikam have, but for what is public."""
    nora = add_partner(world, "Abacus")
    canary = "zanzibarcanary"
    for sender in (world.anna, world.mallory, world.sam):
        for _number in range(2):
            deal = answered(
                world, sender=sender, name=f"{canary} deal", notes=canary, crm_id=canary,
                campaign_id=canary,
            )  # fmt: skip
    plant(canary)
    count_everybodys_traits()
    with world.as_member(world.frank):
        assert TraitRecord.objects.filter(label__contains=canary).exists()
        assert Deal.objects.filter(pk=deal.pk, notes__startswith=canary).exists()
    client.force_login(nora.user)
    own = world.deal(nora)
    with world.as_member(nora):
        edit_solutions(
            Deal.objects.get(pk=own.pk), actor=nora.actor, version=own.version,
            solutions=[world.others[0].solution, world.fabrikam.solution],
        )  # fmt: skip
    pages = [
        client.get(f"/o/abacus/deals/{own.pk}/invite/partners/").text,
        client.post(
            f"/o/abacus/deals/{own.pk}/invite/partners/", {"partner_q": "Fab", "search": "1"}
        ).text,
        client.get("/o/abacus/directory/").text,
        client.get("/o/abacus/directory/?q=" + canary).text.replace(f'value="{canary}"', ""),
        client.get("/o/abacus/directory/fabrikam/").text,
        client.get("/o/abacus/good-partner/").text,
        client.get("/o/abacus/deals/stale/").text,
    ]
    assert "accepts most invitations" in pages[0]
    for page in pages:
        assert canary not in page


def plant(canary: str) -> None:
    """Into every text of deals, their parts and invitations, of whichever company."""
    tables = (
        "deals_deal", "deals_customer", "deals_customercontact", "deals_teammember",
        "deals_dealsolution", "referrals_referral",
    )  # fmt: skip
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
                " AND (data_type = 'text' OR character_maximum_length >= 100)"
                " AND is_generated = 'NEVER'",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall() if name != "email"]
            assert columns, table
            changes = ", ".join(f"{name} = '{canary}' || id" for name in columns)
            if table == "deals_customercontact":
                changes = changes.replace("id", "deal_id")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"UPDATE {table} SET {changes}")  # noqa: S608 (names of the schema)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
