"""The wizard of one draft: its steps in order, how far they are, and the deal they make."""

from collections.abc import Mapping
from functools import cached_property
from re import compile as pattern
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext

from deals.forms.contact import ContactForm, needed_to_invite
from deals.models import Deal, Draft
from deals.services import create_deal
from deals.stages import DealType
from deals.views.wizard import drafts
from deals.views.wizard.customer import CustomerStep
from deals.views.wizard.drafts import Sent
from deals.views.wizard.help import HelpStep
from deals.views.wizard.partners import PartnersStep, VendorsPartnersStep
from deals.views.wizard.steps import DetailsStep, SolutionsStep, State, Step, TeamStep, typed_in
from partners.models import Membership, Organization
from partners.queries import vendor
from referrals.combinations import LADDER
from referrals.services import invite

PARTNER_STEPS: tuple[type[Step], ...] = (
    CustomerStep, DetailsStep, TeamStep, SolutionsStep, PartnersStep, HelpStep
)  # fmt: skip
VENDOR_STEPS: tuple[type[Step], ...] = (
    CustomerStep, DetailsStep, TeamStep, SolutionsStep, VendorsPartnersStep
)  # fmt: skip
REVIEW = "review"
_CONTACT = "contact"
_CONTACT_FIELDS = pattern(r"contact-(first_name|last_name|email|phone|consent|consent_for)")

SomeStep = TypeVar("SomeStep", bound=Step)


class Wizard:
    def __init__(
        self,
        member: Membership,
        draft: Draft,
        *,
        place: Mapping[str, str] | None = None,
        page_id: str = "",
    ) -> None:
        """`page_id` is of the page that a new draft begins on."""
        self.member = member
        self.draft = draft
        self.place = place or {}
        self.page_id = page_id
        # Whose invitations are being sent, should one be refused.
        self.inviting: Step | None = None

    @property
    def is_new(self) -> bool:
        return self.draft._state.adding

    @cached_property
    def vendor(self) -> Organization | None:
        """The vendor, where it is somebody else."""
        return None if self.member.organization.is_vendor else vendor()

    @property
    def vendor_name(self) -> str:
        return self.vendor.name if self.vendor else gettext("The vendor")

    @property
    def all_kinds(self) -> tuple[type[Step], ...]:
        return VENDOR_STEPS if self.member.organization.is_vendor else PARTNER_STEPS

    @cached_property
    def kinds(self) -> list[type[Step]]:
        """Those that the deal needs, as it is now: an assessment has fewer."""
        return [step for step in self.all_kinds if step.applies(self)]

    def leaves_out(self, key: str) -> bool:
        """Whether this is a step of other deals."""
        return key not in self.keys and key in {step.key for step in self.all_kinds}

    @cached_property
    def steps(self) -> dict[str, Step]:
        """Each step as it stands in the draft, errors and all."""
        steps = {step.key: step(self, checked=True) for step in self.kinds}
        return steps | {SolutionsStep.key: self.solutions}

    def _forget(self) -> None:
        """After the draft has changed."""
        for name in ("solutions", "kinds", "steps"):
            self.__dict__.pop(name, None)

    @property
    def keys(self) -> list[str]:
        return [step.key for step in self.kinds]

    def page(self, key: str, *, checked: bool) -> Step:
        """A step to show."""
        return next(step for step in self.kinds if step.key == key)(self, checked=checked)

    def _of(self, kind: type[SomeStep]) -> SomeStep:
        return next(step for step in self.steps.values() if isinstance(step, kind))

    @property
    def customer(self) -> CustomerStep:
        return self._of(CustomerStep)

    @property
    def details(self) -> DetailsStep:
        return self._of(DetailsStep)

    @property
    def team(self) -> TeamStep:
        return self._of(TeamStep)

    @cached_property
    def solutions(self) -> SolutionsStep:
        """What decides which steps there are, and so stands before them."""
        return SolutionsStep(self, checked=True)

    def sent(self, key: str) -> Sent | None:
        return drafts.sent_to(self.draft, key)

    def contact_form(self, *, checked: bool, is_required: bool = False) -> ContactForm:
        """The customer's contact, which two steps ask for."""

        def make(data: Sent | None = None, **kwargs: Any) -> ContactForm:
            return ContactForm(
                data,
                company="" if self.member.organization.is_vendor else self.vendor_name,
                region=self.member.organization.country,
                needed=needed_to_invite(self.vendor_name) if is_required else "",
                **kwargs,
            )

        form = make(self.sent(_CONTACT) or Sent())
        # Checking a form also takes a tick away that was given for somebody else.
        form.full_clean()
        return form if checked else make(initial=typed_in(form))

    @property
    def has_contact(self) -> bool:
        """Whether there is somebody at the customer whom an offer may share."""
        form = self.contact_form(checked=True)
        return form.is_valid() and form.person is not None

    @property
    def has_incentive(self) -> bool:
        return self.solutions.picker.has_incentive

    def begin(self) -> None:
        self.draft = drafts.begun(self.draft)
        self._forget()

    def keep(self, key: str, sent: Sent, *, by_itself: bool = False) -> None:
        """Keep what was sent to a step, valid or not.

        `by_itself`: sent while somebody types, not by a button. It must not undo a button that was
        pressed after it, whichever of the two arrives first.
        """
        late = sent.get("revision") != str(self.revision_of(key))
        if by_itself and late:
            return
        if not by_itself:
            drafts.revise(self.draft, key)
        if any(_CONTACT_FIELDS.fullmatch(name) for name in sent):
            drafts.keep(self.draft, _CONTACT, sent, _CONTACT_FIELDS)
        drafts.keep(self.draft, key, sent, self.page(key, checked=False).fields)
        self._forget()
        about = drafts.About(name=self.details.text("name"), customer=self.customer.summary)
        drafts.describe(self.draft, about)
        self.draft.save()

    @property
    def title(self) -> str:
        about = drafts.about(self.draft)
        return about.title or (gettext("New deal") if self.is_new else gettext("Draft"))

    def revision_of(self, key: str) -> int:
        return drafts.revision_of(self.draft, key)

    def reach(self, key: str) -> None:
        self._forget()
        drafts.reach(self.draft, self.number_of(key) - 1)
        self.draft.save()

    def number_of(self, key: str) -> int:
        return [*self.keys, REVIEW].index(key) + 1

    def after(self, key: str) -> str:
        return [*self.keys, REVIEW][self.number_of(key)]

    def before(self, key: str) -> str:
        """The step before, or this one when it is the first."""
        return self.keys[max(self.number_of(key) - 2, 0)]

    def is_reached(self, key: str) -> bool:
        return self.number_of(key) - 1 <= drafts.furthest(self.draft)

    @property
    def first_open(self) -> str:
        """Where to go on: the first step that is not right yet, as far as one got."""
        return next((key for key, step in self.steps.items() if not step.is_valid), REVIEW)

    def state_of(self, key: str) -> State:
        step = self.steps[key]
        if self.sent(key) is None or not self.is_reached(key):
            return State.TODO
        return State.DONE if step.is_valid else State.ERROR

    @property
    def is_complete(self) -> bool:
        return all(step.is_valid for step in self.steps.values())

    @property
    def is_assessment(self) -> bool:
        """Follows from what is chosen, whether it may be or not (3.7)."""
        return self.solutions.is_assessment

    @property
    def type(self) -> DealType:
        """The widest of what the steps ask for; an assessment stands beside that ladder."""
        if self.is_assessment:
            return DealType.ASSESSMENT
        return max((step.deal_type() for step in self.steps.values()), key=LADDER.index)

    @transaction.atomic
    def create(self) -> Deal:
        """The deal, its invitations, and no draft any more: all of it or nothing.

        The deal takes the draft's id, so that whoever sends the draft twice finds the deal.
        """
        contact = self.customer.contact_form
        deal = create_deal(
            self.member,
            id=self.draft.pk,
            type=self.type,
            customer=self.customer.customer(),
            location=self.details.form.chosen_location,
            details=self.details.form.details,
            team=self.team.formset.people,
            solutions=self.solutions.form.solutions,
            contact=contact.person,
            consent=contact.has_consent,
        )
        for step in self.steps.values():
            self.inviting = step
            for recipient, offer in step.invitations():
                invite(
                    deal,
                    sender=self.member.organization,
                    recipient=recipient,
                    actor=self.member.actor,
                    offer=offer,
                )
        self.draft.delete()
        return deal
