"""Net 3: what the database itself refuses, table by table."""

from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from comments.services import edit_comment, write_comment
from cosell.core.tenancy import APP_ROLE, database_identity
from deals.models import (
    Deal,
    DealEvent,
    Draft,
    ListPreference,
    RegistrationRules,
    SavedView,
    SelectedDeal,
    Selection,
    StageName,
)
from deals.services import set_favorite
from insights.models import MonthlyCount
from notifications.models import DigestDay, Notification, Preference, Unsubscribed
from partners.history import record
from partners.models import (
    Change,
    JoinInvitationLocation,
    Location,
    Membership,
    MembershipLocation,
    Organization,
    Solution,
)
from referrals.models import Referral, TraitRecord
from tests.built_once import Once
from tests.deals.registering import registered
from tests.factories import (
    CoSellRequestFactory,
    DirectoryTenantFactory,
    JoinInvitationFactory,
    SolutionContactFactory,
    TenantLinkRequestFactory,
)
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

OUR_APPS = {"partners", "deals", "referrals", "comments", "insights", "notifications"}


def owner_fields(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Organization
    ]


TENANT_MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in OUR_APPS and owner_fields(model)
]
# No organisation's: people, the customer directory, exchange rates, mails of the demo, and the
# profiles themselves.
SHARED_MODELS = {"user", "signin", "referencecustomer", "exchangerate", "demomail", "organization"}


def every_row(model: type[models.Model]) -> int:
    with as_owner():
        return model._default_manager.count()


@pytest.fixture(scope="module")
def world_once(once: Once) -> World:
    return once(filled)


@pytest.fixture
def world(world_once: World) -> World:
    return deepcopy(world_once)


def filled(world: World) -> World:
    """At least one row of Contoso's in every tenant-owned table."""
    referral = world.referral()
    world.accepted(referral)
    with world.as_member(world.anna):
        ours = Deal.objects.get(pk=referral.sender_deal_id)
        comment = write_comment(ours, actor=world.anna.actor, body="Hello", to=referral)
        edit_comment(comment, actor=world.anna.actor, body="Hello both")
    registered(world)
    with as_owner():
        RegistrationRules.objects.create(organization=world.contoso.organization)
        SolutionContactFactory(solution=world.contoso.solution)
        MembershipLocation.objects.create(
            organization=world.contoso.organization,
            membership=world.bob,
            location=world.contoso.location,
        )
        invitation = JoinInvitationFactory(
            organization=world.contoso.organization, invited_by=world.piotr.user
        )
        JoinInvitationLocation.objects.create(
            organization=world.contoso.organization,
            invitation=invitation,
            location=world.contoso.location,
        )
        DirectoryTenantFactory(organization=world.contoso.organization)
        TenantLinkRequestFactory(membership=world.bob, vendor=world.microsoft.organization)
        record(world.contoso.pk, Change.PERSON_JOINED, actor=world.piotr.actor, subject="Bob")
        CoSellRequestFactory(vendor=world.microsoft.organization, solution=world.contoso.solution)
        deal = Deal.objects.get(pk=referral.sender_deal_id)
        set_favorite(deal, member=world.anna, on=True)
        Draft.objects.create(organization=world.contoso.organization, membership=world.anna)
        for model in (ListPreference, SavedView, Preference, Selection):
            model.objects.create(organization=world.contoso.organization, membership=world.anna)
        SelectedDeal.objects.create(
            organization=world.contoso.organization,
            selection=Selection.objects.get(),
            deal=deal,
            version=1,
        )
        StageName.objects.create(
            organization=world.contoso.organization, stage="won", name="Sold", is_shown=True
        )
        Unsubscribed.objects.create(
            organization=world.contoso.organization, email="ela@freelance.example"
        )
        DigestDay.objects.create(
            organization=world.contoso.organization, membership=world.anna, day="2026-07-01"
        )
        MonthlyCount.objects.create(
            organization=world.contoso.organization, month="2026-07-01", measure="country",
            location=world.contoso.location, direction="outbound", type="co_sell",
            status="accepted", key="PL", currency="EUR", deals=1, amount=1,
        )  # fmt: skip
        TraitRecord.objects.create(
            organization=world.contoso.organization,
            trait="country",
            code="PL",
            **dict.fromkeys(("accepted", "declined", "inviters", "won", "lost"), 1),
        )
        event = DealEvent.objects.filter(deal=deal).latest("id")
        notice = event.notice if hasattr(event, "notice") else _notice(event)
        Notification.objects.create(
            organization=world.contoso.organization,
            notice=notice,
            deal=deal,
            kind=event.kind,
            name="Anna",
            email="anna@contoso.example",
        )
    return world


def _notice(event: DealEvent) -> Any:
    from notifications.models import Notice

    return Notice.objects.get_or_create(
        event=event, defaults={"organization_id": event.organization_id, "kind": event.kind}
    )[0]


def test_every_model_is_tenant_owned_or_named_here() -> None:
    ours = [model for model in apps.get_models() if model._meta.app_label in OUR_APPS]
    shared = {model._meta.model_name for model in ours if model not in TENANT_MODELS}
    assert shared == SHARED_MODELS


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_table_has_policies_for_app_and_worker(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (True, False)
        cursor.execute(
            "SELECT policyname, roles::text FROM pg_policies WHERE tablename = %s",
            [model._meta.db_table],
        )
        policies = dict(cursor.fetchall())
    assert policies["app_rows"] == "{cosell_app}"
    assert policies["worker_rows"] == "{cosell_worker}"


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model.__name__)
def test_table_shows_only_rows_of_the_organisation_that_is_set(
    world: World, model: type[models.Model]
) -> None:
    """What is published, and what a person needs to find their organisations, is apart."""
    owners = [field.attname for field in owner_fields(model)]
    for organization in (None, world.outsider.pk, world.contoso.pk):
        with database_identity(APP_ROLE, organization=organization):
            seen = list(model._default_manager.values_list(*owners))
        if model in (Solution, RegistrationRules):
            continue
        assert all(organization in row for row in seen)
        if organization == world.contoso.pk:
            assert seen, f"{model.__name__} has no row of Contoso's: this test proves nothing"
    assert every_row(model) > 0


def test_solutions_of_others_show_only_while_offered(world: World) -> None:
    def seen() -> set[str]:
        with world.as_member(world.anna):
            return set(Solution.objects.values_list("name", flat=True))

    assert "Fabrikam Suite" in seen()
    with as_owner():
        Solution.objects.filter(name="Fabrikam Suite").update(is_published=False)
        Solution.objects.filter(name="Contoso Suite").update(is_published=False)
    assert "Fabrikam Suite" not in seen()
    assert "Contoso Suite" in seen()


def test_person_finds_own_memberships_before_there_is_an_organisation(world: World) -> None:
    with database_identity(APP_ROLE, user=world.anna.user_id):
        assert list(Membership.objects.values_list("pk", flat=True)) == [world.anna.pk]
        assert not Location.objects.exists()
    with database_identity(APP_ROLE, user=uuid4()):
        assert not Membership.objects.exists()


def test_referral_is_seen_by_both_sides_and_nobody_else(world: World) -> None:
    referral = world.referral()
    seen = {}
    for member in (world.anna, world.sam, world.mallory, world.frank):
        with world.as_member(member):
            seen[member] = Referral.objects.filter(pk=referral.pk).exists()
    assert list(seen.values()) == [True, True, False, False]


def test_nobody_writes_a_row_of_another_organisation(world: World) -> None:
    deal = world.deal()
    with world.as_member(world.mallory):
        assert Deal.objects.filter(pk=deal.pk).update(name="Mine") == 0
        assert DealEvent.objects.filter(deal_id=deal.pk).count() == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            DealEvent.objects.create(
                organization=world.contoso.organization, deal_id=deal.pk, kind="edited"
            )


@transaction.atomic
def add_event_to_deal_of_another(world: World, deal: Deal) -> None:
    DealEvent.objects.create(
        organization=world.outsider.organization, deal_id=deal.pk, kind="edited"
    )
    connection.check_constraints()


def test_composite_keys_refuse_a_part_of_another_organisations_deal(world: World) -> None:
    deal = world.deal()
    with world.as_member(world.mallory), pytest.raises(IntegrityError, match="same_organization"):
        add_event_to_deal_of_another(world, deal)


def test_history_cannot_be_rewritten(world: World) -> None:
    deal = world.deal()
    for change in ("UPDATE deals_dealevent SET kind = 'won'", "DELETE FROM deals_dealevent"):
        for role in (APP_ROLE, "cosell_worker"):
            with (
                database_identity(role, organization=deal.organization_id),
                connection.cursor() as cursor,
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
            ):
                cursor.execute(change)


@pytest.mark.parametrize(
    "change",
    ["UPDATE deals_referencecustomer SET name = 'x'", "UPDATE deals_exchangerate SET rate = 1"],
)
def test_reference_data_is_read_only_for_the_web(world: World, change: str) -> None:
    with (
        world.as_member(world.anna),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(change)


def test_app_role_cannot_become_the_worker() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role('cosell_app', 'cosell_worker', 'MEMBER'),"
            " pg_has_role('cosell_worker', 'cosell_app', 'SET'),"
            " pg_has_role('cosell_worker', 'cosell_app', 'USAGE')"
        )
        assert cursor.fetchone() == (False, True, False)


def test_definer_functions_are_pinned_and_not_public() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig, prorettype = 'trigger'::regtype,"
            " has_function_privilege('cosell_app', oid, 'EXECUTE'), coalesce(proacl::text, '=X')"
            " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " ORDER BY proname"
        )
        functions = cursor.fetchall()
    assert [name for name, *_rest in functions] == [
        "answer_co_sell_request",
        "deal_solutions_fit_type",
        "engagement_upgrade",
        "nobody_is_invited_to_assessments",
        "partner_answer_times",
        "partner_locations",
        "partner_overview",
        "partner_tendencies",
        "rate_answers",
        "search_customers",
        "search_deals",
        "similar_customers",
        "vet_for_assessments",
        "what_keeps_out",
    ]
    for _name, config, is_trigger, granted, acl in functions:
        # Left out, the caller's temporary tables would come first.
        assert "search_path=pg_catalog, public, pg_temp" in config
        # A trigger is run by its table; nobody calls it.
        assert granted != is_trigger
        assert "{=X" not in acl
        assert ",=X" not in acl


def test_triggers_look_up_nothing_in_temporary_tables_first() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype"
            " AND pronamespace = 'public'::regnamespace"
            " AND ('search_path=pg_catalog, public, pg_temp' = ANY (proconfig)) IS NOT TRUE"
        )
        assert cursor.fetchall() == []


def test_temporary_table_fools_no_definer_function(world: World) -> None:
    with world.as_member(world.mallory), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE partners_organization ON COMMIT DROP AS"
            " SELECT %s::uuid AS id, 'vendor' AS kind",
            [world.outsider.pk],
        )
        cursor.execute("GRANT SELECT ON partners_organization TO PUBLIC")
        with pytest.raises(DatabaseError, match="Only the vendor vets"), transaction.atomic():
            cursor.execute(
                "SELECT vet_for_assessments(%s, true, %s, 'Mallory')",
                [world.outsider.pk, world.mallory.user_id],
            )


def test_search_finds_own_deals_without_accents_and_never_others(world: World) -> None:
    ours = world.deal(name="Łódź migration 100%")
    world.deal(world.mallory, name="Łódź migration 100%")
    with world.as_member(world.anna), connection.cursor() as cursor:
        for query in ("lodz", "ŁÓDŹ", "100%", ours.reference.lower()):
            cursor.execute("SELECT search_deals(%s, 10)", [query])
            assert cursor.fetchall() == [(ours.pk,)], query
        for query in ("lo", "a%b", "___"):
            cursor.execute("SELECT search_deals(%s, 10)", [query])
            assert cursor.fetchall() == [], query
