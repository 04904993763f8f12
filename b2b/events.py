"""The facts this app makes known."""
