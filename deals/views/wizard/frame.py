"""What every page of the wizard shows around its step: the list of steps, and where to go."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from deals.views.wizard.steps import State, Step
from deals.views.wizard.wizard import REVIEW, Wizard


@dataclass(frozen=True)
class Rung:
    """A line in the list of steps."""

    key: str
    number: int
    label: Any
    state: State
    note: str
    is_open: bool


def url_of(wizard: Wizard, key: str, query: str = "") -> str:
    slug = wizard.member.organization.slug
    if key == REVIEW:
        return reverse("deals:review", args=[slug, wizard.draft.pk])
    url = reverse("deals:step", args=[slug, wizard.draft.pk, key])
    return f"{url}?{query}" if query else url


def frame(wizard: Wizard, key: str) -> dict[str, Any]:
    return {
        "nav": "outbound",
        "wizard": wizard,
        "rungs": [_rung(wizard, one, current=key) for one in [*wizard.keys, REVIEW]],
        "number": wizard.number_of(key),
        "of": len(wizard.keys) + 1,
        "back_url": "" if key == wizard.keys[0] else url_of(wizard, wizard.before(key)),
    }


def _rung(wizard: Wizard, key: str, *, current: str) -> Rung:
    state = State.CURRENT if key == current else State.TODO
    is_open = not wizard.is_new and wizard.is_reached(key)
    if key == REVIEW:
        return Rung(key, wizard.number_of(key), _("Review"), state, "", is_open)
    shown = wizard.steps[key]
    if state != State.CURRENT:
        state = wizard.state_of(key)
    return Rung(key, wizard.number_of(key), shown.label, state, _note(shown, state), is_open)


def _note(step: Step, state: State) -> str:
    if state == State.DONE:
        return step.summary
    return step.problem if state == State.ERROR else ""
