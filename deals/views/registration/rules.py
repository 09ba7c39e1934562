"""The page where the vendor's admins switch its rules for registrations on and off (6.1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosell.core.errors import Stale
from deals.forms.reviewing import RulesForm
from deals.registration.queries import rules_of
from deals.registration.services import set_rules
from partners.access import MemberRequest, member_view
from partners.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.MANAGE_PARTNERS)
def registration_rules(request: MemberRequest) -> HttpResponseBase:
    member = request.member
    known = rules_of(member.organization)
    if request.method != "POST":
        return _page(request, RulesForm(initial=RulesForm.initial_from(known)))
    form = RulesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        set_rules(member, rules=form.rules, version=form.cleaned_data["version"])
    except Stale as stale:
        # With what was typed; a second click saves over it.
        again = RulesForm({**request.POST.dict(), "version": rules_of(member.organization).version})
        again.add_error(None, _("%(stale)s Save again to replace them.") % {"stale": stale})
        return _page(request, again, status=409)
    messages.success(request, _("The rules are saved. They hold for whatever is sent from now on."))
    return redirect("deals:registration_rules", member.organization.slug)


def _page(request: MemberRequest, form: RulesForm, *, status: int = 200) -> HttpResponse:
    context = {"nav": "registrations", "form": form, "rules": rules_of(request.member.organization)}
    return render(request, "deals/registration/rules.html", context, status=status)
