"""Decisions on plain values: what returned units are worth, which grades are changed."""
