"""Shapes of what is sent about companies, quotes, purchase orders and invoices."""

from typing import Any

from rest_framework import serializers

from b2b.states import AddressKind
from oms.core.api.fields import (
    AmountField,
    CurrencyField,
    QuantityField,
    StrictSerializer,
    TextField,
)
from orders.adapters.native.documents import AddressIn

MOST_LINES = 1_000


class PlaceIn(StrictSerializer):
    kind = serializers.ChoiceField(choices=AddressKind.choices, default=AddressKind.SHIP)
    label = TextField(max_length=100, default="Main")  # type: ignore[assignment]
    address = AddressIn()
    is_default = serializers.BooleanField(default=False)


class TermsIn(StrictSerializer):
    """What may be said of a company, and changed."""

    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    phone = TextField(max_length=40, required=False, allow_blank=True)
    tax_id = TextField(max_length=40, required=False, allow_blank=True)
    currency = CurrencyField(required=False)
    language = serializers.RegexField(r"^[a-z]{2}(-[A-Z]{2})?\Z", required=False)
    terms_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    approval_limit = AmountField(required=False, allow_null=True)
    price_list = TextField(max_length=64, required=False, allow_blank=True)
    sales_rep = TextField(max_length=150, required=False, allow_blank=True)
    auto_accept = serializers.BooleanField(required=False)
    ship_complete = serializers.BooleanField(required=False)


class CompanyIn(TermsIn):
    code = serializers.RegexField(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}\Z")
    name = TextField(max_length=200)
    credit_limit = AmountField(required=False, allow_null=True)
    addresses = PlaceIn(many=True, required=False, max_length=100)


class CompanyChangeIn(TermsIn):
    name = TextField(max_length=200, required=False)
    is_active = serializers.BooleanField(required=False)


class CreditLimitIn(StrictSerializer):
    limit = AmountField(allow_null=True, help_text="null: nothing is checked.")
    is_blocked = serializers.BooleanField(default=False)
    reason = TextField(max_length=200, default="", allow_blank=True)


class CreditOut(serializers.Serializer):  # type: ignore[type-arg]
    limit = serializers.CharField(allow_null=True)
    is_blocked = serializers.BooleanField()
    reserved = serializers.CharField()
    invoiced = serializers.CharField()
    room = serializers.CharField(allow_null=True, help_text="What more may be ordered.")


class PlaceOut(serializers.Serializer):  # type: ignore[type-arg]
    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    address = serializers.DictField()
    is_default = serializers.BooleanField()


class CompanyOut(serializers.Serializer):  # type: ignore[type-arg]
    code = serializers.CharField()
    name = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    tax_id = serializers.CharField()
    currency = serializers.CharField()
    language = serializers.CharField()
    terms_days = serializers.IntegerField()
    approval_limit = serializers.CharField(allow_null=True)
    price_list = serializers.CharField()
    sales_rep = serializers.CharField()
    auto_accept = serializers.BooleanField()
    ship_complete = serializers.BooleanField()
    is_active = serializers.BooleanField()
    credit = CreditOut()
    addresses = PlaceOut(many=True)


class DecisionIn(StrictSerializer):
    reason = TextField(max_length=300, default="", allow_blank=True)


class RequestLineIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    target_price = AmountField(required=False, allow_null=True)
    note = TextField(max_length=300, required=False, allow_blank=True)


class RequestIn(StrictSerializer):
    company = TextField(max_length=32)
    lines = RequestLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    needed_by = serializers.DateField(required=False, allow_null=True)
    note = TextField(max_length=5_000, lines=True, default="", allow_blank=True)


class RequestLineOut(serializers.Serializer):  # type: ignore[type-arg]
    position = serializers.IntegerField()
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    target_price = serializers.CharField(allow_null=True)
    note = serializers.CharField()


class RequestOut(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    company = serializers.CharField()
    status = serializers.CharField()
    needed_by = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    reason = serializers.CharField()
    quotes = serializers.ListField(child=serializers.CharField())
    submitted_at = serializers.DateTimeField()
    lines = RequestLineOut(many=True)


class QuoteLineIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    unit_price = AmountField(required=False, allow_null=True, help_text="Left out: our price.")


class QuoteIn(StrictSerializer):
    company = TextField(max_length=32)
    lines = QuoteLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    request = TextField(max_length=32, required=False, allow_null=True)
    valid_until = serializers.DateField(required=False, allow_null=True)
    note = TextField(max_length=5_000, lines=True, default="", allow_blank=True)
    present = serializers.BooleanField(default=False)


class PresentIn(StrictSerializer):
    valid_until = serializers.DateField(required=False, allow_null=True)


class RevisionIn(StrictSerializer):
    reason = TextField(max_length=300)
    version = serializers.IntegerField(min_value=1, required=False, allow_null=True)


class TakenIn(StrictSerializer):
    position = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=0, max_value=99_999)


class AcceptQuoteIn(StrictSerializer):
    """Without `lines` all of it is taken."""

    version = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    lines = TakenIn(many=True, required=False, max_length=MOST_LINES)
    po_number = TextField(max_length=64, default="", allow_blank=True)
    ship_to = AddressIn(required=False, allow_null=True)


class QuoteLineOut(serializers.Serializer):  # type: ignore[type-arg]
    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    list_price = serializers.CharField(allow_null=True)
    accepted_quantity = serializers.IntegerField()


class QuoteOut(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    company = serializers.CharField()
    request = serializers.CharField(allow_null=True)
    status = serializers.CharField()
    version = serializers.IntegerField()
    currency = serializers.CharField()
    total = serializers.CharField()
    valid_until = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    note = serializers.CharField()
    presented_at = serializers.DateTimeField(allow_null=True)
    purchase_order = serializers.CharField(allow_null=True)
    lines = QuoteLineOut(many=True)


class PurchaseLineIn(StrictSerializer):
    sku = TextField(max_length=64)
    quantity = QuantityField()
    unit_price = AmountField(
        required=False,
        allow_null=True,
        help_text="Left out: the price that was agreed. Another one waits for a person.",
    )
    requested_on = serializers.DateField(required=False, allow_null=True)
    ship_to = AddressIn(required=False, allow_null=True)


class PurchaseOrderIn(StrictSerializer):
    """With `submit` false it stays a draft."""

    company = TextField(max_length=32)
    po_number = TextField(max_length=64, default="", allow_blank=True)
    lines = PurchaseLineIn(many=True, allow_empty=False, max_length=MOST_LINES)
    ship_to = AddressIn(required=False, allow_null=True)
    requested_on = serializers.DateField(required=False, allow_null=True)
    note = TextField(max_length=5_000, lines=True, default="", allow_blank=True)
    sales_rep = TextField(
        max_length=150,
        required=False,
        allow_blank=True,
        help_text="Whose sale it is; left out: the company's sales rep. Not for buyers to say.",
    )
    submit = serializers.BooleanField(default=True)


class AnswerIn(StrictSerializer):
    position = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(
        min_value=0, max_value=99_999, required=False, allow_null=True
    )
    unit_price = AmountField(required=False, allow_null=True)
    expected_on = serializers.DateField(required=False, allow_null=True)
    reason = TextField(max_length=300, default="", allow_blank=True)


class AcceptOrderIn(StrictSerializer):
    """A line without an answer is accepted as it stands; quantity 0 rejects it."""

    lines = AnswerIn(many=True, required=False, max_length=MOST_LINES)


class PurchaseLineOut(serializers.Serializer):  # type: ignore[type-arg]
    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    contract_price = serializers.CharField(allow_null=True)
    price_origin = serializers.CharField()
    requested_on = serializers.DateField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    decision = serializers.CharField()
    reason = serializers.CharField()
    accepted_quantity = serializers.IntegerField(allow_null=True)
    ship_to = serializers.DictField(allow_null=True)


class PurchaseOrderOut(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    company = serializers.CharField()
    po_number = serializers.CharField()
    sales_rep = serializers.CharField()
    status = serializers.CharField()
    issues = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]
    order = serializers.CharField(allow_null=True)
    holds = serializers.ListField(child=serializers.CharField())
    currency = serializers.CharField()
    total = serializers.CharField()
    ship_to = serializers.DictField(allow_null=True)
    requested_on = serializers.DateField(allow_null=True)
    note = serializers.CharField()
    reason = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    invoices = serializers.ListField(child=serializers.CharField())
    lines = PurchaseLineOut(many=True)


class InvoiceIn(StrictSerializer):
    shipment = TextField(max_length=40)


class InvoicePaymentIn(StrictSerializer):
    amount = AmountField()
    reference = TextField(max_length=100)
    method = TextField(max_length=32, default="bank_transfer")
    received_on = serializers.DateField(required=False, allow_null=True)


class CreditNoteIn(StrictSerializer):
    amount = AmountField()
    reason = TextField(max_length=200)


class InvoiceLineOut(serializers.Serializer):  # type: ignore[type-arg]
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = serializers.CharField()
    amount = serializers.CharField()


class PaymentOut(serializers.Serializer):  # type: ignore[type-arg]
    amount = serializers.CharField()
    method = serializers.CharField()
    reference = serializers.CharField()
    received_on = serializers.DateField()


class CreditNoteOut(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    amount = serializers.CharField()
    reason = serializers.CharField()


class InvoiceOut(serializers.Serializer):  # type: ignore[type-arg]
    number = serializers.CharField()
    company = serializers.CharField()
    purchase_order = serializers.CharField()
    po_number = serializers.CharField()
    order = serializers.CharField()
    shipment = serializers.CharField()
    status = serializers.CharField(help_text="`overdue` for an open one past its day.")
    currency = serializers.CharField()
    amount = serializers.CharField()
    other_amount = serializers.CharField()
    paid = serializers.CharField()
    credited = serializers.CharField()
    open = serializers.CharField()
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    has_document = serializers.BooleanField()
    lines = InvoiceLineOut(many=True)
    payments = PaymentOut(many=True)
    credit_notes = CreditNoteOut(many=True)


Said = dict[str, Any]
