"""What other apps, and this app's doors, may ask of fulfillment."""

from fulfillment.services.adapting import adapt_work
from fulfillment.services.back_tests import (
    ask_back_test,
    fail_back_test,
    keep_back_test,
    lead_back_test_on,
    simulation_of,
    stop_back_test,
)
from fulfillment.services.backorders import fill_backorders, serve_waiting
from fulfillment.services.collecting import hand_over
from fulfillment.services.counting import Counted
from fulfillment.services.dispatching import dispatch
from fulfillment.services.holding import hold_work, resume_work
from fulfillment.services.merging import merge_work
from fulfillment.services.moving import move_work, split_work
from fulfillment.services.offering import offer_freed_units
from fulfillment.services.packing import Packed, close_package, pack, unpack
from fulfillment.services.parking import end_waiting
from fulfillment.services.picking import pick, pick_one, pick_part
from fulfillment.services.printing import (
    ask_for_the_rest,
    keep_part,
    note_print,
    purge_papers,
    request_paper,
    resume_paper,
    stop_paper,
)
from fulfillment.services.promising import note_promises
from fulfillment.services.queueing import set_queue_policy
from fulfillment.services.rating import (
    NewRate,
    Reach,
    ServiceTerms,
    keep_box,
    keep_rates,
    keep_service,
    remove_rate,
)
from fulfillment.services.reallocating import reallocate, undo_reallocation
from fulfillment.services.rejecting import reject
from fulfillment.services.releasing import release_work
from fulfillment.services.routing import route_units
from fulfillment.services.rule_books import (
    begin_routing_draft,
    discard_routing_draft,
    publish_routing,
    save_routing_draft,
    undo_routing,
)
from fulfillment.services.scanning import Scanned, scan_unit, undo_scan
from fulfillment.services.scheduling import announce_release, open_work, write_of_release
from fulfillment.services.sent_elsewhere import record_arrived_elsewhere, record_sent_elsewhere
from fulfillment.services.shipping import ship
from fulfillment.services.slips import keep_slip, renew_slips, request_packing_slip
from fulfillment.services.stopping import restate_stops, route_rest
from fulfillment.services.tracking import record_tracking
from fulfillment.services.waves.changing import (
    assign_wave,
    cancel_wave,
    let_go,
    merge_waves,
    take_back,
)
from fulfillment.services.waves.making import add_to_wave, make_waves
from fulfillment.services.waves.scanning import Heard, scan_in_wave
from fulfillment.services.waves.walking import pick_in_wave, short_in_wave, take_tote
from fulfillment.services.withdrawing import withdraw_units

__all__ = [
    "Counted",
    "Heard",
    "NewRate",
    "Packed",
    "Reach",
    "Scanned",
    "ServiceTerms",
    "adapt_work",
    "add_to_wave",
    "announce_release",
    "ask_back_test",
    "ask_for_the_rest",
    "assign_wave",
    "begin_routing_draft",
    "cancel_wave",
    "close_package",
    "discard_routing_draft",
    "dispatch",
    "end_waiting",
    "fail_back_test",
    "fill_backorders",
    "hand_over",
    "hold_work",
    "keep_back_test",
    "keep_box",
    "keep_part",
    "keep_rates",
    "keep_service",
    "keep_slip",
    "lead_back_test_on",
    "let_go",
    "make_waves",
    "merge_waves",
    "merge_work",
    "move_work",
    "note_print",
    "note_promises",
    "offer_freed_units",
    "open_work",
    "pack",
    "pick",
    "pick_in_wave",
    "pick_one",
    "pick_part",
    "publish_routing",
    "purge_papers",
    "reallocate",
    "record_arrived_elsewhere",
    "record_sent_elsewhere",
    "record_tracking",
    "reject",
    "release_work",
    "remove_rate",
    "renew_slips",
    "request_packing_slip",
    "request_paper",
    "restate_stops",
    "resume_paper",
    "resume_work",
    "route_rest",
    "route_units",
    "save_routing_draft",
    "scan_in_wave",
    "scan_unit",
    "serve_waiting",
    "set_queue_policy",
    "ship",
    "short_in_wave",
    "simulation_of",
    "split_work",
    "stop_back_test",
    "stop_paper",
    "take_back",
    "take_tote",
    "undo_reallocation",
    "undo_routing",
    "undo_scan",
    "unpack",
    "withdraw_units",
    "write_of_release",
]
