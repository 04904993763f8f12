"""What a browser sends beside its forms: anything may come."""

MOST_DIGITS = 9


def whole_number(said: str) -> int | None:
    """Return the whole number that was sent, such as a document's version; None for all else."""
    is_one = said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS
    return int(said) if is_one else None
