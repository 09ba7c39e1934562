from django.urls import path

from partners.views import (
    cosell,
    entry,
    history,
    locations,
    organizations,
    people,
    profile,
    solutions,
    tenants,
    vetting,
)

app_name = "partners"

urlpatterns = [
    path("", entry.start, name="start"),
    path("partners/", organizations.organization_list, name="organizations"),
    path("partners/add/", organizations.add, name="add"),
    path("partners/<slug:partner>/assessments/", vetting.vet, name="vet"),
    path("partners/<slug:partner>/remind/", organizations.remind, name="remind"),
    path("co-sell/", cosell.queue, name="co_sell"),
    path("co-sell/<uuid:request_id>/", cosell.co_sell_request, name="co_sell_request"),
    path("solutions/", solutions.solution_list, name="solutions"),
    path("solutions/add/", solutions.add_solution, name="add_solution"),
    path("solutions/<uuid:solution_id>/", solutions.solution, name="solution"),
    path(
        "solutions/<uuid:solution_id>/publish/", solutions.publish_solution, name="publish_solution"
    ),
    path(
        "solutions/<uuid:solution_id>/unpublish/",
        solutions.unpublish_solution,
        name="unpublish_solution",
    ),
    path("solutions/<uuid:solution_id>/retire/", solutions.retire_solution, name="retire_solution"),
    path(
        "solutions/<uuid:solution_id>/bring-back/",
        solutions.bring_back_solution,
        name="bring_back_solution",
    ),
    path("solutions/<uuid:solution_id>/ask/", solutions.ask_co_sell, name="ask_co_sell"),
    path(
        "solutions/<uuid:solution_id>/withdraw/",
        solutions.withdraw_co_sell,
        name="withdraw_co_sell",
    ),
    path("profile/", profile.profile, name="profile"),
    path("directory/", profile.directory, name="directory"),
    path("directory/<slug:partner>/", profile.partner_profile, name="partner"),
    path("locations/", locations.location_list, name="locations"),
    path("locations/add/", locations.add_location, name="add_location"),
    path("locations/<uuid:location_id>/", locations.location, name="location"),
    path("locations/<uuid:location_id>/main/", locations.make_main, name="make_main"),
    path("locations/<uuid:location_id>/retire/", locations.retire_location, name="retire_location"),
    path("locations/<uuid:location_id>/reopen/", locations.reopen_location, name="reopen_location"),
    path("tenants/", tenants.tenant_list, name="tenants"),
    path("second-factor/", tenants.second_factor, name="second_factor"),
    path("tenants/ask/", tenants.ask_link, name="ask_link"),
    path("tenants/<uuid:tenant_id>/unlink/", tenants.unlink, name="unlink"),
    path("tenants/requests/<uuid:link_id>/", tenants.tenant_request, name="tenant_request"),
    path("tenant-requests/", tenants.partner_tenant_requests, name="partner_tenant_requests"),
    path(
        "tenant-requests/<uuid:link_id>/",
        tenants.partner_tenant_request,
        name="partner_tenant_request",
    ),
    path("history/", history.company_history, name="history"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<uuid:invitation_id>/send/", people.resend, name="resend"),
    path("people/invitations/<uuid:invitation_id>/revoke/", people.revoke, name="revoke"),
    path("people/<uuid:membership_id>/", people.person, name="person"),
    path("people/<uuid:membership_id>/deals/", people.give_away, name="hand_over"),
    path("people/<uuid:membership_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<uuid:membership_id>/reactivate/", people.reactivate, name="reactivate"),
]
