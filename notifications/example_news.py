"""What the example mails about a company or an account say."""

from typing import Any

from partners.announcements import News
from partners.models import Change, CoSellStatus
from partners.permissions import Role

_LINK = {"company": "Contoso", "domain": "nordic.example"}
_MARK = {
    "company": "Contoso",
    "vendor": "Microsoft",
    "name": "Contoso Claims Hub",
    "code": "SOL-1234-ABCD",
}

EXAMPLES: dict[News, dict[str, Any]] = {
    News.LINK_ASKED: {
        **_LINK,
        "path": "/o/contoso/tenants/requests/00000000-0000-0000-0000-000000000005/",
        "who": "Nora Nilsson",
        "email": "nora@nordic.example",
        "tenant_id": "6f1f5f3c-2a0c-5d37-9c0e-3f0d2f5f9b11",
    },
    News.LINK_ANSWERED: {
        **_LINK,
        "path": "/o/contoso/",
        "who": "Piotr Nowak",
        "is_granted": False,
        "reason": "Please use your new address.",
    },
    News.CO_SELL_ASKED: {
        **_MARK,
        "path": "/o/microsoft/co-sell/00000000-0000-0000-0000-000000000006/",
        "who": "Piotr Nowak",
        "status": CoSellStatus.CO_SELL_READY,
        "summary": "Claims handling for insurers.",
        "message": "Three insurers use it every day.",
    },
    News.CO_SELL_ANSWERED: {
        **_MARK,
        "path": "/o/contoso/solutions/00000000-0000-0000-0000-000000000007/",
        "who": "Piotr Nowak",
        "status": CoSellStatus.CO_SELL_READY,
        "is_granted": False,
        "reason": "Where is the demo?",
    },
    News.CO_SELL_LOWERED: {
        **_MARK,
        "path": "/o/contoso/solutions/00000000-0000-0000-0000-000000000007/",
        "status": CoSellStatus.IN_MARKET,
        "reason": "The solution is no longer sold.",
    },
    News.DEALS_HANDED_OVER: {
        "path": "/o/contoso/",
        "who": "Piotr Nowak",
        "email": "piotr@contoso.example",
        "leaver": "Bob Baker",
        "deals": 3,
    },
    News.ACCESS_CHANGED: {
        "path": "/o/contoso/",
        "who": "Piotr Nowak",
        "company": "Contoso",
        "change": Change.ROLE_CHANGED,
        "before": {"role": Role.REFERRALS_USER, "locations": []},
        "after": {"role": Role.REFERRALS_ADMIN, "locations": ["Contoso Berlin"]},
    },
    News.NEW_DEVICE: {
        "path": "/account/sessions/",
        "agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
        "ip": "192.0.2.7",
        "at": "2026-09-14T06:00:00+00:00",
    },
}
