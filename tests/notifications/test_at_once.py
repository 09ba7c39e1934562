"""Workers at the same moment, on real PostgreSQL and with a real mail server."""

from functools import partial

import pytest

from notifications.services import work_off
from referrals.services import expire_all_overdue
from tests.notifications.smtp import Sink
from tests.referrals.bulk import overdue_referrals
from tests.referrals.racing import Race
from tests.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


# In one batch everybody wants the same mails; in many, they also meet while resolving.
@pytest.mark.parametrize("how_many", [30, 520])
def test_deliveries_at_once_send_everything_once(world: World, sink: Sink, how_many: int) -> None:
    overdue_referrals(world, how_many)
    expire_all_overdue()
    with Race(3) as race:
        race.run(*[partial(work_off, seconds=120)] * 3)
    told = [one for one in sink.readers() if one.startswith("colleague")]
    assert len(told) == len(set(told)) == how_many
    assert len(sink.ids()) == len(set(sink.ids()))
