from django.urls import path

from deals.views.closing import close
from deals.views.detail import detail, mark_stage
from deals.views.editing import edit_contact, edit_details, edit_solutions, edit_team
from deals.views.moving import move

urlpatterns = [
    path("", detail, name="detail"),
    path("stage/", mark_stage, name="mark_stage"),
    path("move/", move, name="move"),
    path("close/<slug:transition>/", close, name="close"),
    path("edit/details/", edit_details, name="edit_details"),
    path("edit/team/", edit_team, name="edit_team"),
    path("edit/solutions/", edit_solutions, name="edit_solutions"),
    path("edit/contact/", edit_contact, name="edit_contact"),
]
