"""The one door to role and organisation, and who may use it."""

import ast
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction

from cosell.core.tenancy import APP_ROLE, acting_for, database_identity

ROOT = Path(__file__).parents[2]
PRODUCT = ("cosell", "partners", "deals", "referrals", "comments", "insights", "notifications")
# Each of these writes for a company other than the caller's, inside the caller's transaction.
MAY_ACT_FOR_OTHERS = {
    "referrals/services.py",
    "referrals/engagement.py",
    "partners/provisioning.py",
    "partners/joining.py",
    "partners/cosell.py",
    "partners/entra.py",
    "partners/tenant_requests.py",
    "notifications/services.py",
}


def settings_now() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, current_setting('cosell.organization', true),"
            " current_setting('cosell.user', true)"
        )
        role, organization, user = cursor.fetchone()
    return role, organization or "", user or ""


@pytest.mark.django_db
def test_nested_identity_is_restored_on_success_and_on_failure() -> None:
    outer, inner = uuid4(), uuid4()
    with database_identity(APP_ROLE, organization=outer):
        with acting_for(inner):
            assert settings_now() == (APP_ROLE, str(inner), "")
        assert settings_now() == (APP_ROLE, str(outer), "")
        with pytest.raises(ZeroDivisionError), acting_for(inner):
            raise ZeroDivisionError
        assert settings_now() == (APP_ROLE, str(outer), "")


@pytest.mark.django_db(transaction=True)
def test_identity_ends_with_the_transaction() -> None:
    with database_identity(APP_ROLE, organization=uuid4(), user=uuid4()):
        assert settings_now()[1]
    assert settings_now() == (APP_ROLE, "", "")
    with pytest.raises(ZeroDivisionError), database_identity(APP_ROLE, organization=uuid4()):
        raise ZeroDivisionError
    assert settings_now() == (APP_ROLE, "", "")


@pytest.mark.django_db(transaction=True)
def test_after_commit_nothing_is_seen() -> None:
    seen: list[tuple[str, str, str]] = []
    with database_identity(APP_ROLE, organization=uuid4()):
        transaction.on_commit(lambda: seen.append(settings_now()))
    assert seen == [(APP_ROLE, "", "")]


def product_files() -> list[Path]:
    return [path for app in PRODUCT for path in sorted((ROOT / app).rglob("*.py"))]


def names_used(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | attributes


def test_only_named_modules_act_for_other_organisations() -> None:
    callers = {
        str(path.relative_to(ROOT)) for path in product_files() if "acting_for" in names_used(path)
    }
    assert callers - {"cosell/core/tenancy.py"} <= MAY_ACT_FOR_OTHERS
    assert "referrals/services.py" in callers


def test_only_tenancy_touches_role_and_organisation() -> None:
    for path in product_files():
        if path.name in {"tenancy.py", "rls.py"} or "migrations" in path.parts:
            continue
        text = path.read_text()
        assert "set_config" not in text, path
        assert "SET ROLE" not in text.upper(), path
        assert "cosell.organization" not in text, path


def test_views_read_through_queries() -> None:
    """Net 2: a door starts from a member, never from all rows."""
    for path in product_files():
        if "views" not in path.parts and path.name not in {"views.py", "forms.py"}:
            continue
        text = path.read_text()
        for manager in (
            "Deal.objects",
            "Referral.objects",
            "Customer.objects",
            "DealEvent.objects",
            "Comment.objects",
        ):
            assert manager not in text, f"{path} reads {manager} directly"
