"""Picking for several orders in one walk."""
