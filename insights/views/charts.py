"""A chart: the bars or columns of its picture, and the table behind it, which is also its file.

Positions across are percentages and positions down are pixels, so that a picture takes whatever
width there is and its text never shrinks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cosell.core.money import format_money, format_number, format_share

BAR_STEP, BAR_TOP, BAR_HEIGHT = 46, 8, 12
PLOT_TOP, PLOT_HEIGHT, COLUMNS_HEIGHT = 22, 120, 168
# Bars of a picture and lines of a table; what is beyond is in one line.
MOST_BARS, MOST_LINES = 8, 100
_LONGEST_LABEL = 30
# Not every month has room for its name on a telephone.
_MOST_TICKS = 7


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Cell:
    """`raw` is for the file, `shown` for the page."""

    raw: str | int | Decimal | float
    shown: str
    is_number: bool = True


@dataclass(frozen=True)
class Line:
    cells: Sequence[Cell]
    links: Sequence[Link] = ()
    is_total: bool = False


@dataclass(frozen=True)
class Part:
    """A piece of a bar: what one direction adds to it."""

    tone: str
    amount: float
    label: str
    url: str = ""


@dataclass(frozen=True)
class Bar:
    label: str
    text: str
    parts: Sequence[Part]
    before: float = 0


@dataclass(frozen=True)
class Column:
    """A month, with one bar for each series."""

    label: str
    amounts: Sequence[float]
    texts: Sequence[str]


@dataclass(frozen=True)
class Rect:
    tone: str
    x: str
    y: int
    width: str
    height: int
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Text:
    x: str
    y: int
    text: str
    full: str = ""


@dataclass(frozen=True)
class Chart:
    code: str
    title: str
    lead: str
    head: Sequence[str]
    lines: Sequence[Line]
    bars: Sequence[Bar] = ()
    columns: Sequence[Column] = ()
    tones: Sequence[str] = ()
    legend: Sequence[tuple[str, str]] = ()
    top: str = ""
    is_wide: bool = False

    @property
    def named_lines(self) -> list[tuple[Line, list[tuple[str, Cell]]]]:
        """Each cell with the head of its column, which it carries along where lines are cards."""
        return [(line, list(zip(self.head, line.cells, strict=True))) for line in self.lines]

    @property
    def links(self) -> list[Link]:
        return [link for line in self.lines for link in line.links]

    @property
    def has_links(self) -> bool:
        return bool(self.links)

    @property
    def beyond(self) -> int:
        """Lines of the table that the picture has no bar for."""
        return max(0, len(self.lines) - len(self.bars)) if self.bars else 0

    @property
    def height(self) -> int:
        return COLUMNS_HEIGHT if self.columns else BAR_STEP * len(self.bars)

    @property
    def spoken(self) -> str:
        """What the picture shows, for who hears it."""
        if self.columns:
            told = (f"{one.label}: {', '.join(one.texts)}" for one in self.columns)
        else:
            told = (f"{bar.label}: {bar.text}" for bar in self.bars)
        return "; ".join(told)

    @property
    def rects(self) -> list[Rect]:
        return self._column_rects() if self.columns else self._bar_rects()

    @property
    def labels(self) -> list[Text]:
        if self.columns:
            step = -(-len(self.columns) // _MOST_TICKS)
            slot = 100 / len(self.columns)
            return [
                Text(_percent((place + 0.5) * slot), COLUMNS_HEIGHT - 8, one.label)
                for place, one in enumerate(self.columns)
                if place % step == 0
            ]
        return [
            Text("0", place * BAR_STEP + 16, _shortened(bar.label), bar.label)
            for place, bar in enumerate(self.bars)
        ]

    @property
    def values(self) -> list[Text]:
        return [
            Text("100%", place * BAR_STEP + 16, bar.text) for place, bar in enumerate(self.bars)
        ]

    @property
    def baseline(self) -> int:
        return PLOT_TOP + PLOT_HEIGHT

    def _bar_rects(self) -> list[Rect]:
        longest = max(
            (max(sum(part.amount for part in bar.parts), bar.before) for bar in self.bars),
            default=0,
        )
        rects = []
        for place, bar in enumerate(self.bars):
            y, reached = place * BAR_STEP + 14 + BAR_TOP, 0.0
            for part in bar.parts:
                rects.append(
                    Rect(
                        part.tone, _share(reached, longest), y, _share(part.amount, longest),
                        BAR_HEIGHT, part.label, part.url,
                    )
                )  # fmt: skip
                reached += part.amount
            rects.append(Rect("before", "0", y + BAR_HEIGHT + 2, _share(bar.before, longest), 4))
        return rects

    def _column_rects(self) -> list[Rect]:
        highest = max((amount for one in self.columns for amount in one.amounts), default=0)
        slot = 100 / len(self.columns)
        width = slot * 0.8 / len(self.tones)
        return [
            Rect(
                tone,
                _percent(place * slot + slot * 0.1 + number * width),
                self.baseline - _height(amount, highest),
                _percent(width),
                _height(amount, highest),
                f"{one.label}: {text}",
            )
            for place, one in enumerate(self.columns)
            for number, (tone, amount, text) in enumerate(
                zip(self.tones, one.amounts, one.texts, strict=True)
            )
        ]


def text_cell(text: str) -> Cell:
    return Cell(text, text, is_number=False)


def count_cell(number: int) -> Cell:
    return Cell(number, format_number(number))


def money_cell(value: Decimal, currency: str) -> Cell:
    return Cell(value.quantize(Decimal("0.01")), format_money(value.quantize(Decimal(1)), currency))


def share_cell(share: float | None) -> Cell:
    return Cell("", "–") if share is None else Cell(round(share, 4), format_share(share))


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1].rstrip()}…"


def _share(amount: float, of: float) -> str:
    return _percent(100 * amount / of if of else 0)


def _percent(number: float) -> str:
    return f"{number:.2f}%"


def _height(amount: float, highest: float) -> int:
    return round(PLOT_HEIGHT * amount / highest) if highest else 0
