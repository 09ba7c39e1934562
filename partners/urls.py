from django.urls import path

from partners.views import entry, organizations, people

app_name = "partners"

urlpatterns = [
    path("", entry.start, name="start"),
    path("partners/", organizations.organization_list, name="organizations"),
    path("partners/add/", organizations.add, name="add"),
    path("partners/<slug:partner>/remind/", organizations.remind, name="remind"),
    path("people/", people.people_list, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invitations/<uuid:invitation_id>/send/", people.resend, name="resend"),
    path("people/invitations/<uuid:invitation_id>/revoke/", people.revoke, name="revoke"),
    path("people/<uuid:membership_id>/", people.person, name="person"),
    path("people/<uuid:membership_id>/deals/", people.give_away, name="hand_over"),
    path("people/<uuid:membership_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<uuid:membership_id>/reactivate/", people.reactivate, name="reactivate"),
]
