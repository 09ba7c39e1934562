import pytest

from comments.services import write_comment
from deals.models import Deal, Draft, SavedView, Selection
from notifications.models import Notification
from notifications.services import resolve_notices
from tests.architecture.routes import Stage
from tests.deals.registering import registered
from tests.factories import CoSellRequestFactory, JoinInvitationFactory
from tests.identity import as_owner
from tests.world import World


@pytest.fixture
def stage(world: World) -> Stage:
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
            registration=registered(world),
            notification=Notification.objects.filter(membership=world.anna).latest("created_at"),
        )
