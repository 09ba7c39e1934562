"""`python -m bench`: started by the launcher beside the two web servers, with the web's login."""

import argparse
import os

import django


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--product", type=int, required=True, help="its port")
    parser.add_argument("--floor", type=int, required=True, help="its port")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cosell.settings")
    django.setup()
    run(options)


def run(options: argparse.Namespace) -> None:
    # Models can be imported only now.
    from bench.measure import measure, requests_per_second
    from bench.report import ratios, table
    from bench.visits import FLOOR, PRODUCT, visits

    sites = {PRODUCT: options.product, FLOOR: options.floor}
    prepared = visits(rounds=options.rounds)
    for visit in prepared:
        visit.count_statements()
    measured = measure(prepared, sites, rounds=options.rounds)
    for one in measured:
        if one.visit.rounds is None:
            port = sites[one.visit.site]
            one.per_second = requests_per_second(one.visit, port, seconds=options.seconds)
    print("\n".join(["", *table(measured), "", *ratios(measured)]))


if __name__ == "__main__":
    main()
