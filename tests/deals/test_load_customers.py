from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cosell.core.tenancy import WORKER_ROLE, database_identity
from deals.models import ReferenceCustomer

pytestmark = pytest.mark.django_db

HEADER = "name,street,postal_code,city,country,duns\n"


@pytest.fixture(autouse=True)
def _as_worker(_resting_identity: None, db: None) -> Iterator[None]:
    with database_identity(WORKER_ROLE):
        yield


def load(folder: Path, text: str | bytes) -> str:
    file = folder / "customers.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    output = StringIO()
    call_command("load_customers", str(file), stdout=output, stderr=output)
    return output.getvalue()


def refusal_of(folder: Path, text: str | bytes) -> tuple[str, list[str]]:
    file = folder / "customers.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    errors = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("load_customers", str(file), stdout=StringIO(), stderr=errors)
    return str(refusal.value), errors.getvalue().splitlines()


def names() -> list[str]:
    return list(ReferenceCustomer.objects.order_by("name").values_list("name", flat=True))


def test_rows_are_read_with_quotes_accents_and_spaces(tmp_path: Path) -> None:
    told = load(
        tmp_path,
        HEADER + '"Świt, ""Nowy"" S.A.", ul. Długa 1 ,90-001,Łódź,pl,12-345-6789\n\n'
        "Vltava s.r.o.,,,Praha,CZ,\n",
    )
    assert "Added 2, changed 0, unchanged 0." in told
    first = ReferenceCustomer.objects.get(duns="123456789")
    assert (first.name, first.street, first.postal_code, first.city, first.country) == (
        'Świt, "Nowy" S.A.', "ul. Długa 1", "90-001", "Łódź", "PL",
    )  # fmt: skip


def test_excel_file_with_mark_and_semicolons_is_read(tmp_path: Path) -> None:
    text = "\ufeff" + HEADER.replace(",", ";") + "Bałtyk S.A.;;;Gdańsk;PL;123456789\r\n"
    load(tmp_path, text)
    assert names() == ["Bałtyk S.A."]


def test_columns_may_come_in_any_order_and_others_are_ignored(tmp_path: Path) -> None:
    load(tmp_path, "Duns,Country,City,Postal_code,Street,Name,Size\n123456789,PL,Łódź,,,Świt,12\n")
    assert names() == ["Świt"]


def test_loading_again_changes_only_what_differs(tmp_path: Path) -> None:
    rows = "Świt,,,Łódź,PL,123456789\nWisła,,,Kraków,PL,987654321\nOrzeł,,,Poznań,PL,\n"
    load(tmp_path, HEADER + rows)
    before = dict(ReferenceCustomer.objects.values_list("duns", "pk"))
    told = load(tmp_path, HEADER + rows.replace("Wisła,,,Kraków", "Wisła SA,,,Tarnów"))
    assert "Added 0, changed 1, unchanged 2." in told
    assert names() == ["Orzeł", "Wisła SA", "Świt"]
    assert dict(ReferenceCustomer.objects.values_list("duns", "pk")) == before


def test_industry_is_read_where_there_is_one_and_never_erased(tmp_path: Path) -> None:
    with_industry = HEADER.strip() + ",industry\n"
    rows = "Świt,,,Łódź,PL,123456789,Energy\nOrzeł,,,Poznań,PL,,retail\n"
    load(tmp_path, with_industry + rows)
    industries = ReferenceCustomer.objects.order_by("name").values_list("industry", flat=True)
    assert list(industries) == ["retail", "energy"]
    assert "unchanged 2" in load(tmp_path, with_industry + rows.replace("Energy", ""))
    assert "unchanged 2" in load(
        tmp_path, HEADER + "Świt,,,Łódź,PL,123456789\nOrzeł,,,Poznań,PL,\n"
    )
    assert list(industries.all()) == ["retail", "energy"]
    assert "changed 1" in load(tmp_path, with_industry + rows.replace("Energy", "media"))
    _refusal, errors = refusal_of(tmp_path, with_industry + rows.replace("Energy", "Mining"))
    assert errors[0].startswith("row 2, industry: “mining” is none of agriculture, ")


def test_every_error_is_named_by_row_and_column_and_nothing_is_loaded(tmp_path: Path) -> None:
    refusal, errors = refusal_of(
        tmp_path,
        HEADER + "Świt,,,Łódź,PL,123456789\n"
        ",,,,XX,12\n"
        "Wisła,,,Kraków,PL,123456789\n"
        f"{'x' * 201},,,Kraków,PL,\n"
        "Orzeł,,,Poznań,PL,,too much\n"
        "Gryf\x07,,,Poznań,PL,１２３４５６７８９\n",
    )
    assert errors == [
        "row 3, name: is empty.",
        "row 3, city: is empty.",
        "row 3, country: “XX” is no ISO 3166 code, such as PL.",
        "row 3, duns: “12” has not nine digits.",
        "row 4, duns: 123456789 is in row 2 already.",
        "row 5, name: is longer than 200 characters.",
        "row 6, end: “too much” stands after the last column.",
        "row 7, name: has a character that cannot be shown.",
        "row 7, duns: “１２３４５６７８９” has not nine digits.",
    ]
    assert refusal == "9 errors; nothing was loaded."
    assert names() == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The header lacks name, street, postal_code, city, country, duns."),
        (b"name,city,country\nA,B,PL\n", "The header lacks street, postal_code, duns."),
        (HEADER.encode() + "Świt".encode("cp1250"), "The file is not UTF-8"),
        (HEADER.encode() + b'"open,,,\n', "is not CSV"),
    ],
)
def test_file_that_is_no_directory_is_refused(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    refusal, _errors = refusal_of(tmp_path, content)
    assert sentence in refusal


def test_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_customers", str(tmp_path / "absent.csv"))
