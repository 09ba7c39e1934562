from django.urls import path

from insights.views import overview

app_name = "insights"
urlpatterns = [
    path("", overview.insights, name="overview"),
    path("<slug:chart>.csv", overview.chart_file, name="file"),
]
