"""Proofs of origin and figures that several kinds of channel share."""

import base64
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms.core.money import exponent, rounded
from oms.messaging.rules import signing
from orders.adapters import amounts, places, proofs
from orders.adapters.messages import Message, NotTheirs, Stale, Unreadable

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
KEY = b"k" * 24
SHOWN = signing.shown(KEY)


def signed(body=b"{}", *, key=KEY, at=NOW):
    headers = signing.headers(
        message_id="msg_1", timestamp=int(at.timestamp()), body=body, secrets_in_force=[key]
    )
    return Message(body, headers, NOW)


def test_a_webhook_is_proven_by_any_secret_in_force():
    proofs.prove_webhook(signed(), [SHOWN])
    proofs.prove_webhook(signed(), ["other", SHOWN])
    proofs.prove_webhook(signed(key=b"plain words"), ["plain words"])
    proofs.prove_webhook(signed(), [base64.b64encode(KEY).decode()])


@pytest.mark.parametrize(
    "message",
    [
        Message(b"{ }", signed().headers, NOW),
        Message(b"{}", signed().headers | {"webhook-id": "msg_2"}, NOW),
        Message(b"{}", signed().headers | {"webhook-timestamp": "1"}, NOW),
        Message(b"{}", signed().headers | {"webhook-timestamp": "\u0663"}, NOW),
        Message(b"{}", signed().headers | {"webhook-signature": "v1,"}, NOW),
        Message(b"{}", signed().headers | {"webhook-signature": "v1,é"}, NOW),
        Message(b"{}", {}, NOW),
        signed(key=b"another"),
    ],
)
def test_a_webhook_that_was_touched_is_nobodys(message):
    with pytest.raises(NotTheirs):
        proofs.prove_webhook(message, [SHOWN])


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_webhook_of_six_minutes_ago_or_ahead_is_stale(minutes):
    with pytest.raises(Stale):
        proofs.prove_webhook(signed(at=NOW + timedelta(minutes=minutes)), [SHOWN])


def test_nothing_is_proven_where_there_is_no_secret():
    for proof in (proofs.prove_webhook, proofs.prove_bearer, proofs.prove_basic):
        for secrets in ([], [""]):
            with pytest.raises(NotTheirs):
                proof(
                    Message(b"", signed(key=b"").headers | {"authorization": "Bearer "}, NOW),
                    secrets,
                )


def test_the_secret_itself_is_a_proof():
    basic = base64.b64encode(b"anybody:s3:cret").decode()
    proofs.prove_bearer(Message(b"", {"authorization": "Bearer s3cret"}, NOW), ["old", "s3cret"])
    proofs.prove_basic(Message(b"", {"authorization": f"Basic {basic}"}, NOW), ["s3:cret"])
    for wrong in ("Bearer s3cre", "Bearer", "s3cret", "Basic !!", "Basic czNjcmV0", "Basic /w=="):
        with pytest.raises(NotTheirs):
            proofs.prove_bearer(Message(b"", {"authorization": wrong}, NOW), ["s3cret"])
        with pytest.raises(NotTheirs):
            proofs.prove_basic(Message(b"", {"authorization": wrong}, NOW), ["s3cret"])


@given(st.integers(-(10**9), 10**9), st.integers(1, 99_999), st.sampled_from(["JPY", "EUR", "BHD"]))
def test_a_line_total_is_met_exactly_whatever_the_units(smallest, units, currency):
    total = Decimal(smallest).scaleb(-exponent(currency))

    price, off = amounts.per_unit(total, units, currency)

    assert rounded(price * units - off, currency) == total
    assert price == round(price, 6)
    assert abs(off) < 1
    assert off == 0 or (off > 0) == (total > 0)


@pytest.mark.parametrize(
    "value", ["NaN", "1e99", "1_000", "\u0661", "ten", True, [], {}, float("inf")]
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(Unreadable):
        amounts.amount(value)


def test_amounts_are_read_as_written():
    read = [amounts.amount(each) for each in ("10.9800", 10.98, 5, "", None, "-10.00")]
    assert read == [Decimal(each) for each in ("10.98", "10.98", "5", "0", "0", "-10")]


def test_a_country_is_known_by_code_or_name():
    written = [
        "us",
        "United States",
        "UK",
        "Turkey",
        "Türkiye",
        "Côte d\u2019Ivoire",
        "Narnia",
        None,
    ]
    assert [places.country(each) for each in written] == [
        "US", "US", "GB", "TR", "TR", "CI", "NARNIA", ""
    ]  # fmt: skip


def test_lines_of_an_address_become_two():
    assert places.two_lines(["", "Unit 4B", None, "Flat 2", " "]) == ("Unit 4B", "Flat 2")
    assert places.two_lines(["1 High St", "Unit 4", "Block C"]) == (
        "1 High St",
        "Unit 4, Block C",
    )
    assert places.two_lines([]) == ("", "")
