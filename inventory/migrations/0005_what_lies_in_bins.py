from django.db import migrations

COUNTER = """
INSERT INTO inventory_movement
    (level_id, kind, on_hand_delta, reserved_delta, reference, reason, bin, lot, state, actor,
     happened_at)
SELECT m.level_id, 'move', -m.units, 0, 'upgrade', 'Stock is kept by bin from now on',
       m.bin, m.lot, 'available', 'system', now()
FROM (
    SELECT level_id, bin, lot, sum(on_hand_delta) AS units
    FROM inventory_movement GROUP BY level_id, bin, lot
) m
WHERE m.units <> 0
"""
PLACE = """
INSERT INTO inventory_movement
    (level_id, kind, on_hand_delta, reserved_delta, reference, reason, bin, lot, state, actor,
     happened_at)
SELECT id, 'move', on_hand, 0, 'upgrade', 'Stock is kept by bin from now on',
       bin, '', 'available', 'system', now()
FROM inventory_stocklevel WHERE on_hand > 0
"""
QUANTS = """
INSERT INTO inventory_quant (level_id, bin, lot, state, quantity)
SELECT id, bin, '', 'available', on_hand FROM inventory_stocklevel WHERE on_hand > 0
"""
BINS = """
INSERT INTO inventory_bin (location_id, code, position, is_active)
SELECT DISTINCT location_id, bin, 0, true FROM inventory_stocklevel WHERE bin <> ''
"""


class Migration(migrations.Migration):
    """What lay somewhere in a location lies where its SKU usually does, without a lot: shipments
    did not say which ones they took."""

    dependencies = [("inventory", "0004_bins_and_quants")]
    operations = [
        migrations.RunSQL([COUNTER, PLACE, QUANTS, BINS], migrations.RunSQL.noop),
    ]
