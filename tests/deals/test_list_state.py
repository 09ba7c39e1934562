"""What a list hands to a deal, and what is taken back from an address that anybody can write."""

import pytest

from deals.list_state import ListState
from deals.listing.criteria import Tab


def test_state_survives_the_way_through_a_deal() -> None:
    state = ListState(Tab.OUTBOUND, (("q", "a&b=c ü"), ("status", "won"), ("status", "lost")))
    assert ListState.parse(state.parameter) == state
    assert state.url("contoso") == (
        "/o/contoso/deals/outbound/?q=a%26b%3Dc+%C3%BC&status=won&status=lost"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://evil.example/",
        "//evil.example",
        "inbound/../../x",
        "javascript:alert(1)",
        "Inbound",
    ],
)
def test_anything_else_is_the_default_list(text: str) -> None:
    assert ListState.parse(text, default=Tab.FAVORITES) == ListState(Tab.FAVORITES)


def test_unknown_parameters_do_not_pass() -> None:
    state = ListState.parse("inbound?next=https://evil.example&sort=name&#x")
    assert state == ListState(Tab.INBOUND, (("sort", "name"),))


def test_too_many_parameters_do_not_pass() -> None:
    assert ListState.parse("inbound?" + "q=1&" * 200) == ListState(Tab.INBOUND)


def test_change_begins_at_the_first_page() -> None:
    state = ListState(Tab.INBOUND, (("sort", "name"), ("after", "abc")))
    assert state.changed(sort="value").parameters == (("sort", "value"),)
    assert state.changed(sort=None).parameters == ()
    assert state.without("q").parameters == (("sort", "name"),)
