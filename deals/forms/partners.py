"""Choosing partners and writing each an offer (3.9, 3.10), in the wizard and later.

The chosen ones travel as `partners` fields, each offer under a prefix of its own. The buttons are
`choose_partner` and `remove_partner` with an id, and `search`.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from cosell.core.typed import storable
from deals.forms.partner import Partner, PartnerForm
from deals.forms.solutions import ids_among
from deals.parts import Person
from partners.models import Organization
from partners.queries import ecosystem
from referrals.models import Referral
from referrals.profiles import PartnerCard, find_partners, offered_by
from referrals.queries import places_of
from referrals.suggestions import Suggestion

FIELDS = re.compile(r"partners|partner_q|offer-[0-9a-f]{32}-\w+")
SUGGESTED, MOST = 8, 20
Sent = MultiValueDict[str, str]


class PartnerPicker:
    """What templates/deals/_partners.html shows: a search, and an offer for each chosen partner."""

    days = settings.INVITATION_DAYS

    def __init__(
        self,
        inviter: Organization,
        sent: Sent,
        *,
        checked: bool,
        prefilled: Mapping[str, Any],
        people: Sequence[Person],
        may_share: bool,
        taken: Collection[UUID] = (),
        history: Callable[[Collection[UUID]], Mapping[UUID, Sequence[Referral]]] | None = None,
        suggest: Callable[[Collection[UUID]], Sequence[Suggestion]] | None = None,
    ) -> None:
        """`taken` are in the engagement already; `prefilled` is what a new offer begins with;
        `suggest` names who fits the deal, besides some."""
        self.inviter, self._sent, self.checked = inviter, sent, checked
        self._prefilled, self._people, self._may_share = prefilled, people, may_share
        self._taken, self._history = {inviter.pk, *taken}, history
        self._suggest = suggest

    @property
    def query(self) -> str:
        return storable(str(self._sent.get("partner_q") or "")).strip()[:100]

    @cached_property
    def ids(self) -> list[UUID]:
        return ids_among(self._sent.getlist("partners"))[:MOST]

    @property
    def may_share(self) -> bool:
        return self._may_share

    @property
    def shares_contact(self) -> bool:
        """Whether an offer, as it was sent, shares the customer's contact."""
        return any(form["shares_contact"].value() for form in self.forms if self._may_share)

    @property
    def is_full(self) -> bool:
        return len(self.ids) >= MOST

    @cached_property
    def matches(self) -> list[PartnerCard]:
        """Partners by name, quick answerers first. Nobody who takes part already."""
        return find_partners(self.query, besides=[*self._taken, *self.ids], most=SUGGESTED)

    @cached_property
    def suggestions(self) -> Sequence[Suggestion]:
        """Who fits the deal; nobody while somebody looks for a name."""
        if self.query or self._suggest is None:
            return []
        return self._suggest([*self._taken, *self.ids])

    @cached_property
    def forms(self) -> list[PartnerForm]:
        """In the order chosen; without those who cannot be invited any more."""
        found = ecosystem().exclude(pk__in=self._taken).in_bulk(self.ids)
        ids = [pk for pk in self.ids if pk in found]
        if not ids:
            return []
        offered, places = offered_by(ids), places_of(ids)
        history = self._history(ids) if self._history else {}
        return [
            self._form(Partner(found[pk], offered[pk], places.get(pk, []), history.get(pk, [])))
            for pk in ids
        ]

    def _form(self, partner: Partner) -> PartnerForm:
        def make(data: Sent | None = None, **kwargs: Any) -> PartnerForm:
            return PartnerForm(
                data, partner=partner, people=self._people, may_share=self._may_share, **kwargs
            )

        typed = make(self._sent)
        if f"{partner.prefix}-value" not in self._sent:
            everybody = [person.email.lower() for person in self._people]
            return make(initial={**self._prefilled, "people": everybody})
        if self.checked:
            return typed
        return make(initial={name: typed[name].data for name in typed.fields})

    @property
    def problem(self) -> str:
        if len(self.forms) < len(self.ids):
            return gettext("A partner that you chose cannot be invited any more.")
        return ""

    @property
    def is_valid(self) -> bool:
        return not self.problem and all(form.is_valid() for form in self.forms)

    @property
    def names(self) -> str:
        return ", ".join(form.partner.organization.name for form in self.forms)


def sent_after_button(sent: Sent) -> Sent | None:
    """What was sent, after a button that chooses, removes or searches; None if none was pressed."""
    chosen = sent.getlist("partners")
    after = MultiValueDict({name: sent.getlist(name) for name in sent})
    if "choose_partner" in sent:
        after.setlist("partners", list(dict.fromkeys([*chosen, str(sent["choose_partner"])])))
        after["partner_q"] = ""
        return after
    if "remove_partner" in sent:
        gone = str(sent["remove_partner"])
        after.setlist("partners", [one for one in chosen if one != gone])
        for name in [name for name in after if name.startswith(f"offer-{gone.replace('-', '')}-")]:
            del after[name]
        return after
    return sent if "search" in sent else None
