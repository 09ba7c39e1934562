"""Thousands of overdue invitations at once: copies of one that the services made."""

from uuid import UUID

from django.db import connection
from django.db.models import GeneratedField, Model

from deals.models import Deal, TeamMember
from referrals.models import Referral
from tests.identity import as_owner
from tests.world import World


def overdue_referrals(world: World, how_many: int) -> None:
    """Each with a deal on either side and a team of one that is Anna's colleague number n."""
    one = world.overdue_referral()
    team = {
        "id": "gen_random_uuid()",
        "deal_id": _uuid("sender"),
        "membership_id": "NULL",
        "email": "'colleague' || n || '@contoso.example'",
    }
    links = {
        "id": _uuid("referral"),
        "sender_deal_id": _uuid("sender"),
        "recipient_deal_id": _uuid("recipient"),
    }
    with as_owner():
        sender_team = TeamMember.objects.get(deal_id=one.sender_deal_id)
        _copy(Deal, one.sender_deal_id, how_many, _deal("sender"))
        _copy(Deal, one.recipient_deal_id, how_many, _deal("recipient"))
        _copy(TeamMember, sender_team.pk, how_many, team)
        _copy(Referral, one.pk, how_many, links)
        Referral.objects.filter(pk=one.pk).update(recipient_status="expired")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE deals_deal, deals_teammember, referrals_referral")


def _uuid(side: str) -> str:
    return f"md5('{side}' || n)::uuid"


def _deal(side: str) -> dict[str, str]:
    return {"id": _uuid(side), "reference": f"'{side[0].upper()}' || n"}


def _copy(model: type[Model], source: UUID, how_many: int, changed: dict[str, str]) -> None:
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
            f" FROM {table}, generate_series(1, %s) AS n WHERE id = %s",
            [how_many, source],
        )
