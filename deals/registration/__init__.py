"""Registering won deals for the vendor's incentives (6): who may, how, and its review."""
