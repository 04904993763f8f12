"""Buying from suppliers: proposed, sent, promised, taken in."""
