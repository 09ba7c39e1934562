"""Who works with whom in the demo, and how each engagement goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from deals.models import ReferenceCustomer, Status
from deals.stages import DealType, markable_stages
from demo.book import Book, Record
from demo.calendar import HISTORY, Calendar
from demo.companies import Colleague, Company
from demo.invited import Invited
from demo.story import DAYS_TO_ANSWER, Story
from demo.texts import Words
from partners.models import Solution

# The vendor, whose themes and countries are those of the partner it invites.
VENDOR = "microsoft"
COUNTRIES = {
    "contoso": ("PL", "PL", "PL", "DE", "CZ", "GB"),
    "fabrikam": ("DE", "DE", "AT", "CH", "IT"),
    "adventure-works": ("GB", "GB", "NL", "SE", "FR"),
    "tailspin": ("US", "US", "ES"),
}


@dataclass(frozen=True)
class Flow:
    """So many engagements from one company to others; without recipients they stay private."""

    sender: str
    recipients: tuple[str, ...]
    how_many: int


# One deal for the sender and one for each recipient: 300 in all.
FLOWS = (
    Flow("contoso", (), 14),
    Flow("contoso", ("microsoft",), 36),
    Flow("contoso", ("fabrikam",), 6),
    Flow("contoso", ("microsoft", "fabrikam"), 2),
    Flow("microsoft", ("contoso",), 20),
    Flow("fabrikam", ("contoso",), 8),
    Flow("adventure-works", ("contoso",), 4),
    Flow("fabrikam", (), 6),
    Flow("fabrikam", ("microsoft",), 15),
    Flow("microsoft", ("fabrikam",), 8),
    Flow("adventure-works", ("fabrikam",), 2),
    Flow("adventure-works", ("microsoft",), 8),
    Flow("microsoft", ("adventure-works",), 10),
    Flow("tailspin", (), 2),
    Flow("tailspin", ("microsoft",), 2),
)
# Contoso's assessments, by how many of their stages are marked and how they ended.
ASSESSMENTS = (
    (0, None), (1, None), (2, None), (3, None), (4, None),
    (4, Status.WON), (4, Status.WON), (1, Status.LOST),
)  # fmt: skip
# Invitations that wait for an answer when the demo starts, by the time that is left; the first
# one expires while somebody watches.
WAITING = (
    ("microsoft", "contoso", timedelta(minutes=10)),
    ("microsoft", "contoso", timedelta(hours=5, minutes=11)),
    ("fabrikam", "contoso", timedelta(days=2, hours=1, minutes=20)),
    ("microsoft", "contoso", timedelta(days=6, hours=4)),
    ("microsoft", "contoso", timedelta(days=12, hours=19)),
    ("contoso", "microsoft", timedelta(hours=21, minutes=40)),
    ("contoso", "microsoft", timedelta(days=2, hours=7)),
    ("contoso", "microsoft", timedelta(days=8, hours=3)),
    ("contoso", "microsoft", timedelta(days=13, hours=2)),
    ("fabrikam", "microsoft", timedelta(days=4, hours=6)),
    ("adventure-works", "microsoft", timedelta(days=10, hours=1)),
    ("microsoft", "fabrikam", timedelta(days=3, hours=9)),
    ("contoso", "fabrikam", timedelta(days=9, hours=5)),
)
# How companies answer: within how many days, and out of ten invitations how many they accept,
# decline, lose to their senders and forget.
HABITS = {"fabrikam": ((1, 1), (8, 2, 0, 0)), "adventure-works": ((2, 9), (3, 1, 0, 6))}
USUAL_HABIT = ((1, 8), (7, 2, 1, 1))


class Plan:
    def __init__(
        self,
        book: Book,
        words: Words,
        calendar: Calendar,
        *,
        companies: dict[str, Company],
        customers: Sequence[ReferenceCustomer],
    ) -> None:
        self.book, self.words, self.calendar = book, words, calendar
        self.companies = companies
        self._customers: dict[str, list[ReferenceCustomer]] = {}
        for customer in customers:
            self._customers.setdefault(customer.country, []).append(customer)

    def tell_everything(self) -> None:
        for flow in FLOWS:
            for _number in range(flow.how_many):
                self._engagement(flow, self._start())
        for sender, recipient, left in WAITING:
            sent_at = self.calendar.now + left - DAYS_TO_ANSWER
            self._engagement(Flow(sender, (recipient,), 1), sent_at, waits=True)
        for marked, outcome in ASSESSMENTS:
            self._assessment(marked, outcome)

    def _start(self) -> datetime:
        """More of the recent weeks than of the first months."""
        oldest = HISTORY.days - 2
        return min(self.calendar.past(1, oldest), self.calendar.past(15, oldest), key=self._age_of)

    def _age_of(self, moment: datetime) -> timedelta:
        return self.calendar.now - moment if self.words.chance(50) else timedelta(days=60)

    def _engagement(self, flow: Flow, start: datetime, *, waits: bool = False) -> None:
        sender = self.companies[flow.sender]
        recipients = [self.companies[slug] for slug in flow.recipients]
        offering = next(slug for slug in (flow.sender, *flow.recipients) if slug != VENDOR)
        story = self._story(flow, offering, start)
        by = self._somebody(sender)
        record = story.open(
            sender, start, by=by, solutions=self._solutions(story, [sender, *recipients])
        )
        if VENDOR in flow.recipients or self.words.chance(40):
            story.add_contact(record, start, by=by, shared=bool(recipients))
        for recipient in recipients:
            self._invite(story, record, recipient, by=by, at=start, waits=waits)
        if not waits:
            self._work(story, record, start)
        story.run(until=self.calendar.now)

    def _story(self, flow: Flow, offering: str, start: datetime) -> Story:
        themes = {
            theme
            for solution, themes in self.companies[offering].solutions
            if solution.is_published and not solution.retired_at
            for theme in themes
        }
        country = self.words.pick(COUNTRIES[offering])
        return Story(
            self.book,
            self.words,
            reference=self.words.pick(self._customers[country]),
            topic=self.words.topic(themes),
            type=_type_of(flow),
            engagement_id=self.book.names.uuid(),
        )

    def _invite(
        self, story: Story, record: Record, recipient: Company, *,
        by: Colleague, at: datetime, waits: bool,
    ) -> None:  # fmt: skip
        is_vendor = recipient is self.companies[VENDOR]
        from_vendor = record.company is self.companies[VENDOR]
        asked = [recipient] if not is_vendor else [record.company, recipient]
        whole = is_vendor or from_vendor
        share = Decimal(1) if whole else Decimal(self.words.pick([30, 40, 60])) / 100
        invited = story.invite(
            record, recipient, at, by=by, solutions=self._solutions(story, asked), share=share
        )
        if not waits:
            self._answer(story, record, invited, at)

    def _answer(self, story: Story, sender: Record, invited: Invited, sent_at: datetime) -> None:
        """Most invitations are accepted; some are declined, taken back or forgotten."""
        by = self._somebody(invited.record.company)

        def accept(at: datetime) -> None:
            story.accept(invited, at, by=by)
            self._work(story, invited.record, at)

        def decline(at: datetime) -> None:
            story.decline(invited, at, by=by)

        def withdraw(at: datetime) -> None:
            story.withdraw(invited, sender, at, by=sender.team[0])

        def expire(at: datetime) -> None:
            story.expire(invited, at)

        days, counts = HABITS.get(invited.record.company.organization.slug, USUAL_HABIT)
        answer = self.words.random.choices([accept, decline, withdraw, None], counts)[0]
        if answer:
            story.at(self.calendar.later(sent_at, *days), answer, only_if=invited.is_unanswered)
        # The sweep comes within a minute.
        story.at(
            sent_at + DAYS_TO_ANSWER + timedelta(seconds=24), expire, only_if=invited.is_unanswered
        )

    def _work(self, story: Story, record: Record, start: datetime) -> None:
        """Stages one after the other, now and then an edit, and an end; or a deal that stalls."""
        outcome = self._outcome(story)
        stages = self._stages(record, outcome)

        def step(at: datetime) -> None:
            by = self._worker(record)
            if self.words.chance(14):
                story.edit(record, at, by=by)
            elif stages:
                story.mark(record, stages.pop(0), at, by=by)
            elif outcome:
                story.close(record, outcome, at, by=by)
                return
            story.at(self.calendar.later(at, 5, 30), step, only_if=record.is_open)

        story.at(self.calendar.later(start, 3, 18), step, only_if=record.is_open)

    def _outcome(self, story: Story) -> Status | None:
        """Both sides sell the same project and mostly end alike; None is a deal that stalls."""
        if story.outcome is None or self.words.chance(8):
            picked = self.words.pick(
                [Status.WON] * 9 + [Status.LOST] * 5 + [Status.ERROR] + [None] * 5
            )
            shared = picked if picked != Status.ERROR else None
            story.outcome = story.outcome or shared
            return picked
        return story.outcome

    def _stages(self, record: Record, outcome: Status | None) -> list[str]:
        codes = [str(stage.code) for stage in markable_stages(record.deal.type)]
        if outcome == Status.ERROR:
            return []
        if outcome != Status.WON:
            return codes[: self.words.pick([0, 1, 2, 3, 4])]
        return [code for code in codes if not self.words.chance(12)]

    def _assessment(self, marked: int, outcome: Status | None) -> None:
        """The vendor pays for it; nobody is invited, and every stage comes before the next."""
        days = 25 * (marked + bool(outcome)) + 10
        start = self.calendar.past(days, days + 30)
        company, vendor = self.companies["contoso"], self.companies[VENDOR]
        story = self._story(Flow("contoso", (), 1), "contoso", start)
        story.type = DealType.ASSESSMENT
        solution = self.words.pick(vendor.assessments)
        record = story.open(company, start, by=self._somebody(company), solutions=[solution])
        record.deal.value = self.words.rounded(record.deal.value / 10, record.deal.currency)
        scope = self.words.pick(["group", "headquarters", "all sites"])
        record.deal.name = f"{solution.name} – {scope}"
        at = start
        for stage in markable_stages(record.deal.type)[:marked]:
            at = self.calendar.later(at, 5, 20)
            story.mark(record, stage.code, at, by=self._worker(record))
        if outcome:
            story.close(record, outcome, self.calendar.later(at, 3, 12), by=self._worker(record))

    def _solutions(self, story: Story, companies: Sequence[Company]) -> list[Solution]:
        """One of each company that has something for the theme, and now and then one more."""
        chosen: list[Solution] = []
        for company in companies:
            fitting = company.solutions_for(story.topic.theme)
            fitting = fitting or [one for one, _themes in company.solutions if one.is_published]
            how_many = min(self.words.pick([1, 1, 1, 2]), len(fitting))
            chosen += self.words.random.sample(fitting, how_many)
        return chosen

    def _somebody(self, company: Company) -> Colleague:
        """Who does the work: mostly the first of the company's people."""
        workers = company.workers
        return self.words.pick([*workers[:1] * 3, *workers])

    def _worker(self, record: Record) -> Colleague:
        on_team = [colleague for colleague in record.team if colleague.may_work]
        return self.words.pick(on_team) if on_team else self._somebody(record.company)


def _type_of(flow: Flow) -> DealType:
    if not flow.recipients:
        return DealType.PRIVATE
    return DealType.CO_SELL if VENDOR in (flow.sender, *flow.recipients) else DealType.P2P
