-- A company's stock after two years: {skus} SKUs at fifty locations, ten ledger entries to a level,
-- {busiest} more for the busiest SKU. What waits to be done is as much in a small company as in a
-- large one: the past is what grows.

SET session_replication_role = replica;
SET synchronous_commit = off;

INSERT INTO inventory_location (code, name, kind, line1, city, region, postal_code, country,
    latitude, longitude, time_zone, is_active)
SELECT 'L' || lpad(n::text, 2, '0'), 'Location ' || n,
    CASE WHEN n % 5 = 0 THEN 'store' ELSE 'warehouse' END, '', 'City ' || n, '', '', 'NL',
    50 + n * 0.05, 4 + n * 0.05, 'UTC', true
FROM generate_series(1, 50) n;

INSERT INTO inventory_zone (location_id, code, name, kind, position)
SELECT l.id, z.code, z.code, z.kind, z.position
FROM inventory_location l,
    (VALUES ('IN', 'receiving', 0), ('A', 'picking', 1), ('S', 'storage', 2))
        AS z(code, kind, position);

INSERT INTO inventory_bin (location_id, zone_id, code, position, is_active)
SELECT z.location_id, z.id, z.code || '-' || lpad(n::text, 5, '0'), n, true
FROM inventory_zone z, generate_series(1, greatest(1, {skus} / 8)) n WHERE z.kind <> 'receiving'
UNION ALL
SELECT location_id, id, 'IN-1', 0, true FROM inventory_zone WHERE kind = 'receiving';

INSERT INTO catalog_sku (code, name, barcode, price, currency, country_of_origin, hs_code,
    tracking, weight_g)
SELECT 'SKU-' || lpad(n::text, 6, '0'),
    (ARRAY['Teapot', 'Mug', 'Kettle', 'Tray', 'Spoon', 'Bowl', 'Strainer', 'Caddy', 'Whisk',
           'Coaster'])[1 + n % 10] || ' ' || n,
    '87' || lpad(n::text, 11, '0'), 5 + n % 90, 'EUR', '', '',
    CASE WHEN n % 10 = 0 THEN 'lot' ELSE 'none' END, 250
FROM generate_series(1, {skus}) n;
INSERT INTO catalog_sku (code, name, barcode, price, currency, country_of_origin, hs_code,
    tracking, weight_g)
SELECT 'SOON-' || n, 'Sold before it is here ' || n, '', 10, 'EUR', '', '', 'none', 250
FROM generate_series(1, 5) n;

INSERT INTO inventory_lot (sku_id, code, expires_on, blocked_at, blocked_reason)
SELECT s.id, s.code || '-' || n,
    current_date + (CASE WHEN n <= 5 THEN s.id / 10 % 60 - 10 + n
                         ELSE -400 - (s.id + n) % 700 END)::int,
    CASE WHEN n = 5 AND s.id % 200 = 0 THEN now() END, ''
FROM catalog_sku s, generate_series(1, 10) n WHERE s.tracking = 'lot';

CREATE TEMP TABLE past AS
SELECT nextval('core_ids') AS level_id, s.id AS sku_id, l.id AS location_id,
    1 + (hashint8(s.id * 97 + l.id) & 1048575) % 19
        + CASE WHEN s.code = 'SKU-000001' THEN {busiest} / 50 ELSE 0 END AS entries,
    CASE WHEN s.id % {skus} < 10 THEN 'IN-1'
         ELSE (ARRAY['A', 'S'])[1 + (s.id % 2)::int] || '-'
              || lpad((1 + (s.id * 7 + l.id) % greatest(1, {skus} / 8))::text, 5, '0') END AS bin,
    CASE WHEN s.tracking = 'lot' THEN s.code || '-' || 1 + (s.id + l.id) % 5 ELSE '' END AS lot,
    CASE WHEN (s.id + l.id) % 20 = 0 THEN 3 ELSE 0 END AS held
FROM catalog_sku s, inventory_location l WHERE s.code LIKE 'SKU-%'
ORDER BY l.id, s.id;
CREATE INDEX ON past (location_id, sku_id);
ALTER TABLE past ADD came int, ADD released int, ADD shipped int;
UPDATE past SET came = 1000 + entries, released = (entries + 7) / 16,
    shipped = (entries - 1) / 2 - (entries + 7) / 16;
ANALYZE past;

INSERT INTO inventory_stocklevel (id, sku_id, location_id, on_hand, reserved, held, safety_stock,
    reorder_point, reorder_up_to, bin)
SELECT level_id, sku_id, location_id, came - shipped, entries / 2 - (entries - 1) / 2, held, 5,
    CASE WHEN sku_id % {skus} < 10 AND location_id % 10 = 0 THEN 5000
         WHEN (sku_id + location_id) % 5 = 0 THEN 400 + (sku_id + location_id) % 590 ELSE 0 END,
    0, bin
FROM past;

INSERT INTO inventory_quant (id, level_id, bin, lot, state, quantity)
SELECT nextval('core_ids'), level_id, bin, lot, 'available', came - shipped - held FROM past
UNION ALL
SELECT nextval('core_ids'), level_id, bin, lot, 'quarantine', held FROM past WHERE held > 0;

INSERT INTO inventory_reservation (id, level_id, quantity, reference, created_at)
SELECT nextval('core_ids'), level_id,
    CASE WHEN n = 1 THEN entries / 2 - (entries - 1) / 2 ELSE 0 END,
    'SO-' || level_id + n, now() - make_interval(days => n % 700)
FROM past, generate_series(1, CASE WHEN entries > 20 THEN entries / 2 ELSE least(3, entries / 2) END) n
ORDER BY n, level_id;

-- What came first, then reserved and shipped in turns, every eighth time released: as the days
-- went by, so that the entries of one level lie far apart.
DO $$
DECLARE turn int;
BEGIN
    FOR turn IN 0..18 LOOP
        INSERT INTO inventory_movement (id, level_id, kind, on_hand_delta, reserved_delta,
            reference, reason, bin, lot, state, actor, happened_at)
        SELECT nextval('core_ids'), level_id,
            CASE WHEN n = 0 THEN 'receive' WHEN n % 2 = 1 THEN 'reserve'
                 WHEN n % 16 = 8 THEN 'release' ELSE 'ship' END,
            CASE WHEN n = 0 THEN came WHEN n % 2 = 1 OR n % 16 = 8 THEN 0 ELSE -1 END,
            CASE WHEN n = 0 THEN 0 WHEN n % 2 = 1 THEN 1 ELSE -1 END,
            'SO-' || level_id + n, '',
            CASE WHEN n % 2 = 1 OR n % 16 = 8 THEN '' ELSE bin END,
            CASE WHEN n % 2 = 1 OR n % 16 = 8 THEN '' ELSE lot END,
            'available', 'system', now() - make_interval(days => 730 - turn * 38)
        FROM past, generate_series(turn * ((entries + 18) / 19), (turn + 1) * ((entries + 18) / 19) - 1) n
        WHERE n < entries
        ORDER BY n, level_id;
    END LOOP;
END $$;
INSERT INTO inventory_movement (id, level_id, kind, on_hand_delta, reserved_delta, reference,
    reason, bin, lot, state, actor, happened_at)
SELECT nextval('core_ids'), level_id, 'restate', sign * held, 0, 'restate', 'Looks odd', bin, lot,
    CASE WHEN sign = 1 THEN 'quarantine' ELSE 'available' END, 'system', now()
FROM past, (VALUES (-1), (1)) AS both_sides(sign) WHERE held > 0;

INSERT INTO inventory_supplier (code, name, email, language, currency, lead_time_days, is_active)
SELECT 'S' || n, 'Supplier ' || n, 's' || n || '@supplier.example', 'en', 'EUR', 7, true
FROM generate_series(1, 200) n;
INSERT INTO inventory_suppliersku (supplier_id, sku_id, supplier_sku, cost, currency,
    minimum_quantity, pack_size, is_preferred)
SELECT 1 + s.id % 200, s.id, '', 3 + s.id % 50, 'EUR', 1, 1, true
FROM catalog_sku s WHERE s.id % 50 <> 0;

CREATE TEMP TABLE asked AS
SELECT nextval('core_ids') AS id, n,
    CASE WHEN n <= 40 THEN 'proposed' WHEN n <= 80 THEN 'sent' WHEN n <= 100 THEN 'acknowledged'
         ELSE 'closed' END AS status
FROM generate_series(1, 100 + {skus}) n;
INSERT INTO inventory_replenishmentorder (id, number, supplier_id, location_id, status, currency,
    note, version, link_revision, expected_on, proposed_at, approved_by, end_reason)
SELECT id, 'RO-' || n, 1 + n % 200, 1 + n % 50, status, 'EUR', '', 1, 1,
    current_date + n % 20, now() - make_interval(days => n % 700), '', ''
FROM asked;
INSERT INTO inventory_replenishmentline (id, order_id, sku_id, supplier_sku, quantity, unit_cost,
    received, rejected, over, is_edited, is_declined, answer_note, why)
SELECT nextval('core_ids'), a.id,
    CASE WHEN l = 5 AND a.n BETWEEN 41 AND 60 THEN {skus} + 1 + a.n % 5
         ELSE 1 + (a.n * 13 + l * 17) % {skus} END,
    '', 50, 3, 0, 0, 0, false, false, '', jsonb_build_object()
FROM asked a, generate_series(1, 5) l;

CREATE TEMP TABLE counted AS
SELECT nextval('core_ids') AS id, n FROM generate_series(1, {skus} / 2) n;
INSERT INTO inventory_stockcount (id, number, location_id, status, is_blind, note, version,
    recounts, requested_by, requested_at, started_at, counted_at, ended_by, ended_at, end_reason)
SELECT id, 'SC-' || n, 1 + n % 50, 'approved', true, '', 1, 0, 'system', day, day, day, 'system',
    day, ''
FROM (SELECT id, n, now() - make_interval(days => n % 400) AS day FROM counted) c;
INSERT INTO inventory_countline (id, count_id, level_id, bin, lot, is_found, is_open, is_disturbed,
    round, expected, counted, corrections, counted_by, counted_at, not_by, first_by)
SELECT nextval('core_ids'), c.id, p.level_id, p.bin, p.lot, false, false, false, 0, 9, 9, 0,
    'system', now() - make_interval(days => c.n % 400), '', ''
FROM counted c JOIN past p
  ON p.location_id = 1 + c.n % 50 AND p.sku_id BETWEEN 1 + (c.n * 10) % {skus}
                                              AND 10 + (c.n * 10) % {skus};

SET session_replication_role = DEFAULT;
