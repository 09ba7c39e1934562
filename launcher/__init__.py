"""Starts the application and all it needs from a checkout. Standard library only."""
