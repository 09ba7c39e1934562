from deals.models.customers import Customer, CustomerContact, ReferenceCustomer
from deals.models.deal import CloseReason, Deal, Direction, Status
from deals.models.events import DealEvent, EventKind
from deals.models.lists import ListPreference, SavedView
from deals.models.parts import DealSolution, Draft, Favorite, TeamMember
from deals.models.rates import ExchangeRate
from deals.models.selections import SelectedDeal, Selection

__all__ = [
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
    "SavedView",
    "SelectedDeal",
    "Selection",
    "Status",
    "TeamMember",
]
