from collections.abc import Callable
from copy import deepcopy

import pytest

from comments.services import write_comment
from deals.models import Deal, Draft, SavedView, Selection
from notifications.models import Notification
from notifications.services import resolve_notices
from tests.architecture.routes import Stage, signed_in
from tests.built_once import Once
from tests.deals.registering import registered
from tests.factories import (
    CoSellRequestFactory,
    DirectoryTenantFactory,
    JoinInvitationFactory,
    TenantLinkRequestFactory,
)
from tests.identity import as_owner
from tests.world import World


@pytest.fixture(scope="module")
def decorate() -> Callable[[World], None]:
    """What a module does to the world before deals are made in it."""
    return lambda world: None


@pytest.fixture(scope="module")
def _built_once(once: Once, decorate: Callable[[World], None]) -> Stage:
    """Making the stage takes longer than most requests."""

    def decorated(world: World) -> Stage:
        decorate(world)
        stage = stage_in(world)
        for member in world.cast.values():
            signed_in(member)
        return stage

    return once(decorated)


@pytest.fixture
def stage(_built_once: Stage) -> Stage:
    """A copy, so that no test finds what another did to it."""
    return deepcopy(_built_once)


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
