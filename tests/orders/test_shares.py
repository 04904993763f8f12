"""Units by SKU, told by the lines and kits that were ordered."""

from orders.rules.shares import Share, keyed


def test_lines_of_one_sku_fill_up_one_after_another():
    lines = [Share("a", "tea", 2, 2), Share("b", "tea", 3, 1), Share("", "cup", 1, 1)]

    assert keyed(lines, {"tea": 3, "cup": 1}) == {"a": 2, "b": 1}
    assert keyed(lines, {"tea": 2}) == {"a": 1, "b": 1}
    assert keyed(lines, {"tea": 1}) == {"b": 1}


def test_a_kit_is_told_with_its_last_part():
    def kit(tea, cups):
        return [
            Share("kit", "tea", 2, tea, kit=1, per_kit=1),
            Share("kit", "cup", 4, cups, kit=1, per_kit=2),
        ]

    assert keyed(kit(2, 0), {"tea": 2}) == {}
    assert keyed(kit(2, 3), {"cup": 3}) == {"kit": 1}
    assert keyed(kit(2, 4), {"cup": 1}) == {"kit": 1}
