"""The query side of the lists: what they select, how they sort, page and count."""
