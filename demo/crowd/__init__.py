"""Very many deals, for measuring: `manage.py generate_load`.

Not told as a story like the demo: rows are made up one by one and copied in bulk.
"""
