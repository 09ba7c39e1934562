"""Two clicks at the same moment, on two connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from partners.models import Organization, User
from tests.identity import as_owner, set_session_role
from tests.partners.test_partner_organizations import ADD, typed
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_two_clicks_at_once_add_one_partner(world: World) -> None:
    together = Barrier(4)

    def click(_number: int) -> tuple[int, str]:
        try:
            set_session_role("cosell_app")
            client = Client()
            client.force_login(world.victor.user)
            together.wait(timeout=30)
            response = client.post(ADD, typed())
            return response.status_code, response.text
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(click, range(4)))
    assert [status for status, _text in answers] == [302, 422, 422, 422]
    for _status, text in answers[1:]:
        assert "is taken" in text or "a moment ago" in text or "has this MPN account ID" in text
    with as_owner():
        assert Organization.objects.filter(slug="litware-lodz").count() == 1
        assert User.objects.filter(email="ewa.sikora@litware.example").count() == 1
