"""What a list is filtered by: known values pass, others are named and ignored."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cosell.core.money import country_choices, country_name, currency_choices
from deals.forms.amounts import AddressAmountField
from deals.forms.details import DateField
from deals.list_state import FILTERS
from deals.listing.criteria import SEARCH_MINIMUM, Filters, Tab
from deals.listing.values import ValuesInUse
from deals.models import RegistrationStatus, Status
from deals.models.status import UNANSWERED_STATUSES
from deals.stages import ASSESSMENT_STAGES, SALES_STAGES, DealType, StageCode, codes_of
from partners.models import Membership
from partners.permissions import Permission

FORM_ID = "list-form"
# Sent by the button of the filters; says nothing.
SUBMITTED = "apply"


class GroupedCheckboxes(forms.CheckboxSelectMultiple):
    """The first box of a group carries the group's name, as `heading`."""

    def optgroups(self, *args: Any, **kwargs: Any) -> list[Any]:
        groups = super().optgroups(*args, **kwargs)
        for name, options, _index in groups:
            options[0]["heading"] = name
        return groups


class KnownChoicesField(forms.MultipleChoiceField):
    """Takes the choices it knows; `FilterForm` names the others."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        return [one for one in value or () if self.valid_value(one)]


def _one_of(choices: Callable[[], Any], *, label: Any) -> forms.ChoiceField:
    """Of very many choices, which are only looked at when there is a value."""
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _offered_field(label: Any, *, max_length: int) -> forms.CharField:
    """Any text, chosen from what occurs: `FilterForm.offer` brings the choices."""
    return forms.CharField(label=label, required=False, max_length=max_length, widget=forms.Select)


class FilterForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=100)
    status = KnownChoicesField(label=gettext_lazy("Status"), required=False)
    stage = KnownChoicesField(
        label=gettext_lazy("Sales stage"), required=False, widget=GroupedCheckboxes
    )
    type = KnownChoicesField(label=gettext_lazy("Deal type"), required=False)
    counterpart = KnownChoicesField(label=gettext_lazy("Status of the other side"), required=False)
    registration = KnownChoicesField(label=gettext_lazy("Registration"), required=False)
    customer = forms.CharField(
        label=gettext_lazy("Customer"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("How the name begins."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    country = _one_of(country_choices, label=gettext_lazy("Country"))
    solution = _offered_field(gettext_lazy("Solution"), max_length=20)
    campaign = _offered_field(gettext_lazy("Campaign ID"), max_length=100)
    currency = _one_of(currency_choices, label=gettext_lazy("Currency"))
    value_min = AddressAmountField(label=gettext_lazy("Value from"), required=False)
    value_max = AddressAmountField(label=gettext_lazy("Value to"), required=False)
    closes_from = DateField(label=gettext_lazy("Closes from"), required=False)
    closes_to = DateField(label=gettext_lazy("Closes to"), required=False)
    created_from = DateField(label=gettext_lazy("Created from"), required=False)
    created_to = DateField(label=gettext_lazy("Created to"), required=False)
    mine = forms.BooleanField(label=gettext_lazy("Only deals whose team I am on"), required=False)
    expiring = forms.BooleanField(
        label=gettext_lazy("Only those to answer within three days"), required=False
    )

    def __init__(self, data: QueryDict, *, tab: Tab, member: Membership) -> None:
        super().__init__(data, auto_id="filter-%s")
        self._tab = tab
        self._stage_names: Mapping[str, str] = {}
        choices = {
            "status": status_choices(tab),
            "stage": _stage_choices(tab, {}),
            "type": _type_choices(tab),
            "counterpart": counterpart_choices(tab),
            "registration": RegistrationStatus.choices,
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
            field.choices = values
        if tab == Tab.OUTBOUND:
            del self.fields["expiring"]
        if not knows_registrations(member, tab):
            del self.fields["registration"]
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM_ID

    def offer(self, values: ValuesInUse) -> None:
        """Show the choices that occur, and those made, of the many that would be understood."""
        self._offer("country", _named(country_choices(), values.countries), _("Any country"))
        self._offer("currency", _named(currency_choices(), values.currencies), _("Any currency"))
        self._offer("solution", values.solutions, _("Any solution"))
        self._offer("campaign", [(one, one) for one in values.campaigns], _("Any campaign"))

    def name_stages(self, names: Mapping[str, str]) -> None:
        """Call the stages what the organisation calls them (5.8)."""
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        self._stage_names = names
        field.choices = _stage_choices(self._tab, names)

    @property
    def stages(self) -> list[tuple[str, Any]]:
        """Every stage and what it is called here."""
        return _named_stages(StageCode, self._stage_names)

    def _offer(self, name: str, choices: Iterable[tuple[str, str]], any_of_them: str) -> None:
        offered = dict(choices)
        chosen = self.cleaned_data.get(name)
        if chosen and chosen not in offered:
            names = {"country": country_name}
            offered = {chosen: names.get(name, str)(chosen), **offered}
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)  # noqa: S101 (for the type checker)
        widget.choices = [("", any_of_them), *offered.items()]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        has_amount = {name for name in ("value_min", "value_max") if found.get(name) is not None}
        if has_amount and not found.get("currency"):
            self.add_error("currency", _("Choose the currency that the values are in."))
            for name in has_amount:
                del found[name]
        self._check_range("value_min", "value_max", _("The lowest value is above the highest."))
        self._check_range("closes_from", "closes_to", _("The first date is after the last."))
        self._check_range("created_from", "created_to", _("The first date is after the last."))
        return found

    def _check_range(self, low: str, high: str, message: str) -> None:
        first, last = self.cleaned_data.get(low), self.cleaned_data.get(high)
        if first is not None and last is not None and first > last:
            self.add_error(high, message)
            del self.cleaned_data[low]

    @property
    def filters(self) -> Filters:
        """What the valid fields say; a search too short to run is left out."""
        found = {name: self.cleaned_data.get(name) for name in FILTERS}
        if len(found["q"] or "") < SEARCH_MINIMUM:
            found["q"] = ""
        given: dict[str, Any] = {
            name: value for name, value in found.items() if value not in (None, "", [], False)
        }
        many = ("status", "stage", "type", "counterpart", "registration")
        for name in {*given} & {*many}:
            given[name] = tuple(given[name])
        return Filters(**given)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The valid part, as a link would say it."""
        pairs, filters = [], self.filters
        for name in FILTERS:
            value = getattr(filters, name)
            for one in value if isinstance(value, tuple) else (value,):
                if one not in (None, "", False):
                    pairs.append((name, "1" if one is True else str(one)))
        return pairs

    def notes(self) -> list[str]:
        """What was asked for and ignored, in words."""
        ignored = []
        for name, field in self.fields.items():
            if isinstance(field, KnownChoicesField):
                unknown = [one for one in self._sent(name) if not field.valid_value(one)]
                ignored += [told_ignored(field.label, one) for one in unknown]
        for name, errors in self.errors.items():
            ignored += [f"{self.fields[name].label}: {error}" for error in errors]
        if 0 < len(self.cleaned_data.get("q") or "") < SEARCH_MINIMUM:
            ignored.append(_("Type at least %(n)s letters to search.") % {"n": SEARCH_MINIMUM})
        return ignored

    def _sent(self, name: str) -> list[str]:
        assert isinstance(self.data, QueryDict)  # noqa: S101 (for the type checker)
        return [value for value in self.data.getlist(name) if value]


def knows_registrations(member: Membership, tab: Tab) -> bool:
    """Only who invites the vendor registers (6.1); the vendor's reviewers know what came of it."""
    if member.organization.is_vendor:
        return tab != Tab.OUTBOUND and member.may(Permission.REVIEW_REGISTRATIONS)
    return tab != Tab.INBOUND


def status_choices(tab: Tab) -> list[tuple[str, Any]]:
    if tab == Tab.OUTBOUND:
        known = [status for status in Status if status not in UNANSWERED_STATUSES]
    else:
        known = list(Status)
    return [(status.value, _status_label(status, tab)) for status in known]


def counterpart_choices(tab: Tab) -> list[tuple[str, Any]]:
    """Whom we invited may be anywhere; who invited us has a deal of their own making (4.6)."""
    known = list(Status)
    if tab == Tab.INBOUND:
        known = [status for status in Status if status not in UNANSWERED_STATUSES]
    named = {Tab.INBOUND: Tab.OUTBOUND, Tab.OUTBOUND: Tab.INBOUND}
    return [(status.value, _status_label(status, named.get(tab, tab))) for status in known]


def _status_label(status: Status, tab: Tab) -> Any:
    """An open deal of ours is called Created (3.12)."""
    if status != Status.ACCEPTED or tab == Tab.INBOUND:
        return status.label
    return _("Created") if tab == Tab.OUTBOUND else _("Accepted or created")


def _stage_choices(tab: Tab, names: Mapping[str, str]) -> list[tuple[str, Any]]:
    """Won is a status already; the first stage differs by direction, and no assessment comes in."""
    other = {Tab.INBOUND: StageCode.CREATED, Tab.OUTBOUND: StageCode.ACCEPTED}.get(tab)
    first = [code for code in (StageCode.CREATED, StageCode.ACCEPTED) if code != other]
    sales = _named_stages([*first, *codes_of(SALES_STAGES)], names)
    if tab == Tab.INBOUND:
        return sales
    return [*sales, (_("Of assessments"), _named_stages(codes_of(ASSESSMENT_STAGES), names))]


def _named_stages(codes: Iterable[StageCode], names: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(code.value, names.get(code, code.label)) for code in codes]


def _type_choices(tab: Tab) -> list[tuple[str, Any]]:
    known = [one for one in DealType if one != DealType.ASSESSMENT or tab != Tab.INBOUND]
    return [(one.value, one.label) for one in known]


def _named(choices: Iterable[tuple[str, str]], codes: Collection[str]) -> list[tuple[str, str]]:
    return [one for one in choices if one[0] in codes]


def told_ignored(label: Any, value: str) -> str:
    return _("%(label)s: “%(value)s” is unknown and was ignored.") % {
        "label": label, "value": value[:40],
    }  # fmt: skip
