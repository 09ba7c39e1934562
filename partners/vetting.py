"""Who may carry out solution assessments: the vendor says so, partner by partner (1.6)."""

from django.db import connection
from django.utils.translation import gettext as _

from cosell.core.errors import NotAllowed, Stale
from partners.actors import Actor
from partners.models import Organization, OrganizationAccount
from partners.permissions import Permission


def is_vetted(organization: Organization) -> bool:
    """Asked of the organisation that is acted for: no other reads its account."""
    account = OrganizationAccount.objects.filter(organization=organization)
    return account.filter(vetted_for_assessments_at__isnull=False).exists()


def why_not_vetted(organization: Organization, *, vendor: Organization | None) -> str:
    return _(
        "%(vendor)s decides which companies carry out solution assessments, and has not vetted"
        " %(company)s for them."
    ) % {"vendor": vendor.name if vendor else _("The vendor"), "company": organization.name}


def vet(partner: Organization, *, is_vetted: bool, actor: Actor) -> None:
    """Let a partner begin solution assessments, or no longer; what it began goes on either way.

    The caller acts for the vendor. The database's function writes the decision and its record.
    """
    if Permission.MANAGE_PARTNERS not in actor.permissions:
        raise NotAllowed("permission", _("Your role does not allow vetting organisations."))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vet_for_assessments(%s, %s, %s, %s)",
            [partner.pk, is_vetted, actor.user_id, actor.name],
        )
        (changed,) = cursor.fetchone()
    if not changed:
        raise Stale("vetted_already", _already(partner, is_vetted=is_vetted))


def _already(partner: Organization, *, is_vetted: bool) -> str:
    if is_vetted:
        text = _("Somebody was faster: %(company)s is vetted for solution assessments already.")
    else:
        text = _("Somebody was faster: %(company)s is no longer vetted for solution assessments.")
    return text % {"company": partner.name}
