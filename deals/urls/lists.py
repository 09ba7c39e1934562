from django.urls import URLPattern, path, re_path

from deals.views import lists

urlpatterns: list[URLPattern] = [
    re_path(r"^(?P<tab>inbound|outbound|favorites)/$", lists.deal_list, name="list"),
    path("<uuid:deal_id>/favorite/", lists.favorite, name="favorite"),
]
