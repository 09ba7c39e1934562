"""Visiting the pages about one deal."""

from typing import Any

from django.test import Client
from django.urls import reverse

from deals.models import Deal
from partners.models import Membership
from tests.architecture.routes import signed_in

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def as_(member: Membership) -> Client:
    """A client of its own; the person signs in once a test."""
    return signed_in(member)


def address(member: Membership, deal_id: object, name: str = "detail", *rest: object) -> str:
    app = "referrals" if name in {"accept", "decline", "withdraw"} else "deals"
    return reverse(f"{app}:{name}", args=[member.organization.slug, deal_id, *rest])


def get(member: Membership, deal_id: object, *name: Any, **extra: Any) -> Any:
    return as_(member).get(address(member, deal_id, *name), **extra)


def post(member: Membership, deal_id: object, *name: Any, data: Any = None, **extra: Any) -> Any:
    return as_(member).post(address(member, deal_id, *name), data or {}, **extra)


def text(response: Any) -> str:
    return str(response.content.decode())


def details_data(deal: Deal, **changed: Any) -> dict[str, Any]:
    """The form of the details as the browser would send it back."""
    return {
        "version": deal.version,
        "name": deal.name,
        "value": str(deal.value),
        "currency": deal.currency,
        "close_date": deal.close_date.isoformat(),
        "crm_id": deal.crm_id,
        "campaign_id": deal.campaign_id,
        "notes": deal.notes,
        **changed,
    }


def people_data(*members: Membership) -> dict[str, str]:
    return {
        f"people-{number}-{name}": value
        for number, member in enumerate(members)
        for name, value in {
            "first_name": member.user.first_name,
            "last_name": member.user.last_name,
            "email": member.user.email,
            "phone": str(member.user.phone),
        }.items()
    }
