from django.urls import URLPattern, path, re_path

from deals.views import lists
from deals.views.columns import choose_columns

urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<tab>inbound|outbound|favorites)/$", lists.deal_list, name="list"),
    re_path(r"^(?P<tab>inbound|outbound|favorites)/filters/$", lists.list_filters, name="filters"),
    path("columns/", choose_columns, name="columns"),
    path("<uuid:deal_id>/favorite/", lists.favorite, name="favorite"),
]
