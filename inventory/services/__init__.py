"""What other apps may ask of inventory."""

from inventory.services.adjusting import adjust, transfer
from inventory.services.arriving import Count, receive_replenishment
from inventory.services.buffering import set_channel_buffer
from inventory.services.committing import Answer, Part, commit_replenishment
from inventory.services.counting import Counted, count_stock
from inventory.services.digesting import tell_of_shortages
from inventory.services.proposing import propose_replenishment
from inventory.services.receiving import Arrival, receive
from inventory.services.replenishing import (
    approve_replenishment,
    cancel_replenishment,
    close_replenishment,
    edit_replenishment,
    remind_supplier,
    revoke_supplier_link,
    send_replenishment,
)
from inventory.services.reserving import (
    Claim,
    Pick,
    Portion,
    lock_supply,
    pick,
    release,
    reserve,
    ship,
    write_off,
)
from inventory.services.shortage import report_low_stock, report_stock_out
from inventory.services.supplying import save_supplier, save_supply, set_reorder_rules

__all__ = [
    "Answer",
    "Arrival",
    "Claim",
    "Count",
    "Counted",
    "Part",
    "Pick",
    "Portion",
    "adjust",
    "approve_replenishment",
    "cancel_replenishment",
    "close_replenishment",
    "commit_replenishment",
    "count_stock",
    "edit_replenishment",
    "lock_supply",
    "pick",
    "propose_replenishment",
    "receive",
    "receive_replenishment",
    "release",
    "remind_supplier",
    "report_low_stock",
    "report_stock_out",
    "reserve",
    "revoke_supplier_link",
    "save_supplier",
    "save_supply",
    "send_replenishment",
    "set_channel_buffer",
    "set_reorder_rules",
    "ship",
    "tell_of_shortages",
    "transfer",
    "write_off",
]
