"""A word of its own in every text field of every party: who reads which, on all pages and mails.

Contoso invites Fabrikam, Outsider and the vendor to one deal. Each word names its owner, so that
a word that shows up where it must not says where it came from.
"""

import re
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from comments.services import edit_comment, write_comment
from deals.lifecycle import advance
from deals.models import CloseReason, Deal, StageName
from deals.parts import Person
from deals.services import edit_details, edit_solutions, edit_team
from deals.stages import DealType
from deals.transitions import Name
from partners.models import Membership
from referrals.models import Referral
from referrals.queries import referrals_of
from referrals.services import withdraw_referral
from tests.architecture.routes import GUARDED
from tests.deals.pages import as_, get, text
from tests.factories import SolutionFactory
from tests.identity import as_owner
from tests.notifications.reading import everything, mails_to
from tests.world import Company, World, details_of, person_of_member

pytestmark = pytest.mark.django_db

CANARY = re.compile(r"canary[a-z]+", re.IGNORECASE)
OWN_FIELDS = ("name", "crm_id", "campaign_id", "notes")


def word(owner: str, what: str) -> str:
    return f"canary{owner}{what.replace('_', '')}"


def colleague(owner: str, what: str = "person") -> Person:
    return Person(
        word(owner, f"{what}first"), word(owner, f"{what}last"), "+48221234567",
        f"{word(owner, what)}@{owner}.example",
    )  # fmt: skip


def details_full_of(owner: str) -> Any:
    return details_of(**{name: word(owner, name) for name in OWN_FIELDS})


def invite(world: World, deal: Deal, company: Company) -> Referral:
    """With a message and people that only this recipient is to read."""
    name = company.slug
    return world.referral(
        deal,
        recipient=company,
        message=word("contoso", f"asks{name}"),
        people=[colleague("contoso", f"for{name}")],
    )


def work_as(world: World, member: Membership, deal_id: UUID) -> None:
    """Fill everything that a party writes about a deal of its own."""
    owner = member.organization.slug
    solution = SolutionFactory(organization=member.organization, name=word(owner, "solution"))
    who = {"actor": member.actor}
    with as_owner():
        StageName.objects.create(
            organization=member.organization, stage="proposed", name=word(owner, "stage"),
            is_shown=True,
        )  # fmt: skip
    with world.as_member(member):
        deal = Deal.objects.get(pk=deal_id)
        edit_details(deal, **who, version=deal.version, details=details_full_of(owner))
        team = [person_of_member(member), colleague(owner)]
        edit_team(deal, **who, version=deal.version, team=team)
        edit_solutions(deal, **who, version=deal.version, solutions=[solution])
        advance(deal, Name.MARK_STAGE, actor=member.actor, stage="proposed")
        write_comment(deal, actor=member.actor, body=word(owner, "inside"))
        for referral in list(referrals_of(deal)):
            other = referral.sender if deal.is_inbound else referral.recipient
            first, then = (word(owner, f"{which}{other.slug}") for which in ("first", "tells"))
            comment = write_comment(deal, actor=member.actor, body=first, to=referral)
            edit_comment(comment, **who, body=then)


def pages_of(
    member: Membership, deal_id: object, referral_id: object, *, routes: set[str] | None = None
) -> str:
    """Every page that a member reaches about the deal, or these alone, and the lists."""
    client, read = as_(member), []
    given: dict[str, Any] = {
        "organization": member.organization.slug, "deal_id": deal_id, "referral_id": referral_id,
        "transition": "win",
    }  # fmt: skip
    for route in GUARDED if routes is None else [one for one in GUARDED if one.name in routes]:
        if "deal_id" in route.parameters and set(route.parameters) <= given.keys():
            url = reverse(route.name, kwargs={name: given[name] for name in route.parameters})
            read.append(client.get(url).content.decode())
    for tab in ("inbound", "outbound", "favorites"):
        url = reverse("deals:list", args=[member.organization.slug, tab])
        read.append(client.get(f"{url}?q=canary").content.decode())
        read.append(client.get(url).content.decode())
    return "\n".join(read)


def canaries(text: str) -> set[str]:
    return {found.lower() for found in CANARY.findall(text)}


def expected_of_contoso(company: str) -> set[str]:
    """What an invited party reads of Contoso: the offer made to it, and nothing else."""
    people = colleague("contoso", f"for{company}")
    return canaries(f"{people.first_name} {people.last_name} {people.email}") | {
        word("contoso", f"asks{company}"),
        word("contoso", "name"),
        *said("contoso", company),
    }


def said(owner: str, company: str) -> set[str]:
    """What one company wrote to another: the comment, and the text that it had before."""
    return {word(owner, f"first{company}"), word(owner, f"tells{company}")}


def expected_own(company: str) -> set[str]:
    person = colleague(company)
    own = {word(company, name) for name in OWN_FIELDS}
    return (
        own
        | canaries(f"{person.first_name} {person.last_name} {person.email}")
        | {word(company, "solution"), word(company, "stage"), word(company, "inside")}
    )


def test_nobody_reads_what_is_not_theirs(world: World) -> None:
    deal = world.deal(type=DealType.P2P, name=word("contoso", "name"))
    sent = {
        "fabrikam": (invite(world, deal, world.fabrikam), world.frank),
        "outsider": (invite(world, deal, world.outsider), world.mallory),
        "microsoft": (invite(world, deal, world.microsoft), world.sam),
    }
    for referral, member in sent.values():
        world.accepted(referral, by=member)
        work_as(world, member, referral.recipient_deal_id)
    work_as(world, world.anna, deal.pk)
    ours = expected_own("contoso")
    for company, (referral, member) in sent.items():
        read = pages_of(member, referral.recipient_deal_id, referral.pk)
        mails = "\n".join(map(everything, mails_to(member.user.email)))
        seen = canaries(read) | canaries(mails)
        written = said(company, "contoso")
        assert seen == expected_own(company) | expected_of_contoso(company) | written, company
        assert len(mails) > 0
        ours |= canaries(" ".join(map(str, vars(colleague(company)).values())))
        ours |= expected_of_contoso(company) | written
    read = pages_of(world.anna, deal.pk, sent["fabrikam"][0].pk)
    mails = "\n".join(map(everything, mails_to("anna@contoso.example")))
    allowed = ours | {word(one, "solution") for one in sent}
    theirs = canaries(read + mails) - allowed
    assert theirs == set()


# The pages that tell what others did; the rest are forms for what is one's own.
TELLING = {"deals:detail", "deals:other_side"}


@pytest.mark.parametrize(
    "routes",
    [TELLING, pytest.param(None, marks=pytest.mark.full)],
    ids=["telling pages", "all pages"],
)
def test_reason_and_notes_of_a_refusal_reach_the_inviter_alone(
    world: World, routes: set[str] | None
) -> None:
    deal = world.deal(type=DealType.P2P)
    declining = invite(world, deal, world.fabrikam)
    reading = invite(world, deal, world.outsider)
    withdrawn = invite(world, deal, world.microsoft)
    world.accepted(reading, by=world.mallory)
    with world.as_member(world.frank):
        received = Deal.objects.get(pk=declining.recipient_deal_id)
        advance(
            received, Name.DECLINE, actor=world.frank.actor, reason=CloseReason.OTHER,
            notes=word("fabrikam", "notes"),
        )  # fmt: skip
    with world.as_member(world.anna):
        withdraw_referral(withdrawn, actor=world.anna.actor)
    secret = word("fabrikam", "notes")
    assert secret in text(get(world.anna, deal.pk))
    for member, referral in ((world.mallory, reading), (world.sam, withdrawn)):
        read = pages_of(member, referral.recipient_deal_id, referral.pk, routes=routes)
        read += "\n".join(map(everything, mails_to(member.user.email)))
        assert secret not in read
        assert "Fabrikam" not in read


def test_no_row_of_another_party_is_in_reach(world: World) -> None:
    """Below the pages: what the database itself shows to each."""
    deal = world.deal(type=DealType.P2P)
    invite(world, deal, world.fabrikam)
    invite(world, deal, world.outsider)
    invite(world, deal, world.microsoft)
    for member in (world.frank, world.mallory, world.sam):
        with world.as_member(member):
            known = {(one.sender_name, one.recipient_name) for one in Referral.objects.all()}
            assert known == {("Contoso", member.organization.name)}
            assert Deal.objects.count() == 1
    with as_owner():
        assert Referral.objects.count() == 3
