"""Charges and refunds through Stripe's REST API, or what speaks it at `STRIPE_API_BASE`."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from oms.core import outbound
from oms.core.money import exponent
from orders.gateways import (
    AlreadyRefunded,
    ChargeDeclined,
    GatewayCharge,
    GatewayRefund,
    MoneyBack,
    MoneyIn,
    Outcome,
    RefundDeclined,
)

VERSION = "2024-06-20"
PAGE = 20
"""Refunds asked for at once: outbound answers are read up to 64 kB."""

CHARGES_A_PAGE = 10

MOST_PAGES = 100
SECONDS = 15
OWN_EXPONENTS = {"ISK": 2, "UGX": 2}
OUTCOMES = {
    "succeeded": Outcome.SUCCEEDED,
    "pending": Outcome.PENDING,
    "requires_action": Outcome.PENDING,
    "failed": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}
INTENT_OUTCOMES = {
    "succeeded": Outcome.SUCCEEDED,
    "requires_payment_method": Outcome.FAILED,
    "canceled": Outcome.FAILED,
}


class OutcomeUnknown(Exception):
    """Stripe did not say what became of the request."""


class Stripe:
    """Our key travels twice: as `Idempotency-Key`, which Stripe forgets after a day, and in the
    metadata of the refund or payment, where `find` and `find_charge` look for it ever after.
    Stripe's search lags behind its books, so the list is read."""

    def find(self, wanted: MoneyBack) -> GatewayRefund | None:
        query = {**_payment(wanted), "limit": str(PAGE)}
        found = self._look_up("/v1/refunds", query, wanted)
        return _read(found) if found else None

    def refund(self, wanted: MoneyBack) -> GatewayRefund:
        form = {
            **_payment(wanted),
            "amount": str(_minor(wanted.amount, wanted.currency)),
            "metadata[oms_key]": wanted.key,
            "metadata[oms_number]": wanted.number,
        }
        return _read(self._call("POST", "/v1/refunds", wanted, form))

    def find_charge(self, wanted: MoneyIn) -> GatewayCharge | None:
        query = {"customer": wanted.payer, "limit": str(CHARGES_A_PAGE)}
        found = self._look_up("/v1/payment_intents", query, wanted)
        return _read_intent(found) if found else None

    def charge(self, wanted: MoneyIn) -> GatewayCharge:
        form = {
            "amount": str(_minor(wanted.amount, wanted.currency)),
            "currency": wanted.currency.lower(),
            "customer": wanted.payer,
            "payment_method": wanted.method_reference,
            "off_session": "true",
            "confirm": "true",
            "description": wanted.number,
            "metadata[oms_key]": wanted.key,
            "metadata[oms_number]": wanted.number,
        }
        try:
            return _read_intent(self._call("POST", "/v1/payment_intents", wanted, form))
        except RefundDeclined as declined:
            raise ChargeDeclined(str(declined)) from declined

    def _look_up(
        self, path: str, query: dict[str, str], wanted: MoneyBack | MoneyIn
    ) -> dict[str, Any] | None:
        """Return what has our key in a list of Stripe's, newest first."""
        for _ in range(MOST_PAGES):
            page = self._call("GET", f"{path}?{urlencode(query)}", wanted)
            for found in page["data"]:
                if (found.get("metadata") or {}).get("oms_key") == wanted.key:
                    return dict(found)
            if not page.get("has_more") or not page["data"]:
                return None
            query["starting_after"] = page["data"][-1]["id"]
        raise OutcomeUnknown(f"More than {MOST_PAGES} pages of {path} without {wanted.number}.")

    def _call(
        self,
        method: str,
        path: str,
        wanted: MoneyBack | MoneyIn,
        form: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {
            "Authorization": f"Bearer {settings.STRIPE_API_KEY}",
            "Stripe-Version": VERSION,
        }
        body = b""
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Idempotency-Key"] = wanted.key
            body = urlencode(form).encode()
        answer = outbound.request(
            method,
            settings.STRIPE_API_BASE.rstrip("/") + path,
            headers=headers,
            content=body,
            timeout=SECONDS,
        )
        try:
            said = json.loads(answer.body)
        except ValueError:
            raise OutcomeUnknown(f"{answer.status} without JSON") from None
        if answer.status == 200 and isinstance(said, dict):
            return said
        raise _refusal(answer.status, said)


def _refusal(status: int, said: Any) -> Exception:
    """Return what a status means: declined for good, done before, or not known."""
    error = said.get("error", {}) if isinstance(said, dict) else {}
    code, kind = error.get("code", ""), error.get("type", "")
    words = f"{code or kind or status}: {error.get('message', '')}"[:300]
    if code == "charge_already_refunded":
        return AlreadyRefunded(words)
    definite = status in {400, 402, 404} and kind != "idempotency_error"
    return RefundDeclined(words) if definite else OutcomeUnknown(f"{status} {words}")


def _payment(wanted: MoneyBack) -> dict[str, str]:
    is_intent = wanted.payment_reference.startswith("pi_")
    return {"payment_intent" if is_intent else "charge": wanted.payment_reference}


def _places(currency: str) -> int:
    return OWN_EXPONENTS.get(currency, exponent(currency))


def _minor(amount: Decimal, currency: str) -> int:
    return int(amount.scaleb(_places(currency)))


def _read(refund: dict[str, Any]) -> GatewayRefund:
    currency = str(refund["currency"]).upper()
    return GatewayRefund(
        reference=str(refund["id"]),
        amount=Decimal(int(refund["amount"])).scaleb(-_places(currency)),
        currency=currency,
        outcome=OUTCOMES.get(str(refund["status"]), Outcome.PENDING),
        reason=str(refund.get("failure_reason") or ""),
    )


def _read_intent(intent: dict[str, Any]) -> GatewayCharge:
    currency = str(intent["currency"]).upper()
    problem = intent.get("last_payment_error") or {}
    return GatewayCharge(
        reference=str(intent["id"]),
        amount=Decimal(int(intent["amount"])).scaleb(-_places(currency)),
        currency=currency,
        outcome=INTENT_OUTCOMES.get(str(intent["status"]), Outcome.PENDING),
        reason=str(problem.get("message") or problem.get("code") or ""),
    )
