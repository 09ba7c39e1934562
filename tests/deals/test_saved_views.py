"""Saved views: private or shared, renamed, deleted, opened by default, counted when asked (2.3)."""

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client

from deals.models import SavedView, Status
from tests.deals.listed import list_url, make_deals, names
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db
URL = "/o/contoso/deals/views/"


@pytest.fixture
def anna(world: World, client: Client) -> Client:
    make_deals(world.contoso, {"name": "open"}, {"name": "won", "status": Status.WON})
    client.force_login(world.anna.user)
    return client


def save(client: Client, state: str = "outbound?status=won&sort=name", **form: str) -> Any:
    address = f"{URL}new/?{urlencode({'from': state})}"
    return client.post(address, {"name": "Wins", **form})


def the_view() -> SavedView:
    with as_owner():
        return SavedView.objects.get()


def menu(client: Client, world: World, query: str = "view=all") -> list[str]:
    response = client.get(list_url(world, "outbound", query))
    return [item.view.name for item in response.context["views"].items]


def test_saved_list_has_an_address_that_shows_it(world: World, anna: Client) -> None:
    response = save(anna)
    assert response.status_code == 302
    address = urlsplit(response["Location"])
    assert parse_qs(address.query) == {
        "status": ["won"], "sort": ["name"], "view": [str(the_view().pk)],
    }  # fmt: skip
    page = anna.get(response["Location"])
    assert names(page) == ["won"]
    assert page.context["views"].current == the_view()
    assert not page.context["views"].has_changed


def test_place_in_the_list_is_not_saved(world: World, anna: Client) -> None:
    save(anna, "outbound?status=won&after=abc&view=all")
    assert the_view().query == "status=won"


def test_private_view_is_ones_own_and_its_address_still_shows_its_filters(
    world: World, anna: Client, client: Client
) -> None:
    address = save(anna)["Location"]
    client.force_login(world.piotr.user)
    assert menu(client, world) == []
    page = client.get(address)
    assert names(page) == ["won"]
    assert page.context["views"].current is None
    assert not page.context["notes"]
    for path in ("", "delete/"):
        assert client.post(f"{URL}{the_view().pk}/{path}", {"name": "x"}).status_code == 404


def test_shared_view_is_in_the_menu_of_colleagues_who_cannot_change_it(
    world: World, anna: Client, client: Client
) -> None:
    save(anna, is_shared="on")
    view = the_view()
    client.force_login(world.olga.user)
    assert menu(client, world) == ["Wins"]
    assert "colleague shares" in client.get(f"{URL}{view.pk}/").content.decode()
    client.post(f"{URL}{view.pk}/", {"name": "Mine", "is_default": "on"})
    assert the_view().name == "Wins"
    refused = client.post(f"{URL}{view.pk}/delete/")
    assert refused.status_code == 403
    assert "belongs to a colleague" in refused.content.decode()


def test_admin_looks_after_shared_views(world: World, anna: Client, client: Client) -> None:
    save(anna, is_shared="on")
    client.force_login(world.piotr.user)
    client.post(f"{URL}{the_view().pk}/", {"name": "Our wins", "is_shared": "on"})
    assert the_view().name == "Our wins"
    asking = client.get(f"{URL}{the_view().pk}/delete/").content.decode()
    assert "everybody in the company loses it" in asking
    assert the_view().name == "Our wins"
    client.post(f"{URL}{the_view().pk}/delete/")
    with as_owner():
        assert not SavedView.objects.exists()


def test_shared_view_shows_everybody_only_what_their_role_lets_them_see(
    world: World, anna: Client, client: Client
) -> None:
    address = save(anna, is_shared="on")["Location"]
    client.force_login(world.bob.user)
    assert names(client.get(address)) == []


def test_views_never_cross_companies(world: World, anna: Client, client: Client) -> None:
    save(anna, is_shared="on")
    client.force_login(world.mallory.user)
    page = client.get(f"/o/outsider/deals/outbound/?view={the_view().pk}")
    assert page.context["views"].items == []
    for path in (f"{the_view().pk}/", f"{the_view().pk}/delete/"):
        assert client.post(f"/o/outsider/deals/views/{path}", {"name": "x"}).status_code == 404


def test_list_opens_with_the_default_and_leads_back_to_the_whole(
    world: World, anna: Client, client: Client
) -> None:
    address = save(anna, is_default="on", is_shared="on")["Location"]
    opened = anna.get(list_url(world))
    assert (opened.status_code, opened["Location"]) == (302, address)
    whole = anna.get(address).context["views"].whole_url
    assert whole == list_url(world, "outbound", "view=all")
    assert set(names(anna.get(whole))) == {"open", "won"}
    without_filters = anna.get(address).context["clear_url"]
    assert anna.get(without_filters).status_code == 200
    # Others, and the other lists, open as they did.
    assert anna.get(list_url(world, "inbound")).status_code == 200
    client.force_login(world.piotr.user)
    assert client.get(list_url(world)).status_code == 200


@pytest.mark.parametrize("query", ["q=nothing", "group=closed", "sort=name"])
def test_links_of_a_list_without_a_view_do_not_lead_into_the_default(
    world: World, anna: Client, query: str
) -> None:
    save(anna, is_default="on")
    page = anna.get(list_url(world, "outbound", query))
    links = [page.context["clear_url"], *(chip.url for chip in page.context["chips"])]
    links += [choice.url for part in ("groups", "sorts") for choice in page.context[part]]
    by_parameters = {tuple(parse_qs(urlsplit(link).query)): link for link in links}
    assert () not in by_parameters
    for link in by_parameters.values():
        assert anna.get(link).status_code == 200, link
    fields = anna.get(f"/o/contoso/deals/outbound/filters/?{query}")
    assert anna.get(fields.context["clear_url"]).status_code == 200


def test_default_ends_with_its_view_and_with_a_changed_mind(world: World, anna: Client) -> None:
    save(anna, is_default="on")
    anna.post(f"{URL}{the_view().pk}/", {"name": "Wins"})
    assert anna.get(list_url(world)).status_code == 200
    anna.post(f"{URL}{the_view().pk}/", {"name": "Wins", "is_default": "on"})
    assert anna.get(list_url(world)).status_code == 302
    anna.post(f"{URL}{the_view().pk}/delete/")
    assert anna.get(list_url(world)).status_code == 200


def test_default_that_is_no_longer_shared_is_forgotten(
    world: World, anna: Client, client: Client
) -> None:
    save(anna, is_shared="on")
    client.force_login(world.piotr.user)
    client.post(f"{URL}{the_view().pk}/", {"name": "Wins", "is_shared": "on", "is_default": "on"})
    assert client.get(list_url(world)).status_code == 302
    with as_owner():
        SavedView.objects.update(is_shared=False)
    assert client.get(list_url(world)).status_code == 200


def test_changed_list_offers_to_keep_the_changes(world: World, anna: Client) -> None:
    save(anna)
    view = the_view()
    state = f"status=accepted&view={view.pk}"
    page = anna.get(list_url(world, "outbound", state))
    assert page.context["views"].has_changed
    assert "Wins (changed)" in page.content.decode()
    edit = f"{URL}{view.pk}/?{urlencode({'from': 'outbound?' + state})}"
    assert 'name="replaces"' in anna.get(edit).content.decode()
    anna.post(edit, {"name": "Wins", "replaces": "on"})
    assert the_view().query == "status=accepted"
    anna.post(edit.replace("accepted", "won"), {"name": "Open ones"})
    assert (the_view().name, the_view().query) == ("Open ones", "status=accepted")


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "WINS"}, "There is a view of this name already."),
        ({"name": "x" * 61}, "Ensure this value has at most 60 characters"),
    ],
)
def test_refused_name_is_explained_and_kept(
    world: World, anna: Client, form: dict[str, str], message: str
) -> None:
    save(anna)
    response = save(anna, **form)
    assert response.status_code == 422
    text = response.content.decode()
    assert message in text
    assert f'value="{form["name"]}"' in text or not form["name"]


def test_number_of_views_is_limited(
    world: World, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deals.saved_views.MOST_VIEWS", 1)
    save(anna)
    response = save(anna, name="Another")
    assert response.status_code == 422
    assert "You have 1 views of this list already." in response.content.decode()


def test_counts_come_when_the_menu_is_opened(world: World, anna: Client) -> None:
    save(anna)
    save(anna, "outbound?q=open", name="Searched")
    save(anna, "inbound?status=won", name="Elsewhere")
    text = anna.get("/o/contoso/deals/outbound/views/counts/").content.decode()
    with as_owner():
        ids = dict(SavedView.objects.values_list("name", "pk"))
    for name in ("Wins", "Searched"):
        assert f'id="view-count-{ids[name]}" hx-swap-oob="true">1</span>' in text
    assert str(ids["Elsewhere"]) not in text


def test_every_view_is_counted_though_not_all_at_once(
    world: World, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deals.views.saved_views.COUNTED_AT_ONCE", 2)
    for name in ("A", "B", "C", "D", "E"):
        save(anna, name=name)
    address, rounds = "/o/contoso/deals/outbound/views/counts/", []
    while address:
        text = anna.get(address).content.decode()
        rounds.append(text.count("view-count-"))
        more = re.search(r'hx-get="([^"]+)"', text)
        address = more[1] if more else ""
    assert rounds == [2, 2, 1]
    assert "Count the other views too" not in text
    nonsense = anna.get("/o/contoso/deals/outbound/views/counts/?beyond=-1x")
    assert nonsense.content.decode().count("view-count-") == 2


def test_page_of_views_tells_whose_they_are(world: World, anna: Client) -> None:
    save(anna, is_shared="on", is_default="on", name="<Wins>")
    text = anna.get(URL).content.decode()
    assert "&lt;Wins&gt;</a>" in text
    assert "Shared</span>" in text
    assert "My list opens with it" in text
