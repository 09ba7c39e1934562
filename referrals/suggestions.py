"""Which partners fit a deal, each with its reason in words (8.2): docs/being-a-good-partner.md.

Made of what the reader may know: whose solutions the deal carries, what became of the reader's own
invitations, and tendencies, which the database tells where many companies share them.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cosell.core.money import country_name
from deals.models import Status
from deals.queries import visible_deals
from partners.models import Industry, Membership, Solution
from partners.queries import ecosystem
from referrals.models import Referral, Trait
from referrals.profiles import PartnerCard, partner_cards
from referrals.traits import WINDOW, DealTraits, Size

SHOWN = 3
_MOST_REMEMBERED = 1000
# One answer is no habit.
_ENOUGH_OF_OURS = 2
_FOR_THEIR_SOLUTION, _FOR_OUR_HISTORY = 3, 4


@dataclass(frozen=True)
class Suggestion:
    card: PartnerCard
    reasons: Sequence[str]


@dataclass
class _Candidate:
    points: float = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, points: float, reason: str) -> None:
        """What speaks against somebody has no words; it only weighs."""
        self.points += points
        if points > 0:
            self.reasons.append(reason)


@dataclass
class _Answers:
    """What became of our own invitations of one partner; `there`: for customers in the country."""

    accepted: int = 0
    total: int = 0
    accepted_there: int = 0
    total_there: int = 0
    won: int = 0


def suggest_partners(
    member: Membership, about: DealTraits, *, besides: Collection[UUID]
) -> list[Suggestion]:
    """The best few, what speaks for each first; nobody for whom nothing does."""
    candidates: dict[UUID, _Candidate] = defaultdict(_Candidate)
    solutions = Solution.objects.select_related("organization").in_bulk(list(about.solutions))
    _by_solutions(candidates, solutions.values())
    _by_history(candidates, _own_history(member, about.country), about.country)
    _by_tendencies(candidates, about, solutions)
    fitting = {pk: one for pk, one in candidates.items() if one.points > 0 and one.reasons}
    found = ecosystem().exclude(pk__in={*besides, member.organization_id}).in_bulk(list(fitting))
    best = sorted(
        found.values(), key=lambda one: (-fitting[one.pk].points, -one.responsiveness, one.name)
    )
    cards = partner_cards(best[:SHOWN])
    return [Suggestion(card, fitting[card.organization.pk].reasons[:3]) for card in cards]


def _by_solutions(candidates: dict[UUID, _Candidate], solutions: Collection[Solution]) -> None:
    for solution in solutions:
        candidates[solution.organization_id].add(
            _FOR_THEIR_SOLUTION,
            _("offers %(solution)s, which this deal carries") % {"solution": solution.name},
        )


def _by_history(
    candidates: dict[UUID, _Candidate], history: dict[UUID, _Answers], country: str
) -> None:
    """Half of all, with one acceptance and one refusal more, is neither for nor against."""
    for partner, answers in history.items():
        is_there = answers.total_there >= _ENOUGH_OF_OURS
        accepted = answers.accepted_there if is_there else answers.accepted
        total = answers.total_there if is_there else answers.total
        if total >= _ENOUGH_OF_OURS:
            points = _FOR_OUR_HISTORY * ((accepted + 1) / (total + 2) - 0.5)
            reason = _accepted_of_ours(accepted, total, country if is_there else "")
            candidates[partner].add(points, reason)
        if answers.won:
            candidates[partner].add(
                0.5,
                ngettext("won %(n)s deal with you", "won %(n)s deals with you", answers.won)
                % {"n": answers.won},
            )


def _accepted_of_ours(accepted: int, total: int, country: str) -> str:
    given = {"accepted": accepted, "n": total, "country": country_name(country)}
    if country:
        return (
            ngettext(
                "accepted %(accepted)s of your %(n)s invitation for customers in %(country)s",
                "accepted %(accepted)s of your %(n)s invitations for customers in %(country)s",
                total,
            )
            % given
        )
    return (
        ngettext(
            "accepted %(accepted)s of your %(n)s invitation",
            "accepted %(accepted)s of your %(n)s invitations",
            total,
        )
        % given
    )


def _own_history(member: Membership, country: str) -> dict[UUID, _Answers]:
    """Answers to the newest invitations that the member's own deals sent to partners."""
    sent = Referral.objects.filter(
        sender_id=member.organization_id,
        sent_at__gt=timezone.now() - WINDOW,
        answered_at__isnull=False,
        is_to_vendor=False,
    )
    if member.sees_only_own_deals or member.is_location_scoped:
        sent = sent.filter(sender_deal__in=visible_deals(member))
    rows = sent.order_by("-sent_at", "-id").values_list(
        "recipient", "recipient_status", KT("customer__country")
    )
    history: dict[UUID, _Answers] = defaultdict(_Answers)
    for partner, status, where in rows[:_MOST_REMEMBERED]:
        answers, accepted = history[partner], status != Status.DECLINED
        answers.total += 1
        answers.accepted += accepted
        answers.total_there += where == country
        answers.accepted_there += accepted and where == country
        answers.won += status == Status.WON
    return history


def _by_tendencies(
    candidates: dict[UUID, _Candidate], about: DealTraits, solutions: dict[UUID, Solution]
) -> None:
    pairs = about.pairs()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, trait, code, tendency FROM partner_tendencies(%s, %s, %s)"
            " ORDER BY organization_id, trait DESC, code",
            [[trait for trait, _code in pairs], [code for _trait, code in pairs], list(candidates)],
        )
        for partner, trait, code, tendency in cursor.fetchall():
            candidates[partner].add(tendency, _accepts_most(Trait(trait), code, solutions))


def _accepts_most(trait: Trait, code: str, solutions: dict[UUID, Solution]) -> str:
    """Of all companies' invitations; no numbers, which are others' business."""
    if trait == Trait.COUNTRY:
        return _("accepts most invitations for customers in %(country)s") % {
            "country": country_name(code)
        }
    if trait == Trait.INDUSTRY:
        return _("accepts most invitations of this industry: %(industry)s") % {
            "industry": Industry(code).label
        }
    if trait == Trait.SIZE:
        return _("accepts most deals of %(size)s") % {"size": Size(code).label}
    solution = solutions.get(UUID(code))
    return _("accepts most invitations with %(solution)s") % {
        "solution": solution.name if solution else _("a solution of this deal")
    }
