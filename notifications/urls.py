from django.urls import include, path

from notifications.views import inbox, mailbox, preferences, unsubscribing

app_name = "notifications"

_of_a_member = [
    path("", inbox.notification_list, name="list"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("read/", inbox.read_all, name="read_all"),
    path("<uuid:notification_id>/read/", inbox.read, name="read"),
]

urlpatterns = [
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<int:mail_id>/", mailbox.mailbox, name="mail"),
    path("mailbox/<int:mail_id>/body", mailbox.mail_body, name="mail_body"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("o/<slug:organization>/notifications/", include(_of_a_member)),
]
