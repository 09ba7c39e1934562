"""The roof: every URL of the product."""

from django.urls import include, path

from cosell.core import pages
from partners.views.entry import home

handler404 = pages.not_found
handler500 = pages.server_error

urlpatterns = [
    path("", home, name="home"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("theme", pages.choose_theme, name="theme"),
    path("account/", include("partners.account_urls")),
    path("", include("notifications.urls")),
    path("o/<slug:organization>/", include("partners.urls")),
    path("o/<slug:organization>/insights/", include("insights.urls")),
    path("o/<slug:organization>/deals/", include("deals.urls")),
    path("o/<slug:organization>/deals/<uuid:deal_id>/", include("referrals.urls")),
]
