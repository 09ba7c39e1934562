from django.urls import path

from referrals.views import accept, decline, withdraw

app_name = "referrals"

urlpatterns = [
    path("accept/", accept, name="accept"),
    path("decline/", decline, name="decline"),
    path("withdraw/<uuid:referral_id>/", withdraw, name="withdraw"),
]
