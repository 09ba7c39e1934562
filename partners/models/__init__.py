from partners.models.cosell import CoSellRequest
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
from partners.models.solutions import CoSellStatus, Solution, SolutionContact, SolutionKind

__all__ = [
    "AnswerGrade",
    "CoSellRequest",
    "CoSellStatus",
    "Industry",
    "JoinInvitation",
    "JoinInvitationLocation",
    "Kind",
    "Location",
    "Membership",
    "MembershipLocation",
    "Organization",
    "OrganizationAccount",
    "Solution",
    "SolutionContact",
    "SolutionKind",
    "User",
    "Vetting",
]
