"""`manage.py load_rates`: a file of exchange rates, checked to its last row first."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.models import ExchangeRate

pytestmark = pytest.mark.django_db

HEADER = "date,currency,rate\n"


@pytest.fixture(autouse=True)
def _as_worker(_resting_identity: None, db: None) -> Iterator[None]:
    with database_identity(WORKER_ROLE):
        yield


def load(folder: Path, text: str | bytes) -> str:
    file = folder / "rates.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    output = StringIO()
    call_command("load_rates", str(file), stdout=output, stderr=output)
    return output.getvalue()


def rates() -> list[tuple[date, str, Decimal]]:
    return list(
        ExchangeRate.objects.order_by("date", "currency").values_list("date", "currency", "rate")
    )


def test_rates_are_loaded_and_corrected_day_by_day(tmp_path: Path) -> None:
    told = load(tmp_path, "\ufeff" + HEADER + "2026-01-02,EUR,1\n2026-01-02, pln ,4.25\n")
    assert "Loaded 2 rates, the newest of 2026-01-02." in told
    load(tmp_path, HEADER + "2026-01-02,PLN,4.2312\n2026-01-03,PLN,4.3\n")
    assert rates() == [
        (date(2026, 1, 2), "EUR", Decimal(1)),
        (date(2026, 1, 2), "PLN", Decimal("4.2312")),
        (date(2026, 1, 3), "PLN", Decimal("4.3")),
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2.1.2026,PLN,4.2", "row 2, date: is no date such as 2026-11-20."),
        (f"{timezone.localdate() + timedelta(days=1)},PLN,4.2", "is in the future."),
        ("2026-01-02,EURO,1", "row 2, currency: is no ISO 4217 code, such as PLN."),
        ("2026-01-02,PLN,0", "row 2, rate: is no number above zero, such as 4.2312."),
        ("2026-01-02,PLN,NaN", "row 2, rate: is no number above zero"),
        ("2026-01-02,PLN,1e30", "row 2, rate: is no number above zero"),
        ("2026-01-02,PLN", "row 2, rate: is no number above zero"),
        ("2026-01-02,PLN,4\n2026-01-02,PLN,5", "row 3, currency: PLN of 2026-01-02 is in row 2"),
    ],
)
def test_wrong_row_is_told_and_nothing_is_loaded(tmp_path: Path, row: str, problem: str) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(f"{HEADER}{row}\n2026-01-02,CHF,0.93\n")
    errors = StringIO()
    with pytest.raises(CommandError, match="1 errors; nothing was loaded"):
        call_command("load_rates", str(file), stdout=StringIO(), stderr=errors)
    assert problem in errors.getvalue()
    assert rates() == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The header lacks date, currency, rate."),
        ("date;currency;rate\n", "The header lacks"),
        (HEADER, "The file has no rates"),
        (HEADER.encode() + b"\xff", "The file is not UTF-8"),
        (HEADER + '2026-01-02,"PLN,4', "is not CSV"),
    ],
)
def test_file_that_holds_no_rates_is_refused(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        load(tmp_path, text)


def test_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_rates", str(tmp_path / "absent.csv"))
