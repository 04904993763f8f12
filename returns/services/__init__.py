"""What may be done with returns."""

from returns.services.admitting import Admission, admit
from returns.services.deciding import approve_return, cancel_return, decline_return
from returns.services.expecting import expect_return
from returns.services.inspecting import Grade, inspect_return
from returns.services.receiving import receive_return
from returns.services.requesting import Wish, request_return
from returns.services.settling import close_return, settle_return

__all__ = [
    "Admission",
    "Grade",
    "Wish",
    "admit",
    "approve_return",
    "cancel_return",
    "close_return",
    "decline_return",
    "expect_return",
    "inspect_return",
    "receive_return",
    "request_return",
    "settle_return",
]
