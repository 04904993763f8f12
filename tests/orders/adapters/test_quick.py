"""The quick reader of our own language never says other than the strict one."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from orders.adapters.native.documents import read_order
from orders.adapters.native.quick import quick_order

USUAL = {
    "external_id": "1",
    "placed_at": "2026-11-20T12:00:00+01:00",
    "currency": "EUR",
    "customer": {"external_id": "c", "name": "Robin", "email": "r@example.com", "phone": "1",
                 "language": "nl"},
    "shipping_address": {"name": "Robin", "line1": "Street 1", "line2": "", "city": "Ghent",
                         "region": "", "postal_code": "9000", "country": "BE", "company": "",
                         "phone": ""},
    "lines": [{"sku": "tea", "quantity": 2, "unit_price": "4.50", "discount": "0.10",
               "tax": "0.74", "external_id": "1"}],
    "shipping": {"method": "standard", "amount": "4.95", "tax": "0"},
    "discount": "0.00",
    "payments": [{"reference": "ch", "method": "card", "status": "captured", "amount": "9"}],
    "notes": "Ring",
}  # fmt: skip
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 100_001), st.floats(allow_nan=False),
    st.text(max_size=5), st.sampled_from([
        "", " ", " a", "a ", "a\n", "é", "\u200b", "a\u0000", "4.5", "-1", "1e2", "00", "1.", ".5",
        "9" * 13, "1.1234567", "EURO", "eur", "NLD", "nl", "a@b", "a@b.c", ".a@b.nl", "a..b@c.nl",
        "a@-b.nl", "A@B.NL", "2026-11-20", "2026-11-20T12:00:00", "1969-01-01T00:00:00Z",
        "2026-13-01T00:00:00Z", "authorized", "x" * 101, "x" * 201, 2.0, 1.0, [], {}, [{}],
    ]),
)  # fmt: skip


def paths(said, at=()):
    if isinstance(said, dict):
        for name, value in said.items():
            yield (*at, name)
            yield from paths(value, (*at, name))
    elif isinstance(said, list):
        for number, value in enumerate(said):
            yield from paths(value, (*at, number))


def strictly(data):
    try:
        return read_order(data)
    except ValidationError:
        return None


def changed(changes):
    data = copy.deepcopy(USUAL)
    for path, verb, value in changes:
        place = data
        try:
            for step in path[:-1]:
                place = place[step]
            if verb == "drop":
                del place[path[-1]]
            elif verb == "add":
                place[f"{path[-1]}_2"] = value
            else:
                place[path[-1]] = value
        except (KeyError, TypeError, IndexError):
            pass
    return data


changes = st.lists(
    st.tuples(
        st.sampled_from(list(paths(USUAL))), st.sampled_from(["set", "set", "drop", "add"]), ODD
    ),
    max_size=3,
)


def test_it_reads_the_usual_order():
    assert quick_order(USUAL) == read_order(USUAL)


@pytest.mark.parametrize("data", [None, [], "", 1, {}])
def test_it_leaves_what_is_no_order_to_the_strict_one(data):
    assert quick_order(data) is None


@settings(max_examples=300)
@given(changes)
def test_what_it_reads_the_strict_one_reads_the_same(changes):
    data = changed(changes)
    quick = quick_order(data)
    assert quick is None or quick == strictly(data)


@pytest.mark.full
@settings(max_examples=20_000)
@given(changes)
def test_whatever_it_reads_the_strict_one_reads_the_same(changes):
    data = changed(changes)
    quick = quick_order(data)
    assert quick is None or quick == strictly(data)
