from django.urls import path

from deals.views import comments
from deals.views.closing import close
from deals.views.detail import detail, mark_stage
from deals.views.editing import edit_contact, edit_details, edit_solutions, edit_team
from deals.views.moving import move
from deals.views.other_side import other_side
from deals.views.registration.partner import register, registration
from deals.views.stale import still_open

urlpatterns = [
    path("", detail, name="detail"),
    path("stage/", mark_stage, name="mark_stage"),
    path("move/", move, name="move"),
    path("still-open/", still_open, name="still_open"),
    path("close/<slug:transition>/", close, name="close"),
    path("comments/", comments.write, name="comment"),
    path("comments/<uuid:comment_id>/", comments.edit, name="edit_comment"),
    path("as/<uuid:referral_id>/", other_side, name="other_side"),
    path("registration/", registration, name="registration"),
    path("registration/send/", register, name="register"),
    path("edit/details/", edit_details, name="edit_details"),
    path("edit/team/", edit_team, name="edit_team"),
    path("edit/solutions/", edit_solutions, name="edit_solutions"),
    path("edit/contact/", edit_contact, name="edit_contact"),
]
