"""Amounts in forms: shown as the reader's language writes them, read as people type them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cosell.core.money import decimal_mark, format_amount

# Digits, grouped by threes with one mark or not at all; another mark before one or two last ones.
_TYPED = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<group>[., '])\d{3}(?:(?P=group)\d{3})*|\d+)"
    r"(?:(?!(?P=group))[.,](?P<cents>\d{1,2}))?"
)
_PLAIN = re.compile(r"\d+(?:\.\d{1,2})?")
_EITHER = re.compile(r"(?P<whole>[1-9]\d{0,2})(?P<mark>[.,])(?P<three>\d{3})")


class AmountField(forms.DecimalField):
    """480000, 480,000.00, 480 000,00: the last mark is the decimal one if one or two digits follow.

    Three digits after the only mark are a group, unless it is the one that the reader's language
    writes decimals with: then nobody can know, and it is refused.
    """

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=16, decimal_places=2, **kwargs)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return _Typed(data) if isinstance(data, str) else data

    def prepare_value(self, value: Any) -> Any:
        """What somebody typed stays as it is; an address or a draft may keep an amount as text."""
        is_amount = isinstance(value, Decimal | int) or _is_plain(value)
        return format_amount(Decimal(value)) if is_amount else value

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        typed = re.sub(r"\s+", " ", value.strip())
        if typed.startswith("-"):
            raise ValidationError(_("An amount cannot be negative."), code="min_value")
        _refuse_either(typed)
        return super().to_python(self._plain(typed))

    def _plain(self, typed: str) -> str:
        read = _TYPED.fullmatch(typed)
        if read is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return re.sub(r"\D", "", read["whole"]) + (f".{read['cents']}" if read["cents"] else "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}


class AddressAmountField(AmountField):
    """Bound to an address, which says an amount in one way for all languages."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data


class _Typed(str):
    __slots__ = ()


def _is_plain(value: Any) -> bool:
    return type(value) is str and _PLAIN.fullmatch(value) is not None


def _refuse_either(typed: str) -> None:
    read = _EITHER.fullmatch(typed)
    if read and read["mark"] == decimal_mark():
        raise ValidationError(
            _(
                "“%(typed)s” can be read in two ways. Write %(many)s, or at most two digits after"
                " the decimal mark."
            ),
            code="ambiguous",
            params={"typed": typed, "many": format_amount(Decimal(read["whole"] + read["three"]))},
        )
