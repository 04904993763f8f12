"""Shapes of what channels and partner warehouses send and get."""

from typing import Any

from rest_framework import serializers

from oms.core.api.fields import AmountField, QuantityField, StrictSerializer, TextField
from returns.states import Condition, Disposition, Reason, Resolution, ReturnStatus

CONDITIONS = {
    "good": Condition.NEW,
    "ok": Condition.NEW,
    "unopened": Condition.NEW,
    "sealed": Condition.NEW,
    "as_new": Condition.NEW,
    "like_new": Condition.NEW,
    "used": Condition.OPENED,
    "broken": Condition.DAMAGED,
    "faulty": Condition.DEFECTIVE,
    "incomplete": Condition.MISSING_PARTS,
}
"""Other words that warehouses use for a condition."""


class ConditionField(serializers.ChoiceField):
    """A condition, by our word or another that means it."""

    def to_internal_value(self, data: Any) -> str:
        word = CONDITIONS.get(data, data) if isinstance(data, str) else data
        return str(super().to_internal_value(word))


class WishIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    reason = TextField(
        max_length=500,
        required=False,
        default=Reason.OTHER,
        allow_blank=True,
        help_text=f"One of {', '.join(Reason.values)}; other words are kept as the comment.",
    )
    comment = TextField(max_length=500, required=False, default="", allow_blank=True)


class ReturnIn(StrictSerializer):
    order = TextField(max_length=32)
    lines = WishIn(many=True, allow_empty=False, max_length=500)
    resolution = serializers.ChoiceField(choices=Resolution.choices, default=Resolution.REFUND)
    note = TextField(max_length=500, required=False, default="", allow_blank=True, lines=True)


class ReasonIn(StrictSerializer):
    reason = TextField(max_length=200, required=False, default="", allow_blank=True)


class UnitsIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()


class ReceiveIn(StrictSerializer):
    lines = UnitsIn(many=True, allow_empty=False, max_length=500)
    location = TextField(max_length=16, required=False, default="", allow_blank=True)


class GradeIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    condition = ConditionField(choices=Condition.choices)
    disposition = serializers.ChoiceField(choices=Disposition.choices)


class InspectIn(StrictSerializer):
    lines = GradeIn(many=True, allow_empty=False, max_length=500)


class CreditIn(StrictSerializer):
    sku = TextField(max_length=64)
    amount = AmountField()


class SettleIn(StrictSerializer):
    lines = CreditIn(many=True, required=False, default=list, max_length=500)
    expected_amount = AmountField(required=False, allow_null=True, default=None)


class GradeOut(serializers.Serializer):  # type: ignore[type-arg]
    quantity = serializers.IntegerField()
    condition = serializers.ChoiceField(choices=Condition.choices)
    disposition = serializers.ChoiceField(choices=Disposition.choices)


class ReturnLineOut(serializers.Serializer):  # type: ignore[type-arg]
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    received = serializers.IntegerField()
    inspected = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=Reason.choices)
    comment = serializers.CharField()
    refund_amount = serializers.CharField()
    grades = GradeOut(many=True)


class ReturnOut(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    order = serializers.CharField()
    status = serializers.ChoiceField(choices=ReturnStatus.choices)
    resolution = serializers.ChoiceField(choices=Resolution.choices)
    location = serializers.CharField()
    refund_amount = serializers.CharField()
    currency = serializers.CharField()
    reason = serializers.CharField(help_text="Why it was approved, declined or cancelled.")
    note = serializers.CharField()
    requested_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    lines = ReturnLineOut(many=True)
    refunds = serializers.ListField(child=serializers.CharField())
