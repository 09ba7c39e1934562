from django.urls import path

from partners.views import entry

app_name = "partners"

urlpatterns = [
    path("", entry.start, name="start"),
]
