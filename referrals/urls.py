from django.urls import path

from referrals.views.answering import accept, decline, withdraw
from referrals.views.inviting import invite_partners
from referrals.views.inviting_vendor import invite_vendor

app_name = "referrals"

urlpatterns = [
    path("accept/", accept, name="accept"),
    path("decline/", decline, name="decline"),
    path("withdraw/<uuid:referral_id>/", withdraw, name="withdraw"),
    path("invite/partners/", invite_partners, name="invite_partners"),
    path("invite/vendor/", invite_vendor, name="invite_vendor"),
]
