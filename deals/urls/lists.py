from django.urls import URLPattern, path, re_path

from deals.views import lists
from deals.views.columns import choose_columns
from deals.views.finding import find, keys
from deals.views.saved_views import edit_view, new_view, remove_view, view_counts, view_list
from deals.views.selection import change, report, selection
from deals.views.stale import stale_deals

urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<tab>inbound|outbound|favorites)/$", lists.deal_list, name="list"),
    re_path(r"^(?P<tab>inbound|outbound|favorites)/filters/$", lists.list_filters, name="filters"),
    re_path(
        r"^(?P<tab>inbound|outbound|favorites)/views/counts/$", view_counts, name="view_counts"
    ),
    path("views/", view_list, name="views"),
    path("views/new/", new_view, name="new_view"),
    path("views/<uuid:view_id>/", edit_view, name="edit_view"),
    path("views/<uuid:view_id>/delete/", remove_view, name="remove_view"),
    path("selection/", selection, name="selection"),
    path("selection/<uuid:selection_id>/", change, name="change"),
    path("selection/<uuid:selection_id>/report.csv", report, name="report"),
    path("stale/", stale_deals, name="stale"),
    path("find/", find, name="find"),
    path("keys/", keys, name="keys"),
    path("columns/", choose_columns, name="columns"),
    path("<uuid:deal_id>/favorite/", lists.favorite, name="favorite"),
]
