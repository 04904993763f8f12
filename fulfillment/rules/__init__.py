"""Decisions on plain values: which location serves what."""
