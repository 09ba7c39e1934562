"""The vendor, and nobody else, says who may carry out solution assessments (1.6)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cosell.core.errors import NotAllowed, Stale
from partners.models import OrganizationAccount, Vetting
from partners.vetting import is_vetted, vet
from tests.factories import VettingFactory
from tests.identity import as_owner
from tests.world import World, add_partner

pytestmark = pytest.mark.django_db

LIST = "/o/microsoft/partners/"
FABRIKAM = "/o/microsoft/partners/fabrikam/assessments/"


@pytest.fixture
def victor(client: Client, world: World) -> Client:
    client.force_login(world.victor.user)
    return client


def row_of(page: str, name: str) -> str:
    return next(row for row in page.split("<tr>") if f'class="strong">{name}<' in row)


def records(world: World) -> list[tuple[bool, str]]:
    with as_owner():
        found = Vetting.objects.filter(partner=world.fabrikam.pk).order_by("id")
        return [(one.is_vetted, one.by_name) for one in found]


def can_assess(world: World) -> bool:
    with world.as_member(world.frank):
        return is_vetted(world.fabrikam.organization)


def test_vendor_vets_a_partner_and_takes_it_back(world: World, victor: Client) -> None:
    assert "Not vetted" in row_of(victor.get(LIST).text, "Fabrikam")
    page = victor.get(FABRIKAM).text
    assert "Should Fabrikam carry out solution assessments?" in page
    assert "Fabrikam was never vetted." in page
    told = victor.post(FABRIKAM, {"decision": "vet"}, follow=True)
    assert told.redirect_chain == [(LIST, 302)]
    assert "Fabrikam can create solution assessments from now on." in told.text
    assert "Not vetted" not in row_of(told.text, "Fabrikam")
    assert can_assess(world)
    page = victor.get(FABRIKAM).text
    assert "Should Fabrikam no longer carry out assessments?" in page
    assert "by Victor Vance" in page
    victor.post(FABRIKAM, {"decision": "withdraw"})
    assert "Not vetted" in row_of(victor.get(LIST).text, "Fabrikam")
    assert not can_assess(world)
    assert records(world) == [(True, "Victor Vance"), (False, "Victor Vance")]


def test_whoever_is_second_is_told_and_nothing_is_recorded_twice(
    world: World, victor: Client
) -> None:
    assert victor.post(FABRIKAM, {"decision": "vet"}).status_code == 302
    second = victor.post(FABRIKAM, {"decision": "vet"})
    assert second.status_code == 409
    assert "Fabrikam is vetted for solution assessments already." in second.text
    assert records(world) == [(True, "Victor Vance")]


def test_unknown_decision_asks_again(world: World, victor: Client) -> None:
    assert victor.post(FABRIKAM, {"decision": "maybe"}).status_code == 422
    assert records(world) == []


@pytest.mark.parametrize("slug", ["microsoft", "nobody"])
def test_only_partners_are_vetted(victor: Client, slug: str) -> None:
    assert victor.get(f"/o/microsoft/partners/{slug}/assessments/").status_code == 404


@pytest.mark.parametrize("name", ["sam", "rita"])
def test_other_people_of_the_vendor_are_told_whom_to_ask(
    world: World, client: Client, name: str
) -> None:
    client.force_login(world.cast[name].user)
    answer = client.post(FABRIKAM, {"decision": "vet"})
    assert answer.status_code == 403
    assert "Victor Vance" in answer.text
    with world.as_member(world.cast[name]), pytest.raises(NotAllowed):
        vet(world.fabrikam.organization, is_vetted=True, actor=world.cast[name].actor)
    assert records(world) == []


def test_vendor_itself_is_never_vetted(world: World) -> None:
    with world.as_member(world.victor), pytest.raises(Stale):
        vet(world.microsoft.organization, is_vetted=True, actor=world.victor.actor)


def test_company_cannot_vet_itself_by_sql(world: World) -> None:
    account = OrganizationAccount.objects.filter(pk=world.fabrikam.pk)
    with world.as_member(world.frank):
        with pytest.raises(DatabaseError, match="Only the vendor"), transaction.atomic():
            account.update(vetted_for_assessments_at="2026-01-01T00:00Z")
        with pytest.raises(DatabaseError, match="Only the vendor"), transaction.atomic():
            vet(world.fabrikam.organization, is_vetted=True, actor=world.victor.actor)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Vetting.objects.create(
                organization=world.microsoft.organization,
                partner=world.fabrikam.organization,
                is_vetted=True,
            )
        assert account.update(mpn_id="4999111") == 1
    assert not can_assess(world)


def test_record_is_read_by_the_two_and_changed_by_nobody(world: World) -> None:
    VettingFactory(organization=world.microsoft.organization, partner=world.fabrikam.organization)
    for member, seen in ((world.frank, 1), (world.victor, 2), (world.mallory, 0)):
        with world.as_member(member):
            assert Vetting.objects.count() == seen
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                Vetting.objects.update(is_vetted=False)


def test_list_costs_the_same_however_many_are_vetted(world: World, victor: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert victor.get(LIST).status_code == 200
        return len(queries)

    before = statements()
    for name in ("Litware", "Proseware"):
        partner = add_partner(world, name).organization
        VettingFactory(organization=world.microsoft.organization, partner=partner)
    assert statements() == before
