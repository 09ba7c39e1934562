"""The page of a refusal that no form shows: what it is called, and whom to ask (1.4)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cosell.core.errors import NotAllowed, Refused, Stale
from partners.models import User

# By the refusal's code; others are told apart by their kind alone.
_TITLES: dict[str, Promise] = {
    "permission": _("Your role does not allow this"),
    "no_solution": _("Your company cannot create deals yet"),
    "not_vetted": _("Your company cannot create solution assessments"),
    "not_yet": _("That is not possible yet"),
    "not_accepted": _("That is not possible yet"),
}
_ADVICE: dict[str, Promise] = {
    "permission": _("These people can do it for you, or change your role:"),
    "no_solution": _("These people look after your company's solutions:"),
    "not_vetted": _("These people can ask for it:"),
}


def title_of(refusal: Refused) -> Promise:
    if refusal.code in _TITLES:
        return _TITLES[refusal.code]
    if isinstance(refusal, NotAllowed):
        return _("That is not allowed")
    if isinstance(refusal, Stale):
        return _("That is not possible any more")
    return _("That is not possible")


def refusal_page(request: Any, refusal: Refused, *, admins: list[User]) -> HttpResponse:
    context: dict[str, Any] = {"title": title_of(refusal), "message": refusal.message}
    if isinstance(refusal, NotAllowed):
        advice = _ADVICE.get(refusal.code, _("These people can tell you more:"))
        context |= {"advice": advice, "admins": admins}
        return render(request, "403.html", context, status=refusal.status)
    # htmx swaps 409 and 422 into the page it came from, which has its frame already.
    template = "refused.html#refusal" if request.htmx else "refused.html"
    return render(request, template, context, status=refusal.status)
