"""The deal page: everything about one deal of ours, and the one-click marking of its stages."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from comments.queries import can_talk, teammates
from deals.forms.comments import CommentForm
from deals.lifecycle import Offer, advance, available_transitions
from deals.links import deal_address, deal_context
from deals.models import CustomerContact, Deal, DealEvent, DealSolution, EventKind, Favorite, Status
from deals.progress import Step, lifecycle_of
from deals.queries import contact_of, milestones, solutions_of, visible_deals
from deals.stage_names import shown_names
from deals.stages import StageCode
from deals.staleness import Staleness, staleness_of
from deals.timeline import reason_label, stage_label
from deals.transitions import TRANSITIONS, Name
from deals.views.list_parts import neighbours
from deals.views.registration.parts import RegistrationPart, registration_part
from deals.views.timeline_parts import Timeline, TimelineState
from partners.access import MemberRequest, member_view
from partners.models import Membership, User
from partners.permissions import Permission
from partners.queries import admins_of
from referrals.cards import Card, Inviting, invited_cards, inviter_cards, inviting_from
from referrals.models import Referral
from referrals.queries import received_referral

_ENDINGS = frozenset(one.event for one in TRANSITIONS.values() if one.closes)
_ANSWERS = frozenset({Name.ACCEPT, Name.DECLINE})
_CLOSINGS = frozenset({Name.WIN, Name.LOSE, Name.CLOSE_AS_ERROR})


@dataclass(frozen=True)
class DealPage:
    """What the page shows, read as needed; the number of reads does not grow with the deal."""

    deal: Deal
    member: Membership
    timeline_state: TimelineState

    @property
    def stage_label(self) -> str:
        return stage_label(self.deal.stage, self.stage_names.get(self.deal.stage, ""))

    @cached_property
    def stage_names(self) -> dict[str, str]:
        """What we call the stages (5.8)."""
        return shown_names(self.member.organization_id)

    @property
    def is_closed(self) -> bool:
        return self.deal.is_closed or self.deal.is_overdue

    @cached_property
    def milestones(self) -> list[DealEvent]:
        return milestones(self.deal)

    @cached_property
    def ending(self) -> DealEvent | None:
        """The event that closed the deal; none yet while it is only overdue."""
        return next((one for one in reversed(self.milestones) if one.kind in _ENDINGS), None)

    @property
    def reason(self) -> str:
        return reason_label(self.deal.close_reason)

    @property
    def steps(self) -> list[Step]:
        steps = lifecycle_of(
            self.deal,
            marked_at=self._marked_at,
            may_mark=self.can_edit,
            names=self.stage_names,
        )
        milestone = self.registration.milestone if self.registration else None
        return [*steps, milestone] if milestone else steps

    @cached_property
    def registration(self) -> RegistrationPart | None:
        return registration_part(
            self.deal,
            self.member,
            sent=[] if self.inviter else [card.referral for card in self.cards if card.referral],
            solutions=self.solutions,
            won=self.ending,
        )

    @property
    def _marked_at(self) -> dict[str, datetime]:
        marks = [one for one in self.milestones if one.kind == EventKind.STAGE_MARKED]
        return {mark.data["stage"]: mark.at for mark in marks}

    @property
    def can_edit(self) -> bool:
        return self.deal.status == Status.ACCEPTED and self.member.may(Permission.EDIT_DEALS)

    @property
    def staleness(self) -> Staleness | None:
        """For who can say that the deal is still open (8.3)."""
        return staleness_of(self.deal) if self.can_edit else None

    @cached_property
    def offers(self) -> list[Offer]:
        return available_transitions(self.deal, actor=self.member.actor)

    @property
    def answers(self) -> list[Offer]:
        return [one for one in self.offers if one.transition.name in _ANSWERS]

    @property
    def closings(self) -> list[Offer]:
        return [one for one in self.offers if one.transition.name in _CLOSINGS]

    @cached_property
    def whom_to_ask(self) -> list[User]:
        """For who may only look, while there is something to do (1.4)."""
        if self.is_closed or self.member.may(Permission.EDIT_DEALS):
            return []
        return admins_of(self.member.organization_id)

    @property
    def only_looks(self) -> bool:
        return not self.is_closed and not self.member.may(Permission.EDIT_DEALS)

    @cached_property
    def inviter(self) -> Referral | None:
        return received_referral(self.deal) if self.deal.is_inbound else None

    @cached_property
    def cards(self) -> list[Card]:
        if self.inviter:
            return inviter_cards(self.inviter)
        sent = [one for one in self.milestones if one.kind == EventKind.INVITED]
        return invited_cards(
            self.deal, sent_by={one.data.get("referral", ""): one.actor_name for one in sent}
        )

    @property
    def can_withdraw(self) -> bool:
        return self.member.may(Permission.INVITE)

    @cached_property
    def inviting(self) -> Inviting | None:
        """What the page says about inviting others, to who may do it."""
        if not self.member.may(Permission.INVITE):
            return None
        sent = [card.referral for card in self.cards if card.referral]
        return inviting_from(self.deal, sender=self.member.organization, sent=sent)

    @property
    def shared_contact(self) -> dict[str, str] | None:
        """The contact that came with an invitation, which stays the inviter's."""
        return self.inviter.contact if self.inviter else None

    @cached_property
    def contact(self) -> CustomerContact | None:
        return contact_of(self.deal)

    @property
    def can_edit_contact(self) -> bool:
        is_shared = self.contact is not None and self.contact.first_shared_at is not None
        return self.can_edit and not is_shared and not self.shared_contact

    @cached_property
    def team(self) -> list[Any]:
        return list(self.deal.team.all())

    @cached_property
    def solutions(self) -> list[DealSolution]:
        return list(solutions_of(self.deal))

    @cached_property
    def timeline(self) -> Timeline:
        return Timeline(self.deal, self.member, self.timeline_state, is_open=not self.is_closed)

    @property
    def can_comment(self) -> bool:
        return not self.is_closed and self.member.may(Permission.COMMENT)

    @property
    def comment_form(self) -> CommentForm:
        return self.comment_form_with(None)

    def comment_form_with(self, data: QueryDict | None) -> CommentForm:
        known = [self.inviter, *(card.referral for card in self.cards)]
        return CommentForm(
            data,
            member=self.member,
            listeners=[one for one in known if one and can_talk(one)],
            team=teammates(self.deal),
        )


@require_safe
@member_view(Permission.VIEW_DEALS)
def detail(request: MemberRequest, deal_id: UUID) -> HttpResponse:
    deal = deal_of(request.member, deal_id)
    return deal_page(request, DealPage(deal, request.member, TimelineState.of(request)))


def deal_of(member: Membership, deal_id: UUID) -> Deal:
    deal: Deal = get_object_or_404(_with_heart(member), pk=deal_id)
    return deal


def deal_page(
    request: MemberRequest,
    page: DealPage,
    *,
    comment_form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """`comment_form`: one that was refused, in place of an empty one."""
    form = comment_form or (page.comment_form if page.can_comment else None)
    context = deal_context(request, page.deal) | {
        "page": page,
        "comment_form": form,
        "today": timezone.localdate(),
    }
    context["neighbours"] = neighbours(page.member, page.deal, came_from=context["came_from"])
    return render(request, _template(request), context, status=status)


def _with_heart(member: Membership) -> Any:
    mine = Favorite.objects.filter(
        organization_id=member.organization_id, membership=member, deal=OuterRef("pk")
    )
    deals = visible_deals(member).select_related("customer", "location")
    return deals.annotate(is_favorite=Exists(mine))


def _template(request: MemberRequest) -> str:
    """htmx gets the part it asked for by its target; everything else the whole page."""
    target = request.htmx.target if request.htmx and not request.htmx.boosted else None
    if target in {"deal", "timeline"} and not request.htmx.history_restore_request:
        return f"deals/detail.html#{target}"
    return "deals/detail.html"


@require_POST
@member_view(Permission.EDIT_DEALS)
def mark_stage(request: MemberRequest, deal_id: UUID) -> HttpResponseBase:
    """Mark, skip or go back; `from` is the stage that the clicked page showed."""
    deal = get_object_or_404(visible_deals(request.member), pk=deal_id)
    if request.POST.get("from") in StageCode.values:
        # Decided upon what the page showed: advance refuses if the deal has moved on since.
        deal.stage = request.POST["from"]
    advance(deal, Name.MARK_STAGE, actor=request.member.actor, stage=request.POST.get("stage", ""))
    return redirect(deal_address(request, deal))
