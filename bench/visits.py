"""What is asked for, and by whom: prepared with the product's own client and database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cosell.core.tenancy import APP_ROLE, database_identity
from deals.forms.people import cells_of, row_of
from deals.models import Deal, Direction, Draft, ReferenceCustomer, Status
from demo.crowd.plan import LARGE, SMALL, VENDOR
from partners.models import Location, Membership, Organization, Solution, User

PRODUCT, FLOOR = "product", "floor"
RARE = "wisła energia"
FILTERED = "country=PL&sort=-value"


@dataclass(frozen=True)
class Request:
    path: str
    form: dict[str, str] | None = None


@dataclass
class Visit:
    """One line of the report; `requests` are asked for one after another, posts once each."""

    name: str
    client: Client
    requests: Iterator[Request]
    site: str = PRODUCT
    expects: int = 200
    rounds: int | None = None
    statements: int | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def count_statements(self) -> None:
        """In this process, by one more request of the same kind."""
        if self.site == FLOOR:
            return
        request, asked = next(self.requests), 0

        def counting(execute: Any, *args: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*args)

        with connection.execute_wrapper(counting):
            _ask(self.client, request, expects=self.expects)
        self.statements = asked


def visits(*, rounds: int) -> list[Visit]:
    large, vendor = _reader(LARGE), _reader(VENDOR)
    return [
        _floor("minimal view, same page", "bare", large),
        _floor("  + session and login", "signed-in", large),
        _list("list, 100k deals", large),
        _list("list, 10k deals", _reader(SMALL)),
        _list("list of the vendor", vendor),
        _list("list, 100 rows", large, "size=100"),
        _list("filter + sort", large, FILTERED),
        _list("search, rare", large, urlencode({"q": RARE})),
        _list("search, common", large, urlencode({"q": "azure"})),
        _detail(large),
        _creating(large, rounds=rounds),
        _winning(large, rounds=rounds),
        _declining(vendor, rounds=rounds),
    ]


def _floor(name: str, kind: str, reader: Membership) -> Visit:
    requests = cycle([Request(f"/{kind}/{reader.organization_id}/")])
    return Visit(name, _signed_in(reader), requests, site=FLOOR)


def _list(name: str, reader: Membership, query: str = "") -> Visit:
    url = reverse("deals:list", args=[reader.organization.slug, "inbound"])
    return Visit(name, _signed_in(reader), cycle([Request(f"{url}?{query}")]))


def _detail(reader: Membership) -> Visit:
    ids = _deal_ids(reader, direction=Direction.INBOUND, status=Status.ACCEPTED)[:100]
    paths = [_deal_url("deals:detail", reader, one) for one in ids]
    return Visit("deal page", _signed_in(reader), cycle(map(Request, paths)))


def _winning(reader: Membership, *, rounds: int) -> Visit:
    """Deals of some age: winning a young one would withdraw what the vendor is to decline."""
    old = timezone.now() - timedelta(days=60)
    ids = _deal_ids(
        reader, direction=Direction.OUTBOUND, status=Status.ACCEPTED, created_at__lt=old
    )
    requests = [
        Request(_deal_url("deals:close", reader, one, "win"), {"version": "1"})
        for one in ids[: rounds + 1]
    ]
    return _once_a_deal("won", reader, requests)


def _declining(reader: Membership, *, rounds: int) -> Visit:
    ids = _deal_ids(reader, status=Status.RECEIVED)
    requests = [
        Request(_deal_url("referrals:decline", reader, one), {"reason": "budget", "notes": ""})
        for one in ids[: rounds + 1]
    ]
    return _once_a_deal("decline", reader, requests)


def _once_a_deal(name: str, reader: Membership, requests: list[Request]) -> Visit:
    """One more than rounds, because counting the statements takes one."""
    rounds = len(requests) - 1
    if rounds < 1:
        raise SystemExit(f"Too few deals to measure {name!r} with; ask for more by --deals.")
    return Visit(name, _signed_in(reader), iter(requests), expects=302, rounds=rounds)


def _creating(reader: Membership, *, rounds: int) -> Visit:
    """The last step of the wizard, which writes the deal; the drafts are copies of one."""
    client = _signed_in(reader)
    with _acting(reader):
        location = Location.objects.get(organization=reader.organization)
        solution = Solution.objects.filter(organization=reader.organization)[0]
        customer = ReferenceCustomer.objects.filter(country="PL")[0]
    base = reverse("deals:new", args=[reader.organization.slug])
    _ask(
        client, Request(base, {"country": "PL", "choose": f"directory:{customer.pk}"}), expects=302
    )
    with _acting(reader):
        draft = Draft.objects.latest("created_at")
    steps: dict[str, dict[str, Any]] = {
        "customer": {"choice": draft.data["customer"]["choice"][0]},
        "details": {
            "name": "Measured", "value": "250000", "currency": "EUR", "location": location.pk,
            "close_date": timezone.localdate() + timedelta(days=90),
        },
        "team": dict(cells_of([row_of(reader.user)])),
        "solutions": {"solutions": solution.pk},
        "partners": {},
        "help": {"help_type": "none"},
    }  # fmt: skip
    for key, typed in steps.items():
        form = {"next": "1", "revision": "0", **{name: str(one) for name, one in typed.items()}}
        _ask(client, Request(f"{base}{draft.pk}/{key}/", form), expects=302)
    copies = _copies(draft, reader, rounds + 1)
    shown = client.get(f"{base}{draft.pk}/review/").content.decode()
    seen = shown.partition('name="seen" value="')[2].partition('"')[0]
    requests = (Request(f"{base}{one}/review/", {"create": "1", "seen": seen}) for one in copies)
    return Visit("create", client, requests, expects=302, rounds=rounds)


def _copies(draft: Draft, reader: Membership, how_many: int) -> list[UUID]:
    with _acting(reader):
        draft.refresh_from_db()
        copies = [
            Draft(organization_id=reader.organization_id, membership=reader, data=draft.data)
            for _number in range(how_many)
        ]
        return [one.pk for one in Draft.objects.bulk_create(copies)]


def _ask(client: Client, request: Request, *, expects: int) -> None:
    if request.form is None:
        answer = client.get(request.path)
    else:
        answer = client.post(request.path, request.form)
    if answer.status_code != expects:
        raise RuntimeError(f"{request.path}: {answer.status_code} instead of {expects}")


def _reader(slug: str) -> Membership:
    """Whoever sees the whole company: the first member that the load made."""
    organization = Organization.objects.get(slug=slug)
    role = "vendor-seller" if organization.is_vendor else "referrals-admin"
    user = User.objects.get(email=f"{role}@{slug}.example")
    with database_identity(APP_ROLE, organization=organization.pk):
        return Membership.objects.select_related("user", "organization").get(user=user)


def _signed_in(reader: Membership) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(reader.user)
    return client


def _acting(reader: Membership) -> Any:
    return database_identity(APP_ROLE, organization=reader.organization_id)


def _deal_ids(reader: Membership, **wanted: Any) -> list[UUID]:
    with _acting(reader):
        mine = Deal.objects.filter(organization_id=reader.organization_id, **wanted)
        if wanted.get("status") == Status.RECEIVED:
            mine = mine.filter(respond_by__gt=timezone.now() + timedelta(hours=3))
        return list(mine.order_by("-created_at").values_list("pk", flat=True)[:2_000])


def _deal_url(name: str, reader: Membership, *args: Any) -> str:
    return reverse(name, args=[reader.organization.slug, *args])
