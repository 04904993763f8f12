"""What other apps may ask of inventory."""

from inventory.services.adjusting import adjust, transfer
from inventory.services.arriving import Count, receive_replenishment
from inventory.services.bins import save_bin, save_zone
from inventory.services.blocking import (
    block_lot,
    quarantine_lot,
    quarantine_unsold,
    unblock_lot,
)
from inventory.services.buffering import set_channel_buffer
from inventory.services.committing import Answer, Part, commit_replenishment
from inventory.services.counting import Counted, count_stock
from inventory.services.digesting import tell_of_shortages
from inventory.services.moving import free_units, hold_units, move_units, scrap_units
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
from inventory.services.sending import Load, ship_transfer
from inventory.services.shortage import report_low_stock, report_stock_out
from inventory.services.supplying import save_supplier, save_supply, set_reorder_rules
from inventory.services.transfers import (
    Wanted,
    cancel_transfer,
    close_transfer,
    request_transfer,
)
from inventory.services.unloading import Came, receive_transfer

__all__ = [
    "Answer",
    "Arrival",
    "Came",
    "Claim",
    "Count",
    "Counted",
    "Load",
    "Part",
    "Pick",
    "Portion",
    "Wanted",
    "adjust",
    "approve_replenishment",
    "block_lot",
    "cancel_replenishment",
    "cancel_transfer",
    "close_replenishment",
    "close_transfer",
    "commit_replenishment",
    "count_stock",
    "edit_replenishment",
    "free_units",
    "hold_units",
    "lock_supply",
    "move_units",
    "pick",
    "propose_replenishment",
    "quarantine_lot",
    "quarantine_unsold",
    "receive",
    "receive_replenishment",
    "receive_transfer",
    "release",
    "remind_supplier",
    "report_low_stock",
    "report_stock_out",
    "request_transfer",
    "reserve",
    "revoke_supplier_link",
    "save_bin",
    "save_supplier",
    "save_supply",
    "save_zone",
    "scrap_units",
    "send_replenishment",
    "set_channel_buffer",
    "set_reorder_rules",
    "ship",
    "ship_transfer",
    "tell_of_shortages",
    "transfer",
    "unblock_lot",
    "write_off",
]
