"""Commands that people and programs outside call."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from oms.catalog.models import Sku
from oms.channels.models import ApiKey, Channel
from oms.channels.selectors import secrets_in_force
from oms.channels.services import principal_of
from oms.customers.models import Customer
from tests.importing import Files

PRODUCTS = """sku,name,barcode,price,currency,weight_g,country_of_origin,tracking
TEA-01,Green tea,4006381333931,4.505,EUR,100,LK,lot
TEA-02,Black tea,,,,,,
"""


def said(*command):
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_a_channel_is_opened_with_a_key_for_orders_and_returns(db):
    answer = json.loads(said("create_channel", "web", "--name", "Web shop", "--json"))

    assert answer.keys() == {"slug", "key"}
    assert answer["slug"] == "web"
    principal = principal_of(key=answer["key"])
    assert (principal.channel.slug, principal.scopes) == ("web", {"orders", "returns"})
    channel = Channel.objects.get(slug="web")
    assert (channel.name, channel.adapter) == ("Web shop", "native")
    assert secrets_in_force(channel.pk, at=timezone.now()) == []


def test_a_channel_gets_the_scopes_and_the_adapter_it_asks_for(db):
    options = ("--adapter", "shopify", "--secret", "s3cret", "--scope", "stock", "--scope", "b2b")
    answer = json.loads(said("create_channel", "web", "--name", "Web", *options, "--json"))

    assert principal_of(key=answer["key"]).scopes == {"stock", "b2b"}
    channel = Channel.objects.get(slug="web")
    assert channel.adapter == "shopify"
    assert secrets_in_force(channel.pk, at=timezone.now()) == ["s3cret"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("web", "--name", "Web"), "There is a channel web already."),
        (("Web Shop", "--name", "Web"), "'Web Shop' cannot be a channel's slug: use up to 64"),
        (("new", "--name", "New", "--scope", "everything"), "No such scope: everything."),
        (("new", "--name", "New", "--adapter", "ebay"), "No such adapter: ebay. Known are native"),
        (("new", "--name", " "), "The name must not be empty."),
    ],
)
def test_a_channel_that_cannot_be_opened_is_refused_in_one_sentence(world, options, sentence):
    world.channel("web")
    keys = ApiKey.objects.count()

    with pytest.raises(CommandError) as refused:
        call_command("create_channel", *options)

    assert str(refused.value).startswith(sentence)
    assert [channel.slug for channel in Channel.objects.all()] == ["web"]
    assert ApiKey.objects.count() == keys


def test_a_user_gets_a_key(world):
    world.user("kim")

    answer = json.loads(said("create_api_key", "--user", "kim", "--scope", "stock", "--json"))

    assert answer.keys() == {"user", "key"}
    principal = principal_of(key=answer["key"])
    assert (principal.username, principal.scopes, principal.channel) == ("kim", {"stock"}, None)


def test_a_key_for_nobody_is_refused_in_one_sentence(db):
    with pytest.raises(CommandError, match=r"^There is no active user kim\.$"):
        call_command("create_api_key", "--user", "kim")


def test_products_come_in_by_their_code(db, tmp_path):
    files = Files(tmp_path)

    assert files.bring_in("products", PRODUCTS) == "products: 2 rows read, 0 bad.\n2 added.\n"

    tea = Sku.objects.get(code="TEA-01")
    assert (tea.barcode, str(tea.price), tea.currency, tea.weight_g, tea.tracking) == (
        "4006381333931",
        "4.505000",
        "EUR",
        100,
        "lot",
    )
    again = "products: 2 rows read, 0 bad.\n0 added, 2 unchanged.\n"
    assert files.bring_in("products", PRODUCTS) == again


def test_a_barcode_belongs_to_one_product(db, tmp_path):
    files = Files(tmp_path)
    files.bring_in("products", PRODUCTS)

    assert files.bring_in("products", "sku,name,barcode\nCUP,Cup,4006381333931\n") == (
        "products: 1 rows read, 1 bad.\n"
        "line 2: barcode: 4006381333931 is the barcode of TEA-01.\n"
        "Nothing was written.\n"
    )
    assert not Sku.objects.filter(code="CUP").exists()


def test_barcodes_may_be_swapped_in_one_file(db, tmp_path):
    files = Files(tmp_path)
    files.bring_in("products", "sku,name,barcode\nA,A,1\nB,B,2\n")

    files.bring_in("products", "sku,name,barcode\nA,A,2\nB,B,1\n")

    assert list(Sku.objects.order_by("code").values_list("barcode", flat=True)) == ["2", "1"]


def test_customers_come_in_for_one_channel(world, tmp_path):
    world.channel("web")
    files = Files(tmp_path)
    text = "external_id,name,email,line1,city,country\nc1,Ann,a@example.com,Laan 1,Gouda,NL\n"

    first = files.bring_in("customers", text, "--channel", "web")
    again = files.bring_in("customers", text, "--channel", "web")

    assert first == "customers: 1 rows read, 0 bad.\n1 added.\n"
    assert again == "customers: 1 rows read, 0 bad.\n0 added, 1 unchanged.\n"
    ann = Customer.objects.get()
    assert (ann.origin, ann.external_id, ann.email, ann.address.city) == (
        "web",
        "c1",
        "a@example.com",
        "Gouda",
    )
