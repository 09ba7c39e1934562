from django.urls import include, path

from deals.views.stage_names import stage_names

app_name = "deals"

urlpatterns = [
    path("", include("deals.urls.lists")),
    path("stage-names/", stage_names, name="stage_names"),
    path("registrations/", include("deals.urls.registrations")),
    path("new/", include("deals.urls.wizard")),
    path("<uuid:deal_id>/", include("deals.urls.detail")),
]
