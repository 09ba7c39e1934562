"""What people in the demo say about open deals: among colleagues, and to the other side (5.7).

From a source of chance of its own, so that nothing else in the demo depends on it.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from comments.models import Comment
from deals.models import EventKind, Status
from demo.book import Book, Record
from demo.calendar import Calendar
from demo.companies import Colleague
from demo.names import Names, load
from referrals.models import Referral

# Of a hundred open deals, and of a hundred pairs that could talk.
TALK_INSIDE, TALK_ACROSS = 35, 60


class Talk:
    def __init__(self, book: Book, names: Names, now: datetime) -> None:
        self.book, self.names = book, names
        self.calendar = Calendar(names.random, now)
        self._texts = load("deals")["comments"]
        self._records: dict[UUID, Record] = {one.deal.pk: one for one in book.records}

    def tell_everything(self) -> None:
        for record in self.book.records:
            if record.is_open() and record.team and self._chance(TALK_INSIDE):
                self._among_colleagues(record)
        for referral in self.book.referrals:
            sender, recipient = self._sides(referral)
            if sender.is_open() and recipient.is_open() and self._chance(TALK_ACROSS):
                self._between_companies(referral)

    def _chance(self, percent: int) -> bool:
        return self.names.random.randrange(100) < percent

    def _sides(self, referral: Referral) -> tuple[Record, Record]:
        return self._records[referral.sender_deal_id], self._records[referral.recipient_deal_id]

    def _among_colleagues(self, record: Record) -> None:
        writers = _writers(record)
        texts = self.names.random.sample(self._texts["inside"], 2)
        at = record.deal.answered_at or record.deal.created_at
        for text in texts:
            at = self.calendar.later(at, 1, 12)
            by, *others = self.names.random.sample(writers, len(writers))
            if at >= self.calendar.now or ("{name}" in text and not others):
                return
            self._say(record, at, by, text, mentions=others[:1] if "{name}" in text else [])

    def _between_companies(self, referral: Referral) -> None:
        """In turn; the inviter begins, or the invited one while it has not answered."""
        sender, recipient = self._sides(referral)
        is_waiting = recipient.status == Status.RECEIVED
        turns = [recipient, sender] if is_waiting else [sender, recipient]
        voices = [self.names.random.choice(_writers(one)) for one in turns]
        at = referral.answered_at or referral.sent_at
        texts = self.names.random.choice(self._texts["asked" if is_waiting else "shared"])
        for number, text in enumerate(texts):
            at, speaker = self.calendar.later(at, 1, 3), number % 2
            if at >= self.calendar.now:
                return
            listener = turns[1 - speaker]
            self._say(turns[speaker], at, voices[speaker], text, to=(referral, listener))

    def _say(
        self,
        record: Record,
        at: datetime,
        by: Colleague,
        text: str,
        *,
        mentions: Sequence[Colleague] = (),
        to: tuple[Referral, Record] | None = None,
    ) -> None:
        referral, listener = to or (None, None)
        comment = Comment(
            id=self.names.uuid(),
            organization=record.company.organization,
            deal=record.deal,
            counterpart=listener.company.organization if listener else None,
            referral=referral,
            author=by.user,
            author_name=by.name,
            body=text.replace("{name}", "".join(one.name for one in mentions)),
            at=at,
        )
        self.book.comments.append(comment)
        about = {"comment": str(comment.pk)} | ({"referral": str(referral.pk)} if referral else {})
        named = [[str(one.membership.pk), one.name] for one in mentions if one.membership]
        kind = EventKind.MENTIONED if named else EventKind.COMMENTED
        self.book.add_event(
            record, kind, at, by=by, **about, **({"mentioned": named} if named else {})
        )
        if listener:
            ours = record.company.organization.name
            told = EventKind.COUNTERPART_COMMENTED
            self.book.add_event(listener, told, at, by=ours, counterpart=ours, **about)


def _writers(record: Record) -> list[Colleague]:
    """Who of the team may write; before there is one, who answers for the company."""
    return [one for one in record.team if one.may_work] or record.company.workers[:1]
