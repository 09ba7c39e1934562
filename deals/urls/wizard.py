from django.urls import path

from deals.views import wizard

urlpatterns = [
    path("", wizard.new, name="new"),
    path("<uuid:draft_id>/", wizard.resume, name="draft"),
    path("<uuid:draft_id>/discard", wizard.discard, name="discard"),
    path("<uuid:draft_id>/review/", wizard.review, name="review"),
    path("<uuid:draft_id>/<slug:key>/", wizard.step, name="step"),
]
