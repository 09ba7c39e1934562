"""What people type into the shared forms, and what the services get."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from deals.forms.contact import ContactForm
from deals.forms.details import DetailsForm, NewDetailsForm
from deals.forms.people import PeopleFormSet, Row, cells_of, row_of, rows_after_button, rows_in
from deals.forms.solutions import SolutionsForm, ids_after_button, kept_solutions
from deals.models import TeamMember
from partners.models import Solution
from tests.factories import LocationFactory
from tests.identity import as_owner
from tests.world import World

pytestmark = pytest.mark.django_db

EWA: Row = {
    "first_name": "Ewa",
    "last_name": "Nowak",
    "email": "ewa@contoso.example",
    "phone": "+48 22 123 45 67",
}


def details(**changed: Any) -> dict[str, Any]:
    return {
        "name": "Claims platform",
        "value": "480,000.00",
        "currency": "EUR",
        "close_date": (timezone.localdate() + timedelta(days=30)).isoformat(),
        **changed,
    }


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("480000", "480000"),
        ("480,000.00", "480000.00"),
        ("480.000,00", "480000.00"),
        ("480 000,50", "480000.50"),
        ("480 000.50", "480000.50"),
        ("480\u00a0000", "480000"),
        ("1\u202f480\u202f000", "1480000"),
        ("1,480,000", "1480000"),
        ("1.480.000,5", "1480000.5"),
        ("12000.50", "12000.50"),
        ("12,5", "12.5"),
        ("0,05", "0.05"),
    ],
)
def test_amount_is_read_as_people_write_it(language: str, typed: str, amount: str) -> None:
    with override(language):
        form = DetailsForm(details(value=typed))
        assert form.is_valid(), form.errors
        assert form.details.value == Decimal(amount)


@pytest.mark.parametrize(
    ("language", "grouped", "either", "told"),
    [
        ("en", "1,200", "1.200", "“1.200” can be read in two ways. Write 1,200, or"),
        ("pl", "1.200", "1,200", "„1,200” można odczytać na dwa sposoby. Wpisz 1 200 albo"),
    ],
)
def test_three_digits_after_the_decimal_mark_of_the_language_are_asked_about(
    language: str, grouped: str, either: str, told: str
) -> None:
    with override(language):
        form = DetailsForm(details(value=grouped))
        assert form.is_valid(), form.errors
        assert form.details.value == 1200
        (message,) = DetailsForm(details(value=either)).errors["value"]
        assert str(message).replace("\u00a0", " ").startswith(told)


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize(
    "typed",
    [
        "abc", "-5", "1,50,000", "1e5", "", "1" * 17,
        "1,200,50", "1,200.500", "1 200.500", "0,500", "0.500", "12,", ".5",
    ],
)  # fmt: skip
def test_amount_that_means_nothing_is_refused(language: str, typed: str) -> None:
    with override(language):
        assert list(DetailsForm(details(value=typed)).errors) == ["value"]


@pytest.mark.parametrize(
    ("language", "shown"), [("en", ("12,000.50", "1,200")), ("pl", ("12 000,50", "1 200"))]
)
def test_amount_is_filled_in_as_the_language_writes_it(
    language: str, shown: tuple[str, str]
) -> None:
    with override(language):
        for value, text in zip(("12000.50", "1200.00"), shown, strict=True):
            form = DetailsForm(initial={"value": Decimal(value)})
            filled = form["value"].value()
            assert filled.replace("\u00a0", " ") == text
            again = DetailsForm(details(value=filled))
            assert again.is_valid(), again.errors
            assert again.details.value == Decimal(value)
        kept = DetailsForm(initial={"value": "12000.50"})
        assert kept["value"].value().replace("\u00a0", " ") == shown[0]
        for typed in ("a lot", "12000.50"):
            assert DetailsForm(details(value=typed))["value"].value() == typed


def test_currency_without_cents_wants_a_whole_amount() -> None:
    assert list(DetailsForm(details(value="100.50", currency="JPY")).errors) == ["value"]


def test_close_date_is_today_or_later() -> None:
    today = timezone.localdate()
    assert DetailsForm(details(close_date=today.isoformat())).is_valid()
    yesterday = (today - timedelta(days=1)).isoformat()
    assert list(DetailsForm(details(close_date=yesterday)).errors) == ["close_date"]


def test_close_date_that_slipped_may_stay(world: World) -> None:
    past = timezone.localdate() - timedelta(days=3)
    deal = world.deal(close_date=past)
    form = DetailsForm(details(close_date=past.isoformat()), initial=DetailsForm.initial_from(deal))
    assert form.is_valid(), form.errors


def test_location_is_one_of_ours_in_the_members_scope(world: World) -> None:
    theirs = LocationFactory(organization=world.fabrikam.organization)
    with world.as_member(world.anna):
        form = NewDetailsForm(details(location=str(theirs.pk)), member=world.anna)
        assert list(form.errors) == ["location"]
        ours = str(world.contoso.location.pk)
        form = NewDetailsForm(details(location=ours), member=world.anna)
        assert form.is_valid(), form.errors
        assert form.chosen_location == world.contoso.location


def test_people_are_read_without_empty_rows(world: World) -> None:
    with world.as_member(world.anna):
        formset = PeopleFormSet.sent(cells_of([{}, EWA, {}]), member=world.anna)
        assert formset.is_valid(), formset.errors
        assert [person.email for person in formset.people] == ["ewa@contoso.example"]


def test_national_phone_number_is_of_the_companys_country(world: World) -> None:
    with world.as_member(world.anna):
        formset = PeopleFormSet.sent(cells_of([{**EWA, "phone": "221234567"}]), member=world.anna)
        assert formset.is_valid(), formset.errors
        assert formset.people[0].phone == "+48 22 123 45 67"


def test_people_need_all_four_fields_and_different_addresses(world: World) -> None:
    half = {**EWA, "phone": ""}
    with world.as_member(world.anna):
        formset = PeopleFormSet.sent(cells_of([half, {**EWA, "email": "EWA@contoso.example"}]),
                                     member=world.anna)  # fmt: skip
        assert not formset.is_valid()
        assert [list(errors) for errors in formset.errors] == [["phone"], ["email"]]


@pytest.mark.parametrize(("rows", "valid"), [(50, True), (51, False)])
def test_team_has_at_most_fifty(world: World, rows: int, valid: bool) -> None:
    many = [{**EWA, "email": f"p{number}@contoso.example"} for number in range(rows)]
    with world.as_member(world.anna):
        assert PeopleFormSet.sent(cells_of(many), member=world.anna).is_valid() is valid


def test_who_sees_only_own_deals_stays_on_the_team(world: World) -> None:
    with world.as_member(world.bob):
        alone = PeopleFormSet.sent(cells_of([EWA]), member=world.bob)
        assert not alone.is_valid()
        assert "bob@contoso.example" in alone.non_form_errors()[0]
        both = cells_of([EWA, row_of(world.bob.user)])
        assert PeopleFormSet.sent(both, member=world.bob).is_valid()


def test_only_members_of_the_own_company_count_as_linked(world: World) -> None:
    rows = [row_of(world.piotr.user), row_of(world.frank.user)]
    with world.as_member(world.anna):
        formset = PeopleFormSet.showing(rows, member=world.anna)
        assert formset.linked_emails == {"piotr@contoso.example"}


def test_buttons_add_and_remove_rows_and_keep_what_was_typed(world: World) -> None:
    contact = TeamMember(
        first_name="Jan", last_name="Lis", email="jan@x.example", phone="+48221234567"
    )
    half: Row = {"first_name": "Half", "last_name": "", "email": "", "phone": ""}
    sent = cells_of([EWA, half])
    assert rows_after_button(sent, [contact]) is None
    assert rows_after_button({**sent, "add_person": ""}, [contact]) == [EWA, half, {}]
    assert rows_after_button({**sent, "remove_person_0": "1"}, [contact]) == [half]
    added = rows_after_button({**sent, "add_person": "JAN@x.example"}, [contact])
    assert added == [EWA, half, row_of(contact)]
    again = rows_after_button({**cells_of(added or []), "add_person": "jan@x.example"}, [contact])
    assert again == added


def test_rows_keep_their_order_across_gaps() -> None:
    sent = {"people-7-email": "b@x.example", "people-2-email": "a@x.example", "people-x": "?"}
    assert [row["email"] for row in rows_in(sent)] == ["a@x.example", "b@x.example"]


def test_contact_is_whole_or_absent() -> None:
    nothing = ContactForm({}, company="Microsoft")
    assert nothing.is_valid()
    assert (nothing.person, nothing.has_consent) == (None, False)
    half = ContactForm({"contact-first_name": "Ewa"}, company="Microsoft")
    assert set(half.errors) == {"last_name", "email", "phone"}
    whole = ContactForm({f"contact-{name}": text for name, text in EWA.items()}, company="X")
    assert whole.is_valid()
    assert whole.person
    assert whole.person.email == "ewa@contoso.example"


def test_contact_that_will_be_shared_needs_consent_naming_the_company() -> None:
    sent = {f"contact-{name}": text for name, text in EWA.items()}
    form = ContactForm(sent, company="Microsoft", needed="Needed.")
    assert list(form.errors) == ["consent"]
    assert "Microsoft may contact the customer directly" in str(form["consent"].label)
    agreed = ContactForm({**sent, "contact-consent": "on"}, company="Microsoft", needed="Needed.")
    assert agreed.is_valid()
    assert agreed.has_consent


def test_contact_that_the_vendor_will_not_get_is_whole_without_a_consent() -> None:
    form = ContactForm({f"contact-{name}": text for name, text in EWA.items()}, needed="Needed.")
    assert form.is_valid()
    assert form.person
    assert not form.has_consent


def chosen(*solutions: Solution) -> QueryDict:
    sent = QueryDict(mutable=True)
    sent.setlist("solutions", [str(one.pk) for one in solutions])
    return sent


def test_solutions_come_back_in_the_order_chosen(world: World) -> None:
    ours, theirs = world.contoso.solution, world.microsoft.solution
    with world.as_member(world.anna):
        form = SolutionsForm(chosen(theirs, ours))
        assert form.is_valid(), form.errors
        assert form.solutions == [theirs, ours]


def test_retired_solution_is_refused_on_a_new_deal_and_kept_on_an_old_one(world: World) -> None:
    solution = world.microsoft.solution
    deal = world.deal()
    with world.as_member(world.anna):
        deal.solutions.update(solution=solution)
    with as_owner():
        Solution.objects.filter(pk=solution.pk).update(retired_at=timezone.now())
    with world.as_member(world.anna):
        assert "no longer offered" in SolutionsForm(chosen(solution)).errors["solutions"][0]
        form = SolutionsForm(chosen(solution), kept=kept_solutions(deal))
        assert form.is_valid(), form.errors
        assert [one.pk for one in form.solutions] == [solution.pk]


@pytest.mark.parametrize("sent", ["", "solutions=nonsense"])
def test_no_solution_is_refused(world: World, sent: str) -> None:
    with world.as_member(world.anna):
        assert list(SolutionsForm(QueryDict(sent)).errors) == ["solutions"]


def test_solution_buttons_add_once_and_remove() -> None:
    assert ids_after_button(QueryDict("solutions=a")) is None
    assert ids_after_button(QueryDict("solutions=a&add_solution=a")) == ["a"]
    assert ids_after_button(QueryDict("solutions=a&add_solution=b")) == ["a", "b"]
    assert ids_after_button(QueryDict("solutions=a&solutions=b&remove_solution=a")) == ["b"]
