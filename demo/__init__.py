"""A demonstration company world; installed in demo mode only. It may use every domain app."""
