"""Who hears of a registration, in which words, and where the mail leads (6.4, 7.2)."""

import re

import pytest
from django.core.mail import EmailMultiAlternatives

from deals.models import Deal, Registration
from deals.parts import Person
from notifications.models import Notification
from partners.models import Membership
from partners.permissions import Role
from tests.deals.pages import as_, text
from tests.deals.registering import registered, resubmit, review, won_deal
from tests.identity import as_owner
from tests.notifications.reading import everything, mails_to
from tests.notifications.test_audiences import told
from tests.world import CONTACT, World, person_of_member

pytestmark = pytest.mark.django_db

ELA = Person("Ela", "Freelance", "+48221234567", "ela@freelance.example")
TEAM = {"bob@contoso.example", "ela@freelance.example"}


def bobs_deal(world: World, **details: object) -> Deal:
    """Created by Anna, who is not on its team."""
    return won_deal(world, team=[person_of_member(world.bob), ELA], contact=CONTACT, **details)


def change(member: Membership, **columns: object) -> None:
    with as_owner():
        Membership.objects.filter(pk=member.pk).update(**columns)


def newest(messages: list[EmailMultiAlternatives], words: str) -> EmailMultiAlternatives:
    return next(one for one in reversed(messages) if words in one.subject)


def test_reviewers_hear_of_each_round_team_and_creator_of_everything(world: World) -> None:
    registration = registered(world, bobs_deal(world))
    review(world, registration, "ask_for_changes")
    resubmit(world, registration)
    review(world, registration, "approve")
    found = told()
    assert found["counterpart_registered"] == {"rita@microsoft.example"}
    for kind in ("submitted", "action_required", "approved"):
        assert found[f"registration_{kind}"] == TEAM | {"anna@contoso.example"}, kind
    with as_owner():
        rounds = Notification.objects.filter(kind="counterpart_registered")
        assert rounds.count() == 2


def test_rejection_is_told_with_its_reason(world: World) -> None:
    review(world, registered(world, bobs_deal(world)), "reject", reason="Sold <b>twice</b>.")
    mail = newest(mails_to("bob@contoso.example"), "rejected the registration")
    assert "Reason: Sold <b>twice</b>." in mail.body
    assert "Sold &lt;b&gt;twice" in str(mail.alternatives[0][0])


def test_changes_are_told_field_by_field_as_they_were_asked_for(world: World) -> None:
    """Written late: by then the registration is further."""
    registration = registered(world, bobs_deal(world))
    review(world, registration, "ask_for_changes", messages={"signed_on": "The order says May."})
    resubmit(world, registration)
    mail = newest(mails_to("bob@contoso.example"), "asks for changes")
    assert "- Signed on: The order says May." in mail.body


def test_creator_who_can_no_longer_open_the_deal_is_not_told(world: World) -> None:
    registration = registered(world, bobs_deal(world))
    for columns in ({"role": Role.REFERRALS_USER}, {"is_active": False}):
        with as_owner():
            Notification.objects.all().delete()
        change(world.anna, **columns)
        review(world, registration, "ask_for_changes")
        assert told()["registration_action_required"] == TEAM
        change(world.anna, role=Role.REFERRALS_ADMIN, is_active=True)
        resubmit(world, registration)
        told()


def test_vendor_without_reviewers_is_reached_by_its_admins(world: World) -> None:
    change(world.rita, is_active=False)
    registered(world)
    assert told()["counterpart_registered"] == {"victor@microsoft.example"}


def test_links_lead_to_the_page_of_each_side_and_mark_it_read(world: World) -> None:
    registration = registered(world, bobs_deal(world))
    for member, page in (
        (world.rita, f"/o/microsoft/deals/registrations/{registration.pk}/"),
        (world.bob, f"/o/contoso/deals/{registration.deal_id}/registration/"),
    ):
        mail = newest(mails_to(member.user.email), "egist")
        link = re.search(rf"{page}\?notice=\S+", str(mail.body))
        assert link, mail.body
        assert as_(member).get(link[0]).status_code == 200
        with as_owner():
            told_last = Notification.objects.filter(membership=member).latest("created_at")
        assert told_last.read_at is not None


def test_nothing_internal_stands_in_what_the_vendor_gets(world: World) -> None:
    secret = "Between ourselves"
    deal = bobs_deal(world, notes=secret, crm_id=f"{secret} 1", campaign_id=f"{secret} 2")
    registration = registered(world, deal)
    assert Registration.objects.count() == 0, "rests without an organisation"
    for mail in mails_to("@microsoft.example"):
        assert secret not in everything(mail)
    page = as_(world.rita).get(f"/o/microsoft/deals/registrations/{registration.pk}/")
    assert secret not in text(page)
