from django.urls import path

from deals.views.registration.review import assign_review, queue, review
from deals.views.registration.rules import registration_rules

urlpatterns = [
    path("", queue, name="registrations"),
    path("rules/", registration_rules, name="registration_rules"),
    path("<uuid:registration_id>/", review, name="review_registration"),
    path("<uuid:registration_id>/assign/", assign_review, name="assign_review"),
]
