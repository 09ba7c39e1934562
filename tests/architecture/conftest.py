from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction

from comments.services import write_comment
from deals.models import Deal, Draft, SavedView, Selection
from notifications.models import Notification
from notifications.services import resolve_notices
from tests.architecture.routes import Stage, signed_in
from tests.deals.registering import registered
from tests.factories import (
    CoSellRequestFactory,
    DirectoryTenantFactory,
    JoinInvitationFactory,
    TenantLinkRequestFactory,
)
from tests.identity import as_owner, resting
from tests.world import World, build_world


@pytest.fixture(scope="module")
def decorate() -> Callable[[World], None]:
    """What a module does to the world before deals are made in it."""
    return lambda world: None


@pytest.fixture(scope="module")
def _built_once(
    django_db_setup: None, django_db_blocker: Any, decorate: Callable[[World], None]
) -> Iterator[Stage]:
    """Making the stage takes longer than most requests; every test is a savepoint behind it."""
    with django_db_blocker.unblock(), _rolled_back():
        with resting():
            world = build_world()
            decorate(world)
            stage = stage_in(world)
            for member in world.cast.values():
                signed_in(member)
        yield stage


@pytest.fixture
def stage(_built_once: Stage, _resting_identity: None, db: None) -> Stage:
    """A copy, so that no test finds what another did to it."""
    return deepcopy(_built_once)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stage_in(world: World) -> Stage:
    referral = world.referral()
    received = world.referral(world.deal(world.sam), sender=world.sam, recipient=world.contoso)
    with world.as_member(world.anna):
        ours = Deal.objects.get(pk=referral.sender_deal_id)
        comment = write_comment(ours, actor=world.anna.actor, body="Hello", to=referral)
    resolve_notices()
    with as_owner():
        return Stage(
            world,
            outbound=Deal.objects.get(pk=referral.sender_deal_id),
            received=Deal.objects.get(pk=received.recipient_deal_id),
            referral_id=referral.pk,
            draft=Draft.objects.create(
                organization=world.contoso.organization, membership=world.anna
            ),
            view=SavedView.objects.create(
                organization=world.contoso.organization, membership=world.anna, tab="outbound"
            ),
            comment=comment,
            selection=Selection.objects.create(
                organization=world.contoso.organization, membership=world.anna, action="stage"
            ),
            invitation=JoinInvitationFactory(
                organization=world.contoso.organization, invited_by=world.piotr.user
            ),
            request=CoSellRequestFactory(
                organization=world.contoso.organization,
                vendor=world.microsoft.organization,
                solution=world.contoso.solution,
            ),
            tenant=DirectoryTenantFactory(
                organization=world.contoso.organization, domain="contoso.example"
            ),
            link=TenantLinkRequestFactory(
                membership=world.bob, vendor=world.microsoft.organization
            ),
            registration=registered(world),
            notification=Notification.objects.filter(membership=world.anna).latest("created_at"),
        )
