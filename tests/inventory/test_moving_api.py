"""Partner warehouses move, hold, free and scrap units, once for a key."""

from inventory.models import Quant
from tests.inventory.test_moving import put

HERE = {"location": "rotterdam", "sku": "tea"}


def lying():
    rows = Quant.objects.order_by("state", "bin")
    return [(each.state, each.bin, each.quantity) for each in rows]


def post(client, path, key, **said):
    return client.post(
        f"/api/v1/stock/{path}/", {**HERE, **said}, format="json", headers={"Idempotency-Key": key}
    )


def test_each_act_is_done_once_for_its_key(world):
    put(world, 9, "A")
    client = world.api()

    for status in (201, 200):
        assert (
            post(client, "moves", "1", quantity=4, from_bin="A", to_bin="B").status_code == status
        )
        held = post(client, "holds", "2", quantity=2, state="damaged", reason="wet", bin="B")
        assert held.status_code == status, held.json()
        free = post(client, "frees", "3", quantity=1, state="damaged", reason="dry")
        assert free.status_code == status
        assert (
            post(client, "scraps", "4", quantity=1, state="damaged", reason="x").status_code
            == status
        )

    assert lying() == [("available", "A", 5), ("available", "B", 3)]


def test_what_is_not_there_or_not_theirs_is_refused(world):
    put(world, 2, "A", at="leipzig")
    world.location("rotterdam")
    partner = world.api(user=world.user("lee", role="warehouse", at=["rotterdam"]))
    reader = world.api(scopes=["orders"])

    foreign = post(partner, "moves", "1", location="leipzig", quantity=1, from_bin="A", to_bin="B")
    gone = post(world.api(), "moves", "2", location="leipzig", quantity=3, from_bin="A", to_bin="B")
    strange = post(world.api(), "holds", "3", quantity=1, state="picked", reason="x")

    assert (foreign.status_code, foreign.json()["type"].rpartition("/")[2]) == (
        404,
        "location_not_found",
    )
    assert (gone.status_code, strange.status_code) == (409, 400)
    assert post(reader, "scraps", "4", quantity=1, reason="x").status_code == 403
    assert lying() == [("available", "A", 2)]
