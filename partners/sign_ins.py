"""Where somebody is signed in: writing it down, showing it to them, ending it."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from cosell.core.errors import Stale
from partners.devices import name_of_device
from partners.models import SignIn, User

SESSION_KEY = "sign_in"
SEEN_EVERY = timedelta(minutes=15)
# How long a device that was not used is remembered.
KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True)
class Open:
    """A session that works."""

    sign_in: SignIn
    device: str
    is_current: bool


def note_sign_in(
    user: User, *, session_key: str, user_agent: str, ip: str | None
) -> tuple[SignIn, bool]:
    """Also says whether it was the first one ever."""
    SignIn.objects.filter(user=user, last_seen_at__lt=timezone.now() - KEPT_FOR).delete()
    is_first = not SignIn.objects.filter(user=user).exists()
    noted = SignIn.objects.create(
        user=user, session_key=session_key, user_agent=user_agent[:300], ip=ip or None
    )
    return noted, is_first


def mark_session(session: Any, sign_in: SignIn) -> None:
    session[SESSION_KEY] = _marked(sign_in.pk, session.session_key)


def note_use(session: Any) -> None:
    """Not for every page; at once where the session got a new key, as by a new password."""
    noted = session.get(SESSION_KEY)
    if not noted:
        return
    key, now = session.session_key, timezone.now().timestamp()
    if noted["key"] == key and now - noted["seen"] < SEEN_EVERY.total_seconds():
        return
    SignIn.objects.filter(pk=noted["id"]).update(session_key=key, last_seen_at=timezone.now())
    session[SESSION_KEY] = _marked(noted["id"], key)


def open_sessions(user: User, *, current: str) -> list[Open]:
    """The current one first, then by when they were used last."""
    rows = SignIn.objects.filter(user=user, ended_at=None).order_by("-last_seen_at")[:100]
    sign_ins = {one.session_key: one for one in rows}
    sessions = Session.objects.filter(pk__in=sign_ins, expire_date__gt=timezone.now())
    alive = {one.pk for one in sessions if _is_of(user, one.get_decoded())}
    found = [
        Open(one, name_of_device(one.user_agent), is_current=key == current)
        for key, one in sign_ins.items()
        if key in alive
    ]
    return sorted(found, key=lambda one: not one.is_current)


@transaction.atomic
def end_session(user: User, sign_in_id: UUID) -> None:
    sign_in = SignIn.objects.filter(user=user, pk=sign_in_id, ended_at=None).first()
    if sign_in is None or not _end(sign_in):
        raise Stale("ended_already", "")


@transaction.atomic
def end_other_sessions(user: User, *, current: str) -> int:
    others = [one for one in open_sessions(user, current=current) if not one.is_current]
    return sum(_end(one.sign_in) for one in others)


def _end(sign_in: SignIn) -> bool:
    waiting = SignIn.objects.filter(pk=sign_in.pk, ended_at=None)
    if waiting.update(ended_at=timezone.now()) != 1:
        return False
    Session.objects.filter(pk=sign_in.session_key).delete()
    return True


def _is_of(user: User, session: MutableMapping[str, Any]) -> bool:
    """A session of an old password, or of before all were ended, opens nothing any more."""
    return constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())


def _marked(pk: Any, key: str) -> dict[str, Any]:
    return {"id": str(pk), "key": key, "seen": timezone.now().timestamp()}
