"""Companies and their prices come in by file, and a second time nothing changes."""

from decimal import Decimal

import pytest

from b2b.models import Company, CompanyAddress, CreditAccount, PriceList, PriceListEntry
from oms.core.models import User
from oms.customers.models import Customer
from tests.importing import Files

HEADER = (
    "code,name,email,tax_id,terms_days,credit_limit,currency,"
    "line1,city,region,postal_code,country,sales_rep,price_list"
)
COMPANIES = f"""{HEADER}
C-1,Vermeer,buy@vermeer.example,NL1,14,2500.50,EUR,Delft 12,Delft,,2611,NL,rita,wholesale
C-2,Bar Rembrandt,,,,,USD,,,,,,Eleni Zlotkey,
"""
PRICES = """price_list,sku,price,company,min_quantity,currency,valid_from,valid_until
wholesale,tea,8.50,,,EUR,,
wholesale,tea,8.00,,24,EUR,,
wholesale,tea,7.25,C-1,,EUR,2026-01-01,2026-12-31
export,tea,9.125,,,USD,,
"""


@pytest.fixture
def import_file(tmp_path):
    return Files(tmp_path).bring_in


@pytest.fixture
def catalog(world):
    world.sku("tea")


def test_companies_come_with_terms_credit_address_rep_and_prices(world, import_file):
    rita = world.user("rita", "sales")

    told = import_file("companies", COMPANIES)

    assert "2 added" in told
    company = Company.objects.get(code="C-1")
    assert (company.terms_days, company.sales_rep, company.price_list.code) == (
        14,
        rita,
        "wholesale",
    )
    account = CreditAccount.objects.get(company=company)
    assert (account.limit_amount, account.currency) == (Decimal("2500.500"), "EUR")
    place = CompanyAddress.objects.get(company=company)
    assert (place.address.city, place.is_default) == ("Delft", True)
    assert Customer.objects.get(pk=company.customer_id).external_id == "C-1"
    other = Company.objects.get(code="C-2")
    assert (other.credit.limit_amount, other.credit.currency, other.terms_days) == (None, "USD", 30)


def test_a_sales_rep_without_an_account_gets_one_that_cannot_sign_in(world, import_file):
    world.user("rita", "sales")
    import_file("companies", COMPANIES)

    rep = Company.objects.get(code="C-2").sales_rep
    assert rep.username == "Eleni Zlotkey"
    assert not rep.has_usable_password()
    import_file("companies", COMPANIES)
    assert User.objects.filter(username="Eleni Zlotkey").count() == 1


def test_the_same_file_again_changes_nothing_and_empty_cells_leave_things_alone(world, import_file):
    import_file("companies", COMPANIES)

    assert "2 unchanged" in import_file("companies", COMPANIES)
    told = import_file("companies", "code,name,credit_limit\nC-1,Café Vermeer,\n")

    assert "1 changed" in told
    company = Company.objects.get(code="C-1")
    assert (company.name, company.terms_days) == ("Café Vermeer", 14)
    assert company.credit.limit_amount == Decimal("2500.500")
    assert Customer.objects.get(pk=company.customer_id).name == "Café Vermeer"
    assert (Company.objects.count(), CreditAccount.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C-1,A\nC-1,B", "line 3: code: stands on line 2 already"),
        ("C-1,", "name"),
    ],
)
def test_one_bad_row_stops_the_file(db, import_file, row, reason):
    told = import_file("companies", f"code,name\n{row}\n")
    assert reason in told
    assert Company.objects.count() == 0


def test_an_address_needs_its_country_and_documents_keep_their_currency(office, import_file):
    told = import_file("companies", "code,name,city\nC-9,Nine,Delft\n")
    assert "line 2: country: an address needs its country" in told

    office.buy(tea=1)
    told = import_file("companies", "code,name,currency\nvermeer,Vermeer,USD\n")
    assert "line 2: currency: it has documents in EUR" in told
    assert Company.objects.get().currency == "EUR"


def test_prices_come_by_list_quantity_company_and_day(catalog, import_file):
    import_file("companies", COMPANIES)

    told = import_file("price_lists", PRICES)

    assert "4 added" in told
    assert {each.code: each.currency for each in PriceList.objects.all()} == {
        "wholesale": "EUR",
        "export": "USD",
    }
    assert "4 unchanged" in import_file("price_lists", PRICES)
    told = import_file("price_lists", PRICES.replace("8.00,,24", "7.90,,24"))
    assert "1 changed" in told
    assert PriceListEntry.objects.get(min_quantity=24).unit_price == Decimal("7.90")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("wholesale,nothing,1,,,,,", "line 2: sku: there is no SKU nothing"),
        ("wholesale,tea,1,C-9,,,,", "line 2: company: there is no company C-9"),
        ("wholesale,tea,1,,0,,,", "line 2: min_quantity"),
        ("wholesale,tea,-1,,,,,", "line 2: price"),
        ("wholesale,tea,1,,,,2026-02-01,2026-01-01", "line 2: valid_until: it ends before"),
        ("w,tea,1,,,EUR,,\nw,tea,1,,5,USD,,", "line 3: currency: w is in EUR"),
        ("w,tea,1,,,,,\nw,tea,2,,1,,,", "line 3: valid_from: stands on line 2 already"),
    ],
)
def test_a_price_that_makes_no_sense_names_its_cell(catalog, import_file, row, reason):
    header = PRICES.splitlines()[0]
    assert reason in import_file("price_lists", f"{header}\n{row}\n")
    assert PriceListEntry.objects.count() == 0
