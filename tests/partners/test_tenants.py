"""From which directory tenants people get in, and asking to be let in from one more (1.2)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cosell.core.errors import NotAllowed, Refused, Stale
from cosell.core.tenancy import APP_ROLE, database_identity
from notifications.services import resolve_notices
from partners.models import Change, CompanyEvent, DirectoryTenant, Membership, TenantLinkRequest
from partners.origins import SESSION_KEY, Tenant, tenant_of_domain
from partners.permissions import Role
from partners.tenant_requests import answer_link, ask_link
from partners.tenants import link_tenant, unlink_tenant
from tests.factories import MembershipFactory, UserFactory
from tests.identity import as_owner
from tests.notifications.reading import mails_to
from tests.world import World

pytestmark = pytest.mark.django_db

LIST = "/o/contoso/tenants/"
ASK = "/o/contoso/tenants/ask/"
INSIDE = "/o/contoso/deals/inbound/"
NORDIC = "nordic.example"


@pytest.fixture
def piotr(client: Client, world: World) -> Client:
    client.force_login(world.piotr.user)
    return client


@pytest.fixture
def nora(world: World) -> Membership:
    """Belongs to Contoso, with an address of a company that Contoso bought."""
    user = UserFactory(first_name="Nora", last_name="Nilsson", email=f"nora@{NORDIC}")
    return MembershipFactory(organization=world.contoso.organization, user=user)


@pytest.fixture
def listed(world: World) -> DirectoryTenant:
    return listing(world, "contoso.example")


def listing(world: World, domain: str, tenant_id: UUID | None = None) -> DirectoryTenant:
    with as_owner():
        return DirectoryTenant.objects.create(
            organization=world.contoso.organization,
            tenant_id=tenant_id or tenant_of_domain(domain).id,
            domain=domain,
            linked_by_name="Piotr Nowak",
        )


def domains() -> set[str]:
    with as_owner():
        return set(DirectoryTenant.objects.values_list("domain", flat=True))


def history() -> list[tuple[str, str, str]]:
    with as_owner():
        rows = CompanyEvent.objects.order_by("id").values_list("kind", "by_name", "subject")
        return list(rows)


def signed_in(member: Membership, *, tenant_id: UUID | None = None) -> Client:
    client = Client()
    client.force_login(member.user)
    if tenant_id:
        session = client.session
        session[SESSION_KEY] = str(tenant_id)
        session.save()
    return client


def asked_by(member: Membership) -> TenantLinkRequest:
    with as_owner():
        return TenantLinkRequest.objects.get(membership=member)


def test_company_that_lists_none_lets_everybody_in(nora: Membership) -> None:
    assert signed_in(nora).get(INSIDE).status_code == 200


def test_unlisted_domain_sees_why_with_tenant_and_admin(
    nora: Membership, listed: DirectoryTenant, world: World
) -> None:
    world.deal(name="Secret platform")
    client = signed_in(nora)
    for path in (INSIDE, "/o/contoso/", "/o/contoso/solutions/", "/o/contoso/notifications/"):
        response = client.get(path)
        page = response.text
        assert response.status_code == 403, path
        assert "Contoso does not know where you sign in from" in page
        assert NORDIC in page
        assert str(tenant_of_domain(NORDIC).id) in page
        assert "piotr@contoso.example" in page
        assert "Request linking" in page
        for inside in ("Secret platform", 'id="navigation"', 'id="bell"'):
            assert inside not in page


def test_listed_domain_gets_in_others_of_the_person_are_not_touched(
    listed: DirectoryTenant, world: World, nora: Membership
) -> None:
    assert signed_in(world.anna).get(INSIDE).status_code == 200
    MembershipFactory(organization=world.fabrikam.organization, user=nora.user)
    client = signed_in(nora)
    assert client.get("/o/fabrikam/deals/inbound/").status_code == 200
    assert 'href="/o/fabrikam/"' in client.get(INSIDE).text


def test_stranger_still_gets_the_same_bytes_as_nothing(
    listed: DirectoryTenant, world: World
) -> None:
    client = signed_in(world.mallory)
    nothing = client.get("/o/no-such-company/")
    for response in (client.get(INSIDE), client.post(ASK)):
        assert (response.status_code, response.content) == (404, nothing.content)


def test_fragment_leads_to_the_page_that_explains(
    nora: Membership, listed: DirectoryTenant
) -> None:
    response = signed_in(nora).get(INSIDE, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/o/contoso/"
    assert response.content == b""


def test_verified_tenant_counts_and_not_the_address(world: World, listed: DirectoryTenant) -> None:
    """What Microsoft Entra vouches for: an address of a listed domain is no way around it."""
    entra, foreign = uuid4(), uuid4()
    listing(world, "contoso.example", entra)
    assert signed_in(world.anna, tenant_id=entra).get(INSIDE).status_code == 200
    refused = signed_in(world.anna, tenant_id=foreign).get(INSIDE)
    assert refused.status_code == 403
    assert str(foreign) in refused.text


def test_check_costs_no_statement(
    world: World, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = signed_in(world.anna)
    client.get(INSIDE)
    with CaptureQueriesContext(connection) as without:
        client.get(INSIDE)
    for domain in ("contoso.example", "a.example", "b.example"):
        listing(world, domain)
    with django_assert_num_queries(len(without)):
        client.get(INSIDE)


def test_request_goes_to_the_admins_and_stands_on_the_page(
    nora: Membership, listed: DirectoryTenant
) -> None:
    client = signed_in(nora)
    response = client.post(ASK)
    assert response["Location"] == "/o/contoso/"
    assert "You requested linking" in client.get("/o/contoso/").text
    (sent,) = mails_to("@")
    assert sent.to == ["Piotr Nowak <piotr@contoso.example>"]
    assert sent.subject == f"Nora Nilsson asks to be let in from {NORDIC}"
    for told in (
        NORDIC,
        str(tenant_of_domain(NORDIC).id),
        f"/tenants/requests/{asked_by(nora).pk}",
    ):
        assert told in str(sent.body)
    assert history() == [(Change.LINK_ASKED, "Nora Nilsson", NORDIC)]
    again = client.post(ASK)
    assert again.status_code == 409
    assert 'id="navigation"' not in again.text
    assert len(mails_to("@")) == 1


def test_vendors_admins_are_told_where_the_company_has_no_other(
    world: World, listed: DirectoryTenant
) -> None:
    with as_owner():
        DirectoryTenant.objects.update(domain="elsewhere.example", tenant_id=uuid4())
    signed_in(world.piotr).post(ASK)
    (sent,) = mails_to("@")
    assert sent.to == ["Victor Vance <victor@microsoft.example>"]
    assert "/o/microsoft/tenant-requests/" in str(sent.body)


def test_bell_leads_admins_to_the_request(
    piotr: Client, nora: Membership, listed: DirectoryTenant
) -> None:
    signed_in(nora).post(ASK)
    resolve_notices()
    page = "/o/contoso/notifications/"
    shown: Any = piotr.get(page)
    assert "A tenant waits to be linked" in shown.text
    (item,) = shown.context["items"]
    assert item.about == f"Nora Nilsson asks to be let in from {NORDIC}"
    assert f"Link {NORDIC} to Contoso?" in piotr.get(item.url).text
    shown = piotr.get(page)
    assert shown.context["unread_count"] == 0


def test_nobody_asks_who_gets_in_already(world: World, listed: DirectoryTenant) -> None:
    assert signed_in(world.anna).post(ASK).status_code == 422
    with as_owner():
        assert not TenantLinkRequest.objects.exists()


def test_admin_approves_and_the_person_gets_in(
    piotr: Client, nora: Membership, listed: DirectoryTenant
) -> None:
    theirs = signed_in(nora)
    theirs.post(ASK)
    asked = asked_by(nora)
    assert "Nora Nilsson" in piotr.get(LIST).text
    piotr.post(f"{LIST}requests/{asked.pk}/", {"answer": "grant", "reason": "Welcome"})
    assert theirs.get(INSIDE).status_code == 200
    (sent,) = mails_to(f"nora@{NORDIC}")
    assert sent.subject == "Contoso lets you in now"
    assert "Welcome" in str(sent.body)
    assert history()[-1] == (Change.LINK_GRANTED, "Piotr Nowak", NORDIC)
    assert piotr.post(f"{LIST}requests/{asked.pk}/", {"answer": "grant"}).status_code == 409


def test_refusal_needs_a_reason_and_tells_it(
    piotr: Client, nora: Membership, listed: DirectoryTenant
) -> None:
    theirs = signed_in(nora)
    theirs.post(ASK)
    page = f"{LIST}requests/{asked_by(nora).pk}/"
    assert piotr.post(page, {"answer": "refuse", "reason": " "}).status_code == 422
    assert piotr.post(page, {"reason": "x"}).status_code == 422
    piotr.post(page, {"answer": "refuse", "reason": "Use your new address."})
    seen = theirs.get(INSIDE)
    assert seen.status_code == 403
    assert "Use your new address." in seen.text
    assert "Request linking once more" in seen.text
    assert "Use your new address." in str(mails_to(f"nora@{NORDIC}")[0].body)
    theirs.post(ASK)
    assert "You requested linking" in theirs.get("/o/contoso/").text


def test_vendors_admin_answers_for_a_partner(
    world: World, nora: Membership, listed: DirectoryTenant
) -> None:
    signed_in(nora).post(ASK)
    asked, victor = asked_by(nora), signed_in(world.victor)
    assert "Nora Nilsson" in victor.get("/o/microsoft/tenant-requests/").text
    page = f"/o/microsoft/tenant-requests/{asked.pk}/"
    assert "Link nordic.example to Contoso?" in victor.get(page).text
    victor.post(page, {"answer": "grant"})
    assert domains() == {"contoso.example", NORDIC}
    with as_owner():
        event = CompanyEvent.objects.latest("id")
    assert (event.organization_id, event.by_company) == (world.contoso.pk, "Microsoft")


@pytest.mark.parametrize("name", ["anna", "frank", "sam", "mallory"])
def test_nobody_else_answers(
    world: World, nora: Membership, listed: DirectoryTenant, name: str
) -> None:
    with world.as_member(nora):
        asked = ask_link(nora, tenant=tenant_of_domain(NORDIC))
    somebody = world.cast[name]
    with world.as_member(somebody), pytest.raises(NotAllowed):
        answer_link(asked, is_granted=True, reason="", admin=somebody)
    assert domains() == {"contoso.example"}


def test_approving_never_closes_a_company_that_is_open_again(
    world: World, nora: Membership, listed: DirectoryTenant
) -> None:
    with world.as_member(nora):
        asked = ask_link(nora, tenant=tenant_of_domain(NORDIC))
    with as_owner():
        listed.delete()
    with world.as_member(world.piotr), pytest.raises(Stale):
        answer_link(asked, is_granted=True, reason="", admin=world.piotr)
    assert domains() == set()


def test_first_listed_is_the_admins_own(piotr: Client, world: World, nora: Membership) -> None:
    assert 'value="contoso.example"' in piotr.get(LIST).text
    refused = piotr.post(LIST, {"domain": NORDIC})
    assert refused.status_code == 422
    assert "List contoso.example first" in refused.text
    piotr.post(LIST, {"domain": "@Contoso.example"})
    assert domains() == {"contoso.example"}
    page = piotr.get(LIST).text
    assert "You sign in from here" in page
    assert "1 person with an address of nordic.example" in page
    assert history() == [(Change.TENANT_LINKED, "Piotr Nowak", "contoso.example")]


@pytest.mark.parametrize("domain", ["", "contoso", "https://contoso.example", "a b.example", "-.x"])
def test_what_is_no_domain_is_refused(piotr: Client, domain: str) -> None:
    assert piotr.post(LIST, {"domain": domain}).status_code == 422
    assert domains() == set()


def test_tenant_id_of_entra_is_kept(piotr: Client, listed: DirectoryTenant) -> None:
    entra = uuid4()
    assert piotr.post(LIST, {"domain": NORDIC, "tenant_id": "no uuid"}).status_code == 422
    piotr.post(LIST, {"domain": NORDIC, "tenant_id": str(entra)})
    with as_owner():
        assert DirectoryTenant.objects.get(domain=NORDIC).tenant_id == entra
    assert piotr.post(LIST, {"domain": NORDIC, "tenant_id": str(entra)}).status_code == 422


def test_unlinking_shuts_out_and_linking_lets_in_again(
    piotr: Client, world: World, nora: Membership, listed: DirectoryTenant
) -> None:
    nordic = listing(world, NORDIC)
    theirs = signed_in(nora)
    assert theirs.get(INSIDE).status_code == 200
    page = piotr.get(f"{LIST}{nordic.pk}/unlink/").text
    assert "1 person with an address of nordic.example" in page
    piotr.post(f"{LIST}{nordic.pk}/unlink/")
    assert theirs.get(INSIDE).status_code == 403
    assert history() == [(Change.TENANT_UNLINKED, "Piotr Nowak", NORDIC)]


def test_own_tenant_stays_while_others_are_listed(
    piotr: Client, world: World, listed: DirectoryTenant
) -> None:
    nordic = listing(world, NORDIC)
    page = f"{LIST}{listed.pk}/unlink/"
    assert "You yourself sign in from contoso.example" in piotr.get(page).text
    assert piotr.post(page).status_code == 422
    assert domains() == {"contoso.example", NORDIC}
    piotr.post(f"{LIST}{nordic.pk}/unlink/")
    piotr.post(page)
    assert domains() == set()


def test_two_admins_cannot_unlink_each_other(world: World, listed: DirectoryTenant) -> None:
    """The second one signs in from what the first took away."""
    nordic = listing(world, NORDIC)
    with world.as_member(world.piotr):
        unlink_tenant(nordic, admin=world.piotr, own=tenant_of_domain("contoso.example"))
    other = tenant_of_domain(NORDIC)
    third = listing(world, "third.example")
    with world.as_member(world.piotr), pytest.raises(Refused, match="yourself"):
        unlink_tenant(third, admin=world.piotr, own=other)


def test_only_admins_link(world: World) -> None:
    own = tenant_of_domain("contoso.example")
    with world.as_member(world.anna), pytest.raises(NotAllowed):
        link_tenant(world.anna, tenant=own, own=own)
    assert domains() == set()


def test_entra_admin_lists_own_tenant_first(world: World) -> None:
    own = Tenant(uuid4(), "contoso.example", is_verified=True)
    with world.as_member(world.piotr), pytest.raises(Refused):
        link_tenant(world.piotr, tenant=tenant_of_domain("contoso.example"), own=own)
    with world.as_member(world.piotr):
        link_tenant(world.piotr, tenant=own, own=own)
    page = signed_in(world.piotr, tenant_id=own.id).get(LIST)
    assert page.status_code == 200


def test_database_tells_what_keeps_oneself_out_and_nobody_else(
    world: World, listed: DirectoryTenant
) -> None:
    def asked(asker: Membership, about: Membership, domain: str) -> int:
        with database_identity(APP_ROLE, user=asker.user_id), connection.cursor() as cursor:
            cursor.execute(
                "SELECT what_keeps_out(%s, %s, NULL, %s)",
                [about.organization_id, about.user_id, domain],
            )
            (obstacles,) = cursor.fetchone()
            return int(obstacles)

    assert asked(world.anna, world.anna, "contoso.example") == 0
    assert asked(world.anna, world.anna, NORDIC) == 1
    with pytest.raises(DatabaseError, match="Nobody asks about others"), transaction.atomic():
        asked(world.mallory, world.anna, "contoso.example")
    with database_identity(APP_ROLE, user=world.anna.user_id):
        assert not DirectoryTenant.objects.exists()


def test_history_page_tells_it_and_goes_back(piotr: Client, world: World) -> None:
    with as_owner():
        CompanyEvent.objects.bulk_create(
            CompanyEvent(
                organization=world.contoso.organization,
                kind=Change.TENANT_LINKED,
                by_name="Piotr Nowak",
                subject=f"d{number}.example",
            )
            for number in range(60)
        )
    newest = piotr.get("/o/contoso/history/")
    assert "d59.example" in newest.text
    assert "d9.example" not in newest.text
    older = piotr.get("/o/contoso/history/", {"before": newest.context["older"]})
    assert "d9.example" in older.text
    assert piotr.get("/o/contoso/history/?before=nonsense").status_code == 200


def test_only_the_admins_of_the_company_link_for_it(world: World) -> None:
    observer = MembershipFactory(
        organization=world.contoso.organization, user=world.victor.user, role=Role.OBSERVER
    )
    client = Client()
    client.force_login(observer.user)
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("piotr", LIST),
        ("piotr", "/o/contoso/history/"),
        ("victor", "/o/microsoft/tenant-requests/"),
    ],
)
def test_lists_cost_the_same_however_long(world: World, who: str, page: str) -> None:
    client = signed_in(world.cast[who])
    listing(world, "contoso.example")

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    def one_more(number: int) -> None:
        user = UserFactory(email=f"somebody{number}@nordic{number}.example")
        member = MembershipFactory(organization=world.contoso.organization, user=user)
        listing(world, f"listed{number}.example")
        with world.as_member(member):
            ask_link(member, tenant=tenant_of_domain(f"nordic{number}.example"))

    one_more(1)
    statements()
    with_one = statements()
    one_more(2)
    one_more(3)
    assert statements() == with_one
