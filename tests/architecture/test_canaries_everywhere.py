"""A word of its own in every text of every company's own rows, and every page read by everybody."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse

from comments.models import Comment
from deals.models import Deal, Draft, Registration, SavedView, Selection
from insights.counting import count_all_changes
from notifications.models import Notification
from notifications.services import work_off
from partners.models import (
    CoSellRequest,
    DirectoryTenant,
    JoinInvitation,
    Location,
    Membership,
    Solution,
    TenantLinkRequest,
)
from referrals.models import Referral
from tests.architecture.routes import GUARDED, Stage, ask
from tests.architecture.test_row_level_security import TENANT_MODELS, owner_fields
from tests.identity import as_owner
from tests.world import Company, World

pytestmark = [pytest.mark.django_db, pytest.mark.full]

CANARY = re.compile(rb"kanarek([a-z]+)")
# Others may read of these what is published, and who enters follows from a tenant's domain.
PUBLIC = (Solution, Location, DirectoryTenant)
# Shorter ones hold codes.
SHORTEST = 40
THINGS: dict[str, type[models.Model]] = {
    "deal_id": Deal,
    "referral_id": Referral,
    "draft_id": Draft,
    "view_id": SavedView,
    "comment_id": Comment,
    "selection_id": Selection,
    "registration_id": Registration,
    "membership_id": Membership,
    "location_id": Location,
    "solution_id": Solution,
    "request_id": CoSellRequest,
    "invitation_id": JoinInvitation,
    "tenant_id": DirectoryTenant,
    "link_id": TenantLinkRequest,
    "notification_id": Notification,
}


@pytest.fixture
def world(stage: Stage) -> World:
    """Everybody works with somebody, and Contoso with all but Outsider."""
    world = stage.world
    world.referral(recipient=world.fabrikam)
    world.referral(world.deal(world.frank), sender=world.frank)
    world.referral(world.deal(world.mallory), sender=world.mallory, recipient=world.fabrikam)
    return world


@pytest.fixture
def planted(world: World) -> dict[str, int]:
    """How many values got their company's word."""
    companies = (world.contoso, world.fabrikam, world.outsider, world.microsoft)
    with as_owner():
        return {company.slug: sum(_plant(company)) for company in companies}


def test_nobody_reads_the_words_of_another_company(world: World, planted: dict[str, int]) -> None:
    count_all_changes()
    assert min(planted.values()) > 0
    assert planted["contoso"] > 30
    read: dict[str, int] = dict.fromkeys(planted, 0)
    asked = 0
    visits = list(product(world.cast.values(), _addresses(world)))
    # Evenly over everybody and every address, and enough though some take no GET.
    for number, (member, url) in enumerate(visits[:: max(1, len(visits) // 40_000)]):
        for htmx in (False, True)[: 1 + number % 2]:
            response = ask(member, url, "get", htmx)
            if response.status_code == 405:
                break
            asked += 1
            own = member.organization.slug.encode()
            found = set(CANARY.findall(response.getvalue()))
            # Labels of charts are cut off where they get too long.
            foreign = {one for one in found if not own.startswith(one)}
            assert foreign == set(), (member.user.first_name, url, htmx)
            read[member.organization.slug] += bool(found)
    assert asked >= 20_000, asked
    # Those who may see them do: a search that finds nothing proves nothing.
    assert min(read["contoso"], read["microsoft"]) > 100, read


def test_no_mail_carries_the_words_of_another_company(
    world: World, planted: dict[str, int]
) -> None:
    world.accepted()
    world.overdue_referral()
    mail.outbox.clear()
    work_off(seconds=60)
    assert len(mail.outbox) > 3
    for one in mail.outbox:
        assert isinstance(one, EmailMultiAlternatives)
        text = "".join(
            [str(one.subject), str(one.body), *(str(part[0]) for part in one.alternatives)]
        )
        own = one.to[0].rpartition("@")[2].split(".")[0].encode()
        assert set(CANARY.findall(text.encode())) <= {own}, one.to


def _plant(company: Company) -> Iterator[int]:
    """How many rows got the company's word, by field."""
    for model in TENANT_MODELS:
        owners = owner_fields(model)
        if len(owners) > 1 or model in PUBLIC:
            continue
        rows = model._base_manager.filter(**{owners[0].name: company.pk})
        if model is Deal:
            rows = rows.filter(closed_at=None)
        elif "deal" in {field.name for field in model._meta.concrete_fields}:
            # What belongs to a closed deal is final.
            rows = rows.filter(deal__closed_at=None)
        for field in model._meta.concrete_fields:
            if _is_text(field):
                yield rows.update(**{field.name: _with_word(field, f"kanarek{company.slug}")})


def _is_text(field: Any) -> bool:
    if not isinstance(field, models.CharField | models.TextField) or field.choices:
        return False
    if field.name.endswith("_hash"):
        return False
    return not field.generated and (field.max_length or SHORTEST) >= SHORTEST


def _with_word(field: Any, word: str) -> Concat:
    if isinstance(field, models.EmailField):
        return Concat(Value(f"{word}."), F(field.name))
    return Concat(F(field.name), Value(f" {word}"))


def _addresses(world: World) -> list[str]:
    """Every route with every id there is, inside of every company, and lists that search."""
    slugs = ["contoso", "fabrikam", "outsider", "microsoft"]
    values: dict[str, list[Any]] = {
        "organization": slugs, "partner": slugs, "tab": ["inbound", "outbound", "favorites"],
        "key": ["customer", "details", "review"], "chart": ["funnel", "campaign"],
        "transition": ["win", "lose"], "sign_in_id": [], "pk": [],
    }  # fmt: skip
    with as_owner():
        for name, model in THINGS.items():
            values[name] = list(model._base_manager.values_list("pk", flat=True))
    found = [
        reverse(route.name, kwargs=dict(zip(route.parameters, given, strict=True)))
        for route in GUARDED
        for given in product(*(values[name] for name in route.parameters))
    ]
    return found + [f"{url}?q=kanarek" for url in found if url.endswith("bound/")]
