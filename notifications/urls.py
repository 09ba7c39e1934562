from django.urls import path

from notifications import views

app_name = "notifications"

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:mail_id>/", views.mailbox, name="mail"),
    path("mailbox/<int:mail_id>/body", views.mail_body, name="mail_body"),
]
