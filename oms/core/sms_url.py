"""`SMS_URL`: which gateway short messages go through."""

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

SCHEMES = {"sms+https": "https", "sms+http": "http"}


def read(given: str) -> dict[str, str] | None:
    """Read `sms+https://user:password@host/path?from=NAME`; None where nothing is given.

    Raises `ValueError` with a sentence. What else the query holds stays in the address.
    """
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("it begins with sms+https:// and names a host")
    query = dict(parse_qsl(parts.query))
    sender = query.pop("from", "")
    address = parts._replace(
        scheme=SCHEMES[parts.scheme],
        netloc=parts.netloc.rpartition("@")[2],
        query=urlencode(query),
    )
    return {
        "url": urlunsplit(address),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "sender": sender,
    }
