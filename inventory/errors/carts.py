"""Refusals about units kept for carts."""

from dataclasses import dataclass

from oms.core.errors import Conflict, Forbidden, Invalid, Missing


@dataclass(eq=False)
class CartNotFound(Missing):
    key: str

    message = "There is no cart reservation {key}."


@dataclass(eq=False)
class UnknownCart(Invalid):
    """The order names a cart reservation that its channel never made."""

    reservation: str

    message = "There is no cart reservation {reservation} to take units from."


@dataclass(eq=False)
class CartDiffers(Conflict):
    """The cart is reserved for already, and otherwise: `PUT` changes it."""

    key: str

    message = "The cart {key} is reserved for with other units. Change it instead."


@dataclass(eq=False)
class CartOrdered(Conflict):
    """The cart became an order; its units are that order's."""

    key: str
    order: str

    message = "The cart {key} became order {order}."


@dataclass(eq=False)
class CartEnded(Conflict):
    """Its time is over, or it was given back: nothing is kept for it any more."""

    key: str
    status: str

    message = "Nothing is kept for the cart {key} any more: it is {status}."


@dataclass(eq=False)
class CartsNotTaken(Forbidden):
    """The channel may not keep units for carts."""

    channel: str

    message = "{channel} may not reserve stock for carts."


@dataclass(eq=False)
class CartTooLong(Invalid):
    """Units may not be kept for so long."""

    minutes: int
    most: int

    message = "{minutes} minutes asked for; units of a cart are kept for {most} at most."


@dataclass(eq=False)
class TooManyCarts(Conflict):
    """The channel keeps units for as many carts as it may at one time."""

    channel: str
    most: int

    message = "{channel} has {most} carts reserved for, as many as it may at one time."
