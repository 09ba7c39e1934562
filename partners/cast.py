"""The people of the demo, whom a newcomer may become by one click. Data only."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.permissions import Role


@dataclass(frozen=True)
class Persona:
    email: str
    name: str
    company: str
    role: Role | None
    hint: Promise


CAST = (
    Persona(
        "anna@contoso.example", "Anna Kowalska", "Contoso", Role.REFERRALS_ADMIN,
        _("Answer what waits in Inbound, or create a deal and invite Microsoft."),
    ),
    Persona(
        "sam@microsoft.example", "Sam Sullivan", "Microsoft", Role.VENDOR_SELLER,
        _("See the same deals from the other side: accept one, decline another."),
    ),
    Persona(
        "bob@contoso.example", "Bob Baker", "Contoso", Role.REFERRALS_USER,
        _("Works only on the deals whose team he is on."),
    ),
    Persona(
        "piotr@contoso.example", "Piotr Zając", "Contoso", Role.MPN_ADMIN,
        _("Belongs to two companies: try the switcher in the top bar."),
    ),
    Persona(
        "olga@contoso.example", "Olga Petrova", "Contoso", Role.OBSERVER,
        _("May look at everything and is told whom to ask for the rest."),
    ),
    Persona(
        "frank@fabrikam.example", "Frank Fischer", "Fabrikam", Role.REFERRALS_ADMIN,
        _("A partner of Contoso: works with them and with Microsoft."),
    ),
    Persona(
        "victor@microsoft.example", "Victor Vance", "Microsoft", Role.VENDOR_ADMIN,
        _("Adds partner organisations and their first admin."),
    ),
    Persona(
        "rita@microsoft.example", "Rita Romano", "Microsoft", Role.REVIEWER,
        _("Reviews what partners register: approve it, or ask for changes."),
    ),
    Persona(
        "mallory@tailspin.example", "Mallory Moore", "Tailspin", Role.REFERRALS_ADMIN,
        _("Not involved: copy a link to one of Contoso's deals and open it as her."),
    ),
    Persona(
        "nora@nordic-data.example", "Nora Lind", "Contoso", Role.REFERRALS_ADMIN,
        _("Comes from a company that Contoso bought: finds out why she sees nothing, and asks."),
    ),
    Persona(
        "nobody@nowhere.example", "Noor Visser", "", None,
        _("Has an account, and no company has added her yet."),
    ),
)  # fmt: skip


def persona_of(email: str) -> Persona | None:
    return next((persona for persona in CAST if persona.email == email), None)
