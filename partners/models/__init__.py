from partners.models.cosell import CoSellRequest
from partners.models.history import Change, CompanyEvent
from partners.models.joining import JoinInvitation, JoinInvitationLocation
from partners.models.organizations import (
    AnswerGrade,
    Industry,
    Kind,
    Location,
    Organization,
    OrganizationAccount,
)
from partners.models.people import Membership, MembershipLocation, User, Vetting
from partners.models.sign_ins import SignIn
from partners.models.solutions import CoSellStatus, Solution, SolutionContact, SolutionKind
from partners.models.tenants import DirectoryTenant, TenantLinkRequest

__all__ = [
    "AnswerGrade",
    "Change",
    "CoSellRequest",
    "CoSellStatus",
    "CompanyEvent",
    "DirectoryTenant",
    "Industry",
    "JoinInvitation",
    "JoinInvitationLocation",
    "Kind",
    "Location",
    "Membership",
    "MembershipLocation",
    "Organization",
    "OrganizationAccount",
    "SignIn",
    "Solution",
    "SolutionContact",
    "SolutionKind",
    "TenantLinkRequest",
    "User",
    "Vetting",
]
