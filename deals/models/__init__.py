from deals.models.customers import Customer, CustomerContact, ReferenceCustomer
from deals.models.deal import Deal
from deals.models.events import COMMENT_KINDS, DealEvent, EventKind
from deals.models.lists import ListPreference, SavedView
from deals.models.parts import DealSolution, Draft, Favorite, TeamMember
from deals.models.rates import ExchangeRate
from deals.models.registration import (
    Registration,
    RegistrationRules,
    RegistrationStatus,
    RegistrationStep,
)
from deals.models.selections import SelectedDeal, Selection
from deals.models.stage_names import StageName
from deals.models.status import CloseReason, Direction, Status

__all__ = [
    "COMMENT_KINDS",
    "CloseReason",
    "Customer",
    "CustomerContact",
    "Deal",
    "DealEvent",
    "DealSolution",
    "Direction",
    "Draft",
    "EventKind",
    "ExchangeRate",
    "Favorite",
    "ListPreference",
    "ReferenceCustomer",
    "Registration",
    "RegistrationRules",
    "RegistrationStatus",
    "RegistrationStep",
    "SavedView",
    "SelectedDeal",
    "Selection",
    "StageName",
    "Status",
    "TeamMember",
]
