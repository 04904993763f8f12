"""The socket for whoever moves money: what orders ask of a payment gateway.

Which gateway serves a payment stands in `Payment.gateway`; `PAYMENT_GATEWAYS` says what stands
behind that name. `manual` moves nothing: the channel or a person does, and we take it as done.
`channel` asks the channel that the order came from to give the money back.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

MANUAL = "manual"
CHANNEL = "channel"


@dataclass(frozen=True)
class MoneyBack:
    """What a gateway is asked to give back, and the key it is known by on both sides."""

    key: str
    number: str
    payment_reference: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class MoneyIn:
    """What a gateway is asked to charge, and the key it is known by on both sides.

    `payer` and `method_reference` are whom and what it has on file.
    """

    key: str
    number: str
    payer: str
    method_reference: str
    amount: Decimal
    currency: str


class Outcome(StrEnum):
    """How far a gateway is with a refund or a charge."""

    SUCCEEDED = "succeeded"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True)
class GatewayRefund:
    """A refund as the gateway has it in its books."""

    reference: str
    amount: Decimal
    currency: str
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class GatewayCharge:
    """A charge as the gateway has it in its books."""

    reference: str
    amount: Decimal
    currency: str
    outcome: Outcome
    reason: str = ""


class ChargeDeclined(Exception):
    """The gateway or the bank said no, and nothing was taken."""


class RefundDeclined(Exception):
    """The gateway said no, and nothing was moved: asking again would not help."""


class AlreadyRefunded(Exception):
    """The gateway says that this money has gone back: its books tell whether it was by us."""


class Gateway(Protocol):
    """Every exception but those above means that the outcome is unknown."""

    def find(self, wanted: MoneyBack) -> GatewayRefund | None:
        """Return the refund that has our key in the gateway's books, if there is one."""

    def refund(self, wanted: MoneyBack) -> GatewayRefund:
        """Give the money back, once for each key. Raises: RefundDeclined, AlreadyRefunded."""

    def find_charge(self, wanted: MoneyIn) -> GatewayCharge | None:
        """Return the charge that has our key in the gateway's books, if there is one."""

    def charge(self, wanted: MoneyIn) -> GatewayCharge:
        """Take the money while the customer is away, once for each key. Raises: ChargeDeclined."""


class Manual:
    """Money that is taken and given back by hand or by the channel itself."""

    def find(self, wanted: MoneyBack) -> GatewayRefund | None:
        return self.refund(wanted)

    def refund(self, wanted: MoneyBack) -> GatewayRefund:
        return GatewayRefund(
            reference="", amount=wanted.amount, currency=wanted.currency, outcome=Outcome.SUCCEEDED
        )

    def find_charge(self, wanted: MoneyIn) -> GatewayCharge | None:
        return None

    def charge(self, wanted: MoneyIn) -> GatewayCharge:
        raise ChargeDeclined("Nobody takes money here but a person.")


def gateway_named(name: str) -> Gateway:
    """Return the gateway that payments call `name`. `LookupError` for one that is not set up."""
    if name not in settings.PAYMENT_GATEWAYS:
        raise LookupError(f"No payment gateway is called {name}.")
    return cast(Gateway, import_string(settings.PAYMENT_GATEWAYS[name])())
