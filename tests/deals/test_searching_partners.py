"""Whoever looks for a company or a solution types as keyboards let them: any case, no accents."""

from typing import Any

import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict

from deals.forms.partners import PartnerPicker
from deals.forms.solutions import SolutionPicker
from tests.world import World, add_partner

pytestmark = pytest.mark.django_db

TYPED = ["Żabka", "zabka", "ŻABKA", "Zab", "łódź żab", "lodz zabka"]


@pytest.fixture
def zabka(world: World) -> Any:
    return add_partner(world, "Żabka Łódź")


@pytest.mark.parametrize("typed", TYPED)
def test_partner_to_invite_is_found(world: World, zabka: Any, typed: str) -> None:
    with world.as_member(world.anna):
        picker = PartnerPicker(
            world.contoso.organization,
            MultiValueDict({"partner_q": [typed]}),
            checked=False, prefilled={}, people=[], may_share=False,
        )  # fmt: skip
        assert [one.organization.name for one in picker.matches] == ["Żabka Łódź"]


@pytest.mark.parametrize("typed", TYPED)
def test_solution_is_found_by_name_and_owner(world: World, zabka: Any, typed: str) -> None:
    with world.as_member(world.anna):
        picker = SolutionPicker(world.anna, chosen=[], place={"kind": "partners", "q": typed})
        assert [one.name for one in picker.results] == ["Żabka Łódź Suite"]


@pytest.mark.parametrize("typed", ["Żabka", "zabka", "ŁÓDŹ", "lodz"])
def test_vendor_finds_a_partner(world: World, zabka: Any, client: Client, typed: str) -> None:
    client.force_login(world.victor.user)
    page = client.get("/o/microsoft/partners/", {"q": typed}).text
    assert "Żabka Łódź" in page
    assert "Fabrikam" not in page


@pytest.mark.parametrize("typed", TYPED)
def test_directory_finds_a_partner(world: World, zabka: Any, client: Client, typed: str) -> None:
    client.force_login(world.frank.user)
    page = client.get("/o/fabrikam/directory/", {"q": typed}).text
    assert "Żabka Łódź" in page
    assert "Contoso Suite" not in page


@pytest.mark.parametrize("typed", ["wojcik", "WÓJCIK", "olga WOJ"])
def test_colleague_is_found(world: World, client: Client, typed: str) -> None:
    client.force_login(world.piotr.user)
    page = client.get("/o/contoso/people/", {"q": typed}).text
    assert "Olga Wójcik" in page
    assert "Bob Baker" not in page


def test_signs_of_patterns_are_only_signs(world: World, zabka: Any) -> None:
    with world.as_member(world.anna):
        for typed in ("%", "_abka", "zabka%"):
            picker = SolutionPicker(world.anna, chosen=[], place={"kind": "partners", "q": typed})
            assert picker.results == []
