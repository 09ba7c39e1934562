"""The pages of django-allauth that make sense here, under the names it reverses."""

from django.urls import path, re_path

from partners.views import account, entra, joining, second_factor, settings

urlpatterns = [
    path("", settings.person, name="account"),
    path("sessions/", settings.sessions, name="account_sessions"),
    path("sessions/end/", settings.end_others, name="account_end_other_sessions"),
    path("sessions/<uuid:sign_in_id>/end/", settings.end, name="account_end_session"),
    path("login/", account.sign_in, name="account_login"),
    path("language/", account.choose_language, name="language"),
    path("logout/", account.sign_out, name="account_logout"),
    path("one-click/", account.become, name="demo_sign_in"),
    path("inactive/", account.inactive, name="account_inactive"),
    path("join/<slug:organization>/<str:secret>/", joining.join, name="account_join"),
    path("confirm/", second_factor.reauthenticate_by_password, name="account_reauthenticate"),
    path("confirm/code/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path(
        "confirm/passkey/",
        second_factor.reauthenticate_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path("login/second/", second_factor.authenticate, name="mfa_authenticate"),
    path("login/passkey/", second_factor.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("microsoft/", entra.begin, name="entra_login"),
    path("microsoft/back/", entra.callback, name="entra_callback"),
    path("microsoft/connect/", entra.connect, name="entra_connect"),
    path("microsoft/<int:pk>/disconnect/", entra.disconnect, name="entra_disconnect"),
    path("factors/", second_factor.index, name="mfa_index"),
    path("factors/app/", second_factor.activate_app, name="mfa_activate_totp"),
    path("factors/app/remove/", second_factor.deactivate_app, name="mfa_deactivate_totp"),
    path("factors/codes/", second_factor.view_codes, name="mfa_view_recovery_codes"),
    path("factors/codes/new/", second_factor.generate_codes, name="mfa_generate_recovery_codes"),
    path(
        "factors/codes/download/", second_factor.download_codes, name="mfa_download_recovery_codes"
    ),
    path("factors/passkeys/", second_factor.passkeys, name="mfa_list_webauthn"),
    path("factors/passkeys/add/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("factors/passkeys/<int:pk>/", second_factor.rename_passkey, name="mfa_edit_webauthn"),
    path(
        "factors/passkeys/<int:pk>/remove/",
        second_factor.remove_passkey,
        name="mfa_remove_webauthn",
    ),
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
