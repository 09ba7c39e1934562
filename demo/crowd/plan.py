"""How many deals each organisation has, and which of them are invitations of which others."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

VENDOR, LARGE, SMALL = "load-vendor", "load-large", "load-small"
FEWEST = 1_000
_LARGE, _SMALL, _OTHERS = 100_000, 10_000, 200
# How much of what an organisation has came from others.
_INBOUND = {VENDOR: 0.85}
_INBOUND_OF_PARTNERS = 0.2


@dataclass(frozen=True)
class Size:
    slug: str
    deals: int

    @property
    def is_vendor(self) -> bool:
        return self.slug == VENDOR

    @property
    def inbound(self) -> int:
        return round(self.deals * _INBOUND.get(self.slug, _INBOUND_OF_PARTNERS))


def sizes(deals: int) -> list[Size]:
    """A vendor, a large and a small partner to compare, and many others that share the rest."""
    vendor, large, small = (3 * deals // 10, min(_LARGE, deals // 2), min(_SMALL, deals // 20))
    rest = deals - vendor - large - small
    others = max(3, min(_OTHERS, rest // 20))
    # A few big ones and a long tail, as companies are.
    weights = [1 / (place + 5) for place in range(others)]
    shares = [int(rest * weight / sum(weights)) for weight in weights]
    shares[0] += rest - sum(shares)
    named = [Size(f"load-{place:03}", share) for place, share in enumerate(shares, start=1)]
    return [Size(VENDOR, vendor), Size(LARGE, large), Size(SMALL, small), *named]


def engagements(sizes: Sequence[Size], source: random.Random) -> Iterator[tuple[int, int | None]]:
    """Who created each deal and whom they invited to it, by place in `sizes`, in mixed order."""
    senders = _mixed([size.deals - size.inbound for size in sizes], source)
    recipients: list[int | None] = [*_mixed([size.inbound for size in sizes], source)]
    recipients += [None] * (len(senders) - len(recipients))
    source.shuffle(recipients)
    for place, sender in enumerate(senders):
        # Nobody invites themselves: such a guest changes places with another's.
        while recipients[place] == sender:
            other = source.randrange(len(senders))
            if sender != recipients[other] and sender != senders[other]:
                recipients[place], recipients[other] = recipients[other], recipients[place]
    return zip(senders, recipients, strict=True)


def _mixed(counts: Sequence[int], source: random.Random) -> list[int]:
    places = [place for place, count in enumerate(counts) for _number in range(count)]
    source.shuffle(places)
    return places
