from partners.models.organizations import Kind, Location, Organization, OrganizationAccount
from partners.models.people import Membership, MembershipLocation, User, Vetting
from partners.models.solutions import CoSellStatus, Solution, SolutionContact, SolutionKind

__all__ = [
    "CoSellStatus",
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
