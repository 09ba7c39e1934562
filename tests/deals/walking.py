"""Walking through the wizard as a browser without a script does."""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from deals.forms.people import cells_of, row_of
from deals.models import Draft, ReferenceCustomer
from partners.models import Membership
from tests.factories import ReferenceCustomerFactory
from tests.identity import as_owner
from tests.world import Company

CONTACT = {
    "contact-first_name": "Ewa",
    "contact-last_name": "Zielińska",
    "contact-email": "ewa@customer.example",
    "contact-phone": "+48 22 123 45 67",
}
CONSENT = {"contact-consent": "on"}
HTMX = {"HX-Request": "true"}
Way = list[tuple[str, dict[str, Any]]]
# What whoever went that way came to.
_walked: dict[str, tuple[ReferenceCustomer, Draft]] = {}


def shown_consent(page: str) -> tuple[str, bool]:
    """Whose consent a form shows, and whether it is ticked."""
    whose = re.search(r'name="contact-consent_for"(?: value="([^"]*)")?', page)
    tick = re.search(r'<input type="checkbox" name="contact-consent"[^>]*>', page)
    assert whose
    assert tick
    return whose[1] or "", " checked" in tick[0]


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def offers(*given: tuple[Company, dict[str, Any]]) -> dict[str, Any]:
    sent: dict[str, Any] = {"partners": [str(company.pk) for company, _offer in given]}
    for _company, offer in given:
        sent |= offer
    return sent


class Walk:
    """One person's way through one draft; `send` presses a button of a step."""

    def __init__(self, client: Client, member: Membership) -> None:
        client.force_login(member.user)
        self.client = client
        self.member = member
        self.base = f"/o/{member.organization.slug}/deals/new/"
        self.draft_id: UUID | None = None

    def url(self, key: str) -> str:
        return f"{self.base}{self.draft_id}/{key}/"

    def get(self, key: str, **extra: Any) -> HttpResponse:
        return self.client.get(self.url(key), **extra)  # type: ignore[return-value]  # test client

    def send(
        self,
        key: str,
        data: dict[str, Any],
        *,
        button: str = "next",
        value: str = "1",
        **extra: Any,
    ) -> HttpResponse:
        sent = {"revision": self.revision(key), **data, button: value}
        return self.client.post(self.url(key), sent, **extra)  # type: ignore[return-value]  # test client

    def revision(self, key: str) -> str:
        """What the hidden field of a page that was just loaded says."""
        with as_owner():
            draft = Draft.objects.filter(pk=str(self.draft_id)).first()
        return str(draft.data.get("revisions", {}).get(key, 0)) if draft else "0"

    def begin(self, reference: ReferenceCustomer | None = None) -> ReferenceCustomer:
        """Choose a customer, which makes the draft."""
        reference = reference or ReferenceCustomerFactory()
        choice = {"country": reference.country, "choose": f"directory:{reference.pk}"}
        response = self.client.post(self.base, choice)
        assert response.status_code == 302, response.content.decode()
        with as_owner():
            self.draft_id = Draft.objects.latest("created_at").pk
        return reference

    @property
    def customer(self) -> dict[str, str]:
        """What the first step sends once a customer is chosen."""
        with as_owner():
            kept = Draft.objects.get(pk=str(self.draft_id)).data["customer"]
        return {"choice": kept["choice"][0]}

    def details(self, **changed: Any) -> dict[str, Any]:
        with as_owner():
            location = self.member.organization.locations.get()
        return {
            "name": "Claims platform",
            "value": "480,000.00",
            "currency": "EUR",
            "close_date": in_days(60),
            "location": str(location.pk),
            "crm_id": "CRM-SECRET",
            "campaign_id": "CAMPAIGN-SECRET",
            "notes": "NOTES-SECRET",
            **changed,
        }

    @property
    def team(self) -> dict[str, Any]:
        return dict(cells_of([row_of(self.member.user)]))

    def to_last_step(self, *solutions: Any, contact: dict[str, str] | None = None) -> None:
        """Through every step but the last: of a partner inviting no other partner."""
        is_vendors = self.member.organization.is_vendor
        self.to("partners" if is_vendors else "help", *solutions, contact=contact)

    def to_partners(self, *solutions: Any, contact: dict[str, str] | None = None) -> None:
        self.to("partners", *solutions, contact=contact)

    def to(self, key: str, *solutions: Any, contact: dict[str, str] | None = None) -> None:
        """To that step; as far as somebody walked before, the draft is only written again."""
        way = self._way_to(key, solutions, contact or {})
        done = self._resume(way)
        for number, (step, data) in enumerate(way[done:], start=done + 1):
            self.advance(step, {**self.customer, **data} if step == "customer" else data)
            self._remember(way[:number])

    def _resume(self, way: Way) -> int:
        """How many steps of that way are done then."""
        for number in range(len(way), -1, -1):
            walked = _walked.get(repr((self.member.pk, way[:number])))
            if walked and not self._is_there(walked[1]):
                self._write_again(*deepcopy(walked))
                return number
        self._reference = self.begin()
        self._remember([])
        return 0

    def _remember(self, way: Way) -> None:
        with as_owner():
            draft = Draft.objects.get(pk=str(self.draft_id))
        _walked[repr((self.member.pk, way))] = self._reference, draft

    def _way_to(self, key: str, solutions: Sequence[Any], contact: dict[str, str]) -> Way:
        """What each step before that one sends, besides the customer's choice."""
        steps: dict[str, Callable[[], dict[str, Any]]] = {
            "customer": lambda: contact,
            "details": self.details,
            "team": lambda: self.team,
            "solutions": lambda: {"solutions": [str(one.pk) for one in solutions]},
            "partners": dict,
            "help": lambda: {"help_type": "none"},
            "review": dict,
        }
        return [(step, steps[step]()) for step in takewhile(key.__ne__, steps)]

    def _is_there(self, draft: Draft) -> bool:
        with as_owner():
            return Draft.objects.filter(pk=draft.pk).exists()

    def _write_again(self, reference: ReferenceCustomer, draft: Draft) -> None:
        with as_owner():
            ReferenceCustomer.objects.bulk_create([reference])
            Draft.objects.bulk_create([draft])
        self._reference, self.draft_id = reference, draft.pk

    def offer(self, company: Company, **changed: Any) -> dict[str, Any]:
        """What the step sends for one partner; `partners` is added by `offers`."""
        given = {
            "bring": [str(company.solution.pk)],
            "value": "1000",
            "currency": "USD",
            "close_date": in_days(30),
            "help_type": "general",
            "message": f"Bring it, {company.organization.name}.",
            "people": [self.member.user.email],
            "location": "",
            **changed,
        }
        return {f"offer-{company.pk.hex}-{name}": value for name, value in given.items()}

    def advance(self, key: str, data: dict[str, Any]) -> None:
        response = self.send(key, data)
        assert response.status_code == 302, response.content.decode()

    @property
    def seen(self) -> str:
        """What the review page, loaded now, says that it shows."""
        found = re.search(r'name="seen" value="(\w+)"', self.get("review").content.decode())
        return found[1] if found else ""

    def create(self, *, seen: str | None = None) -> HttpResponse:
        return self.send("review", {"seen": self.seen if seen is None else seen}, button="create")
