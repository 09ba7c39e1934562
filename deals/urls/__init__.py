from django.urls import include, path

app_name = "deals"

urlpatterns = [
    path("", include("deals.urls.lists")),
    path("new/", include("deals.urls.wizard")),
    path("<uuid:deal_id>/", include("deals.urls.detail")),
]
