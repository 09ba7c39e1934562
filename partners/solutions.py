"""What an admin does with the solutions of their company (1.5).

A deal keeps a solution with the name it had when it was added: nothing here changes a deal.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Refused
from partners.actors import Actor
from partners.models import CoSellStatus, Organization, Solution, SolutionContact
from partners.permissions import Permission

# Without look-alikes: people read these aloud.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Contact:
    name: str
    email: str


@dataclass(frozen=True)
class Content:
    """`status` counts for the vendor's own solutions; partners' are marked by the vendor."""

    name: str
    summary: str
    contacts: Sequence[Contact]
    status: CoSellStatus | None = None


@dataclass(frozen=True)
class Requirement:
    label: str
    is_met: bool


@dataclass(frozen=True)
class Level:
    """A co-sell status, and what it takes besides the ones before it."""

    status: CoSellStatus
    is_reached: bool
    requirements: Sequence[Requirement]


@transaction.atomic
def add_solution(organization: Organization, *, content: Content, actor: Actor) -> Solution:
    """Not published yet."""
    _require(actor)
    for _attempt in range(5):
        solution = Solution(organization=organization, code=_new_code())
        try:
            with transaction.atomic():
                _write(solution, content)
        except IntegrityError:
            continue
        return solution
    raise Refused("code", _("Please try again."))


@transaction.atomic
def edit_solution(solution: Solution, *, content: Content, actor: Actor) -> Solution:
    _require(actor)
    _write(solution, content)
    return solution


def publish(solution: Solution, *, actor: Actor) -> None:
    """Others find it from now on; co-sell ready ones only (3.6)."""
    _require(actor)
    if solution.retired_at:
        raise Refused("retired", _("A retired solution cannot be published. Bring it back first."))
    if not solution.summary or not solution.contacts.exists():
        raise Refused("incomplete", _("Write a summary and name a contact before you publish it."))
    Solution.objects.filter(pk=solution.pk).update(is_published=True)


def unpublish(solution: Solution, *, actor: Actor) -> None:
    _require(actor)
    Solution.objects.filter(pk=solution.pk).update(is_published=False)


def retire(solution: Solution, *, actor: Actor) -> None:
    """For good as far as new deals go; those that carry it keep it."""
    _require(actor)
    rows = Solution.objects.filter(pk=solution.pk, retired_at=None)
    rows.update(retired_at=timezone.now(), is_published=False)


def bring_back(solution: Solution, *, actor: Actor) -> None:
    _require(actor)
    Solution.objects.filter(pk=solution.pk).update(retired_at=None)


def levels_of(solution: Solution, *, vendor: Organization | None) -> list[Level]:
    """The co-sell statuses as a checklist, lowest first."""
    owner, by = solution.organization, vendor.name if vendor else _("the vendor")
    marked = _("Marked by %(vendor)s") % {"vendor": by}
    takes = {
        CoSellStatus.IN_MARKET: [
            Requirement(_("A summary of what it does"), bool(solution.summary)),
            Requirement(_("A contact who answers questions"), solution.contacts.exists()),
            Requirement(_("Not retired"), solution.retired_at is None),
        ],
        CoSellStatus.CO_SELL_READY: [
            Requirement(_("Published"), solution.is_published),
            Requirement(
                _("Your company's profile says what you do and has a website"),
                bool(owner.description and owner.website),
            ),
            Requirement(marked, solution.status >= CoSellStatus.CO_SELL_READY),
        ],
        CoSellStatus.INCENTIVE_ELIGIBLE: [
            Requirement(_("Co-sell ready"), solution.status >= CoSellStatus.CO_SELL_READY),
            Requirement(marked, solution.is_incentive_eligible),
        ],
    }
    return [Level(status, solution.status >= status, needed) for status, needed in takes.items()]


def is_prepared_for(wanted: Level, levels: Sequence[Level]) -> bool:
    """Whether nothing is missing but the vendor's mark."""
    lower = [one for one in levels if one.status < wanted.status]
    needed = [*(need for one in lower for need in one.requirements), *wanted.requirements[:-1]]
    return all(need.is_met for need in needed)


def _write(solution: Solution, content: Content) -> None:
    written: dict[str, str | CoSellStatus] = {"name": content.name, "summary": content.summary}
    if content.status and solution.organization.is_vendor:
        written["status"] = content.status
    for column, value in written.items():
        setattr(solution, column, value)
    # The vendor may be marking it at this moment: only what was written here is saved.
    solution.save(update_fields=None if solution._state.adding else written)
    solution.contacts.all().delete()
    SolutionContact.objects.bulk_create(
        SolutionContact(
            organization_id=solution.organization_id,
            solution=solution,
            name=contact.name,
            email=contact.email,
        )
        for contact in content.contacts
    )


def _new_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _position in range(4))
    return f"SOL-{secrets.randbelow(9000) + 1000}-{letters}"


def _require(actor: Actor) -> None:
    if Permission.MANAGE_COMPANY not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow changing solutions."))
