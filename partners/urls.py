from django.urls import path

from partners.views import entry, locations, organizations, people, profile

app_name = "partners"

urlpatterns = [
    path("", entry.start, name="start"),
    path("partners/", organizations.organization_list, name="organizations"),
    path("partners/add/", organizations.add, name="add"),
    path("partners/<slug:partner>/remind/", organizations.remind, name="remind"),
    path("profile/", profile.profile, name="profile"),
    path("directory/", profile.directory, name="directory"),
    path("directory/<slug:partner>/", profile.partner_profile, name="partner"),
    path("locations/", locations.location_list, name="locations"),
    path("locations/add/", locations.add_location, name="add_location"),
    path("locations/<uuid:location_id>/", locations.location, name="location"),
    path("locations/<uuid:location_id>/main/", locations.make_main, name="make_main"),
    path("locations/<uuid:location_id>/retire/", locations.retire_location, name="retire_location"),
    path("locations/<uuid:location_id>/reopen/", locations.reopen_location, name="reopen_location"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<uuid:invitation_id>/send/", people.resend, name="resend"),
    path("people/invitations/<uuid:invitation_id>/revoke/", people.revoke, name="revoke"),
    path("people/<uuid:membership_id>/", people.person, name="person"),
    path("people/<uuid:membership_id>/deals/", people.give_away, name="hand_over"),
    path("people/<uuid:membership_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<uuid:membership_id>/reactivate/", people.reactivate, name="reactivate"),
]
