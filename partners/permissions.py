"""Who may do what: the table of roles and permissions (1.3). No model, no query."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    VIEW_DEALS = "view_deals", _("see deals")
    CREATE_DEALS = "create_deals", _("create deals")
    EDIT_DEALS = "edit_deals", _("edit deals")
    ANSWER_REFERRALS = "answer_referrals", _("accept or decline invitations")
    INVITE = "invite", _("invite others to a deal")
    CLOSE_DEALS = "close_deals", _("close deals")
    COMMENT = "comment", _("write comments")
    REGISTER_DEALS = "register_deals", _("register deals for incentives")
    REVIEW_REGISTRATIONS = "review_registrations", _("review registrations")
    VIEW_INSIGHTS = "view_insights", _("see the figures of the whole company")
    MANAGE_COMPANY = "manage_company", _("manage people, locations and solutions")
    MANAGE_PARTNERS = "manage_partners", _("add partner organisations")


class Role(models.TextChoices):
    MPN_ADMIN = "mpn_admin", _("MPN partner admin")
    REFERRALS_ADMIN = "referrals_admin", _("Referrals admin")
    REFERRALS_USER = "referrals_user", _("Referrals user")
    VENDOR_ADMIN = "vendor_admin", _("Vendor admin")
    VENDOR_SELLER = "vendor_seller", _("Seller")
    REVIEWER = "reviewer", _("Registration reviewer")
    OBSERVER = "observer", _("Observer")


_WORK = frozenset(
    {
        Permission.VIEW_DEALS,
        Permission.CREATE_DEALS,
        Permission.EDIT_DEALS,
        Permission.ANSWER_REFERRALS,
        Permission.INVITE,
        Permission.CLOSE_DEALS,
        Permission.COMMENT,
        Permission.REGISTER_DEALS,
    }
)
_LOOK = frozenset({Permission.VIEW_DEALS, Permission.VIEW_INSIGHTS})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MPN_ADMIN: _WORK | _LOOK | {Permission.MANAGE_COMPANY},
    Role.REFERRALS_ADMIN: _WORK | _LOOK,
    # Sees the deals of their teams only, and so no figures of the company's.
    Role.REFERRALS_USER: _WORK,
    Role.VENDOR_ADMIN: _WORK
    | _LOOK
    | {
        Permission.MANAGE_COMPANY,
        Permission.MANAGE_PARTNERS,
        Permission.REVIEW_REGISTRATIONS,
    },
    Role.VENDOR_SELLER: _WORK | _LOOK,
    Role.REVIEWER: _LOOK | {Permission.REVIEW_REGISTRATIONS},
    Role.OBSERVER: _LOOK,
}

# The first of each is the admin's, whom an organisation begins with.
PARTNER_ROLES = (Role.MPN_ADMIN, Role.REFERRALS_ADMIN, Role.REFERRALS_USER, Role.OBSERVER)
VENDOR_ROLES = (Role.VENDOR_ADMIN, Role.VENDOR_SELLER, Role.REVIEWER, Role.OBSERVER)

# Who is asked for help, most fitting first, when somebody lacks a permission (1.4).
ADMIN_ROLES = (Role.MPN_ADMIN, Role.VENDOR_ADMIN)
# Who answers for received deals, and is told about them (7.1).
REFERRAL_ROLES = (Role.MPN_ADMIN, Role.REFERRALS_ADMIN, Role.VENDOR_ADMIN, Role.VENDOR_SELLER)
# Who sees only the deals whose team they are on (1.3).
TEAM_ONLY_ROLES = (Role.REFERRALS_USER,)
# Who reviews registrations; if nobody does, the vendor's admins are told about them.
REVIEWER_ROLES = (Role.REVIEWER,)
# Who can be limited to some of the company's locations (1.3).
LOCATION_ROLES = (Role.REFERRALS_ADMIN, Role.VENDOR_SELLER)
