"""What a person typed so far, kept on the server as it was sent (3.11).

`Draft.data` maps a step to its fields, each a list of texts as a browser sends them, and `furthest`
to the number of the last step that was reached.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from re import Pattern
from typing import Any
from uuid import uuid5

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from cosell.core.typed import storable
from deals.models import Draft
from partners.models import Membership

Sent = MultiValueDict[str, str]
LONGEST = 10_000
_BOOKKEEPING = _FURTHEST, _ABOUT, _REVISIONS = "furthest", "about", "revisions"


@dataclass(frozen=True)
class About:
    """How the person finds a draft again, without opening each."""

    name: str = ""
    customer: str = ""

    @property
    def title(self) -> str:
        return self.name or self.customer


def new_draft(member: Membership, page_id: str) -> Draft:
    """Not saved yet. One page begins one draft, however often its buttons are pressed."""
    pk = uuid5(member.pk, page_id)
    return Draft(id=pk, organization_id=member.organization_id, membership=member, data={})


def begun(draft: Draft) -> Draft:
    """The locked row of a new draft; whoever comes second waits, and gets the first one's."""
    Draft.objects.bulk_create([draft], ignore_conflicts=True)
    return Draft.objects.select_for_update().get(pk=draft.pk)


def drafts_of(member: Membership, *, limit: int) -> list[Draft]:
    """A person's own, the latest on top; nobody else sees them, not even an admin."""
    mine = Draft.objects.filter(organization_id=member.organization_id, membership=member)
    return list(mine.order_by("-updated_at")[:limit])


def draft_of(member: Membership, draft_id: Any, *, for_update: bool) -> Draft | None:
    """Locked while something is sent, so that two tabs or a double click take turns."""
    drafts = Draft.objects.select_for_update() if for_update else Draft.objects.all()
    mine = drafts.filter(organization_id=member.organization_id, membership=member)
    return mine.filter(pk=draft_id).first()


def sent_to(draft: Draft, key: str) -> Sent | None:
    """What was sent to a step, valid or not; None if it was never sent."""
    fields = draft.data.get(key)
    return None if fields is None else MultiValueDict(fields)


def received(post: QueryDict) -> Sent:
    """What was sent just now, as it can be kept."""
    return MultiValueDict({name: [storable(text) for text in post.getlist(name)] for name in post})


def keep(draft: Draft, key: str, sent: Sent, fields: Pattern[str]) -> None:
    """Keep a step's own fields and nothing else of a request; the last writer of a step wins."""
    draft.data[key] = {
        name: [text[:LONGEST] for text in sent.getlist(name)]
        for name in sent
        if fields.fullmatch(name)
    }


def revision_of(draft: Draft, key: str) -> int:
    """How often a person pressed a button in this step."""
    return int(draft.data.get(_REVISIONS, {}).get(key, 0))


def revise(draft: Draft, key: str) -> None:
    """What was on its way by itself before this button was pressed comes too late from now on."""
    draft.data.setdefault(_REVISIONS, {})[key] = revision_of(draft, key) + 1


def furthest(draft: Draft) -> int:
    return int(draft.data.get(_FURTHEST, 0))


def reach(draft: Draft, number: int) -> None:
    draft.data[_FURTHEST] = max(furthest(draft), number)


def describe(draft: Draft, about: About) -> None:
    draft.data[_ABOUT] = asdict(about)


def about(draft: Draft) -> About:
    return About(**draft.data.get(_ABOUT, {}))


def fingerprint(draft: Draft) -> str:
    """Changes with everything that was typed, and with nothing else."""
    typed = {name: kept for name, kept in draft.data.items() if name not in _BOOKKEEPING}
    return sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()


def as_sent(values: Mapping[str, str | list[str]]) -> Sent:
    return MultiValueDict(
        {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    )


def changed(sent: Sent, **values: str | list[str]) -> Sent:
    """A copy with these fields; an empty value takes a field away."""
    copy = MultiValueDict({name: sent.getlist(name) for name in sent})
    for name, value in values.items():
        copy.pop(name.replace("__", "-"), None)
        if value:
            copy.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return copy


def place_of(get: QueryDict, post: QueryDict) -> dict[str, str]:
    """Where a list stands: `kind` of the address, `q` of the search field if it came along."""
    place = {name: storable(str(get[name])) for name in ("kind", "q") if name in get}
    return {**place, "q": storable(str(post["q"]))} if "q" in post else place
