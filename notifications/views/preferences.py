"""The page where somebody says how they want to be told (7.4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cosell.core.pages import remember_language
from notifications.forms import PreferenceForm
from notifications.preferences import choose, entries_for, preference_of
from partners.access import MemberRequest, member_view
from partners.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@member_view(Permission.VIEW_DEALS)
def preferences(request: MemberRequest) -> HttpResponseBase:
    member, slug = request.member, request.member.organization.slug
    form = PreferenceForm(
        request.POST if request.method == "POST" else None,
        preference=preference_of(member),
        entries=entries_for(member),
        person=member.user,
    )
    if form.is_valid():
        choose(member, form.choice)
        translation.activate(form.choice.language)
        messages.success(request, _("Your preferences are saved."))
        response = redirect("notifications:preferences", slug)
        remember_language(response, form.choice.language)
        return response
    return _page(request, form)


def _page(request: MemberRequest, form: PreferenceForm) -> HttpResponse:
    context = {
        "nav": "preferences",
        "slug": request.member.organization.slug,
        "form": form,
        "topics": list(form.topics()),
    }
    status = 422 if form.errors else 200
    return render(request, "notifications/preferences.html", context, status=status)
