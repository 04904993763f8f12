"""What may be done with business customers and their documents."""

from b2b.services.wishes import LineAnswer, LineWish, PlaceOf

__all__ = ["LineAnswer", "LineWish", "PlaceOf"]
