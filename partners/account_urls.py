"""The pages of django-allauth that make sense here, under the names it reverses."""

from django.urls import path, re_path

from partners.views import account, joining

urlpatterns = [
    path("login/", account.sign_in, name="account_login"),
    path("language/", account.choose_language, name="language"),
    path("logout/", account.sign_out, name="account_logout"),
    path("one-click/", account.become, name="demo_sign_in"),
    path("inactive/", account.inactive, name="account_inactive"),
    path("join/<slug:organization>/<str:secret>/", joining.join, name="account_join"),
    path("password/change/", account.change_password, name="account_change_password"),
    path("password/set/", account.set_password, name="account_set_password"),
    path("password/reset/", account.reset, name="account_reset_password"),
    path("password/reset/done/", account.reset_sent, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
