"""How fast it is: `python3 run.py bench`.

The product's pages over HTTP, beside a bare Django view of the same rows in the same run. Machines
are noisy and differ, so what counts are the ratios; nothing here passes or fails.
"""
