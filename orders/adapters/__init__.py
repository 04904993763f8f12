"""How the channels speak: one package per kind of channel, and the language they are put into.

An adapter proves that a message is the channel's own, reads it into parts (`parts.py`), and says
our news back to the channel in its own words. It knows no database and decides nothing: what
becomes of the parts is decided in `orders/services/following`.
"""
