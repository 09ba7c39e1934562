"""Plausible names, addresses and numbers, country by country, from one seeded source."""

import random
import tomllib
import unicodedata
from pathlib import Path
from typing import Any
from uuid import UUID

from deals.models import ReferenceCustomer
from deals.parts import Person

DATA = Path(__file__).parent / "data"
CUSTOMERS = 2000
# Look-alike letters are left out of referral ids, as the product does.
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
# How many units a company has: most have one, a few have many.
_UNITS = (1, 1, 1, 1, 1, 2, 2, 3, 3, 5)


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


class Names:
    """Everything random in the demo comes from here, so that two loads of a day are alike."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.countries = load("countries")
        industries = load("industries").items()
        self._industries = {trade: code for code, trades in industries for trade in trades}

    def uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def digits(self, pattern: str) -> str:
        """# becomes a digit, @ a letter."""
        return "".join(
            str(self.random.randint(0, 9)) if sign == "#"
            else self.random.choice(_POSTCODE_LETTERS) if sign == "@"
            else sign
            for sign in pattern
        )  # fmt: skip

    def code(self, length: int) -> str:
        return "".join(self.random.choices(_CODE_LETTERS, k=length))

    def person(self, country: str, *, domain: str) -> Person:
        words = self.countries[country]
        first_name = self.random.choice(words["first_names"])
        last_name = self.random.choice(words["last_names"])
        email = f"{ascii_of(first_name)}.{ascii_of(last_name)}@{domain}"
        return Person(first_name, last_name, self.digits(words["phone"]), email)

    def customers(self) -> list[ReferenceCustomer]:
        """The reference directory: companies of every country, many with several units."""
        numbers = iter(self.random.sample(range(210_000_000, 980_000_000), CUSTOMERS))
        each, rest = divmod(CUSTOMERS, len(self.countries))
        return [
            self._unit(name, country, city, f"{next(numbers)}")
            for place, country in enumerate(self.countries)
            for name, city in self._units(country, each + (place < rest))
        ]

    def _units(self, country: str, how_many: int) -> list[tuple[str, list[str]]]:
        words = self.countries[country]
        pairs = [(brand, trade) for brand in words["brands"] for trade in words["trades"]]
        self.random.shuffle(pairs)
        units: list[tuple[str, list[str]]] = []
        for brand, trade in pairs:
            name = f"{brand} {trade} {self.random.choice(words['legal'])}"
            cities = self.random.sample(words["cities"], self.random.choice(_UNITS))
            units += [(name, city) for city in cities]
        return units[:how_many]

    def _unit(self, name: str, country: str, city: list[str], duns: str) -> ReferenceCustomer:
        words = self.countries[country]
        street, number = self.random.choice(words["streets"]), self.random.randint(1, 180)
        return ReferenceCustomer(
            id=self.uuid(),
            name=name,
            street=f"{number} {street}" if words["number_first"] else f"{street} {number}",
            postal_code=self.digits(city[1]),
            city=city[0],
            country=country,
            duns=duns,
            industry=next(
                (code for trade, code in self._industries.items() if f" {trade} " in name), ""
            ),
        )


def ascii_of(text: str) -> str:
    """A name as it stands in an address: "Łukasz" is lukasz, "van Dijk" is vandijk."""
    plain = text.lower().replace("ł", "l").replace("ß", "ss")
    folded = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "".join(sign for sign in folded if sign.isalnum())


def domain_of(company: str) -> str:
    """The domain of a customer's addresses: its name without the legal form."""
    return f"{ascii_of(''.join(company.split()[:2]))}.example"
