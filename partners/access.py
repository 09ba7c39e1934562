"""The first net: which organisation a URL means, and who may enter it with which permission."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from cosell.core.errors import NotAllowed, Refused
from cosell.core.tenancy import APP_ROLE, database_identity
from partners.admission import obstacle_page
from partners.announcements import page_opened
from partners.models import Membership, User
from partners.origins import Tenant, tenant_of
from partners.people import note_visit
from partners.permissions import Permission
from partners.queries import admins_of, memberships_of
from partners.refusals import refusal_page
from partners.sign_ins import note_use

Arguments = ParamSpec("Arguments")


class MemberRequest(HttpRequest):
    """A request that passed `member_view`."""

    user: User
    htmx: HtmxDetails
    member: Membership
    memberships: list[Membership]
    tenant: Tenant


View = Callable[Concatenate[MemberRequest, Arguments], HttpResponseBase]


def member_view(
    permission: Permission, *, is_threshold: bool = False
) -> Callable[[View[Arguments]], Callable[..., HttpResponseBase]]:
    """Run a view in one transaction as a member of the organisation that the URL names, in the
    member's time zone.

    Signed out: to the sign-in page. Stranger: 404. Member from an unlinked tenant, or without the
    second factor that the organisation requires: a 403 page that says so and leads on; a threshold
    lets them pass. Permission missing: a 403 page that says whom to ask. A `Refused` that the view
    lets pass rolls everything back and becomes a page of its status.
    """

    def decorate(view: View[Arguments]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(
            anyone: HttpRequest,
            organization: str,
            *args: Arguments.args,
            **kwargs: Arguments.kwargs,
        ) -> HttpResponseBase:
            if not anyone.user.is_authenticated:
                return _to_sign_in(anyone)
            request = _of_member(anyone, organization)
            if request.member.is_kept_out and not is_threshold:
                return _kept_out(request)
            note_visit(request.member)
            note_use(request.session)
            with timezone.override(request.user.zone):
                try:
                    with database_identity(APP_ROLE, organization=request.member.organization_id):
                        if not request.member.may(permission):
                            raise NotAllowed("permission", _why_not(permission))
                        _note_what_led_here(request)
                        return _rendered(view(request, *args, **kwargs))
                except Refused as refusal:
                    return _refused(request, refusal)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the access matrix
        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    response = redirect_to_login(request.get_full_path(), resolve_url("account_login"))
    if getattr(request, "htmx", False):
        # A fragment would show the sign-in form inside the page it was meant for.
        here = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        target = redirect_to_login(here, resolve_url("account_login"))
        return HttpResponseClientRedirect(target["Location"])
    return response


def _of_member(anyone: HttpRequest, slug: str) -> MemberRequest:
    request = cast(MemberRequest, anyone)
    request.tenant = tenant_of(request.session, email=request.user.email)
    request.memberships = memberships_of(request.user, tenant=request.tenant)
    for membership in request.memberships:
        if membership.organization.slug == slug:
            request.member = membership
            return request
    raise Http404


def _kept_out(request: MemberRequest) -> HttpResponseBase:
    """The page says nothing of what is inside, so it is drawn without a member; nor is it swapped
    into a page that was opened before."""
    member = request.member
    del request.member
    if request.htmx:
        return HttpResponseClientRedirect(resolve_url("partners:start", member.organization.slug))
    with timezone.override(request.user.zone):
        return obstacle_page(request, member, tenant=request.tenant)


def _note_what_led_here(request: MemberRequest) -> None:
    """Addresses in notifications name theirs."""
    if "notice" in request.GET:
        page_opened.send(Membership, member=request.member, notice=request.GET["notice"])


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Lazy responses are rendered while the organisation is set."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        return response.render()
    return response


def _why_not(permission: Permission) -> str:
    return _("Your role in this organisation does not include the right to %(right)s.") % {
        "right": permission.label
    }


def _refused(request: MemberRequest, refusal: Refused) -> HttpResponse:
    organization_id = request.member.organization_id
    if not request.member.is_let_in:
        # Refused on the threshold: the frame would count what is inside.
        del request.member
    with database_identity(APP_ROLE, organization=organization_id):
        admins = admins_of(organization_id) if isinstance(refusal, NotAllowed) else []
        return refusal_page(request, refusal, admins=admins)
