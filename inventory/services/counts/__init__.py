"""Counting what lies somewhere, and correcting the books by it."""
