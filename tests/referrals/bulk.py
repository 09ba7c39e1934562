"""Many invitations at once: copies, in SQL, of one that the services made."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import GeneratedField, Model

from deals.models import Deal, DealEvent, EventKind, TeamMember
from notifications.models import Notice
from referrals.models import Referral
from tests.identity import as_owner
from tests.world import World

ENDS = (EventKind.ACCEPTED, EventKind.DECLINED, EventKind.EXPIRED, EventKind.WITHDRAWN)


@dataclass
class Original:
    """An invitation whose time is over, and which no sweep looks at any more."""

    referral: Referral
    team_member: TeamMember


def original(world: World) -> Original:
    one = world.overdue_referral()
    with as_owner():
        Referral.objects.filter(pk=one.pk).update(recipient_status="expired")
        return Original(one, TeamMember.objects.get(deal_id=one.sender_deal_id))


def copies(of: Original, numbers: range, *, respond_by: datetime | None = None) -> None:
    """Unanswered ones; number n has deals S-n and R-n, and colleague n in its sender's team.

    Overdue unless `respond_by` says otherwise.
    """
    deadline = f"'{respond_by.isoformat()}'::timestamptz" if respond_by else "respond_by"
    team = {
        "id": "gen_random_uuid()",
        "deal_id": _uuid("sender"),
        "membership_id": "NULL",
        "email": "'colleague' || n || '@contoso.example'",
    }
    links = {
        "id": _uuid("referral"),
        "engagement_id": _uuid("engagement"),
        "sender_deal_id": _uuid("sender"),
        "recipient_deal_id": _uuid("recipient"),
        "recipient_status": "'received'",
        "respond_by": deadline,
    }
    received = {**_deal("recipient"), "respond_by": deadline}
    with as_owner():
        _copy(Deal, of.referral.sender_deal_id, numbers, _deal("sender"))
        _copy(Deal, of.referral.recipient_deal_id, numbers, received)
        _copy(TeamMember, of.team_member.pk, numbers, team)
        _copy(Referral, of.referral.pk, numbers, links)


def overdue_referrals(world: World, how_many: int) -> None:
    copies(original(world), range(1, how_many + 1))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE deals_deal, deals_teammember, referrals_referral")


def copied_referrals() -> Iterator[Referral]:
    """In no order; call it as the owner."""
    yield from Referral.objects.filter(sender_deal__reference__startswith="S-")


def copied_referral(number: int) -> Referral:
    with as_owner():
        return Referral.objects.get(sender_deal__reference=f"S-{number}")


def assert_all_expired_and_told_once(how_many: int) -> None:
    """Card, both histories and the notice of every copy agree."""
    with as_owner():
        assert Deal.objects.filter(reference__startswith="R-", status="expired").count() == how_many
        assert {one.recipient_status for one in copied_referrals()} == {"expired"}
        theirs = DealEvent.objects.filter(deal__reference__startswith="R-", kind__in=ENDS)
        ours = DealEvent.objects.filter(
            deal__reference__startswith="S-", kind__startswith="counterpart_"
        )
        for told, kind in ((theirs, EventKind.EXPIRED), (ours, EventKind.COUNTERPART_EXPIRED)):
            assert Counter(told.values_list("kind", flat=True)) == {kind: how_many}
            assert told.values("deal_id").distinct().count() == how_many
        notices = Notice.objects.filter(event__in=ours)
        assert notices.count() == notices.values("event").distinct().count() == how_many


def _uuid(side: str) -> str:
    return f"md5('{side}' || n)::uuid"


def _deal(side: str) -> dict[str, str]:
    return {
        "id": _uuid(side),
        "engagement_id": _uuid("engagement"),
        "reference": f"'{side[0].upper()}-' || n",
    }


def _copy(model: type[Model], source: UUID, numbers: range, changed: dict[str, str]) -> None:
    columns = [
        str(field.column)
        for field in model._meta.concrete_fields
        if not isinstance(field, GeneratedField)
    ]
    values = ", ".join(changed.get(column, column) for column in columns)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608 (our names)
            f" FROM {table}, generate_series(%s, %s) AS n WHERE id = %s",
            [numbers.start, numbers.stop - 1, source],
        )
