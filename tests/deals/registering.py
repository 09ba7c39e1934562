"""Deals that can be registered, and registrations that got somewhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from deals.lifecycle import advance
from deals.models import Deal, Registration, RegistrationRules, RegistrationStatus, RegistrationStep
from deals.registration.answers import Answers
from deals.registration.eligibility import VendorSide
from deals.registration.services import (
    approve,
    ask_for_changes,
    reject,
    resubmit_registration,
    submit_registration,
)
from deals.transitions import Name
from referrals.queries import sent_referrals, vendor_side_of
from tests.identity import as_owner
from tests.world import World


def answers(**given: Any) -> Answers:
    today = timezone.localdate()
    usual = Answers(
        is_marketplace=False,
        marketplace_date=None,
        is_on_vendor_cloud=True,
        term="finite",
        total_value=Decimal("25000.00"),
        solution_value=Decimal("10000.00"),
        signed_on=today - timedelta(days=3),
        starts_on=today,
        ends_on=today + timedelta(days=364),
        tenant_type="customer",
        pricing_model="per_user",
        message="",
    )
    return replace(usual, **given)


def form_data(**given: Any) -> dict[str, Any]:
    """The same, as the browser sends it."""
    shown = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in vars(answers()).items()
        if value is not None
    }
    yes_or_no = {
        name: "yes" if shown[name] else "no" for name in ("is_marketplace", "is_on_vendor_cloud")
    }
    return {**shown, **yes_or_no, "confirmed": "on", **given}


def won_deal(world: World, **details: Any) -> Deal:
    """Contoso's, with the vendor and an eligible solution."""
    deal = world.deal(**details)
    world.accepted(world.referral(deal))
    with world.as_member(world.anna):
        advance(deal, Name.WIN, actor=world.anna.actor)
    return deal


def side_of(world: World, deal: Deal) -> VendorSide:
    return vendor_side_of(sent_referrals(deal), vendor=world.microsoft.organization)


def registered(world: World, deal: Deal | None = None, **given: Any) -> Registration:
    deal = deal or won_deal(world)
    with world.as_member(world.anna):
        return submit_registration(
            deal, by=world.anna, answers=answers(**given), vendor=side_of(world, deal)
        )


def resubmit(world: World, registration: Registration, **given: Any) -> None:
    with as_owner():
        deal = Deal.objects.get(pk=registration.deal_id)
    with world.as_member(world.anna):
        resubmit_registration(
            registration,
            deal=deal,
            by=world.anna,
            answers=answers(**given),
            version=registration.version,
        )


def review(world: World, registration: Registration, move: str, **given: Any) -> None:
    services: dict[str, Callable[..., None]] = {
        "approve": approve,
        "reject": reject,
        "ask_for_changes": ask_for_changes,
    }
    usual: dict[str, dict[str, Any]] = {
        "reject": {"reason": "Another partner sold it."},
        "ask_for_changes": {"messages": {"signed_on": "The contract says May."}},
    }
    with world.as_member(world.rita):
        services[move](
            registration,
            by=world.rita,
            version=registration.version,
            **{**usual.get(move, {}), **given},
        )


WAY_TO = {
    RegistrationStatus.PENDING: (),
    RegistrationStatus.ACTION_REQUIRED: ("ask_for_changes",),
    RegistrationStatus.RESUBMITTED: ("ask_for_changes", "resubmit"),
    RegistrationStatus.APPROVED: ("approve",),
    RegistrationStatus.REJECTED: ("reject",),
}


def registration_in(world: World, status: RegistrationStatus) -> Registration:
    registration = registered(world)
    for move in WAY_TO[status]:
        if move == "resubmit":
            resubmit(world, registration)
        else:
            review(world, registration, move)
    assert registration.status == status
    return registration


def row(registration: Registration) -> dict[str, Any]:
    with as_owner():
        return dict(Registration.objects.filter(pk=registration.pk).values().get())


def history(registration: Registration) -> list[tuple[str, int, str]]:
    with as_owner():
        steps = RegistrationStep.objects.filter(registration=registration).order_by("id")
        return list(steps.values_list("kind", "round", "by_name"))


def deal_of(registration: Registration) -> Deal:
    with as_owner():
        return Deal.objects.get(pk=registration.deal_id)


def rules(world: World, **given: Any) -> None:
    with as_owner():
        RegistrationRules.objects.create(organization=world.microsoft.organization, **given)
