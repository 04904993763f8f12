"""Where Amazon sells, and what is paid there."""

_CURRENCIES = {
    "USD": "ATVPDKIKX0DER",
    "CAD": "A2EUQ1WTGCTBG2",
    "MXN": "A1AM78C64UM0Y8",
    "BRL": "A2Q3Y263D00KWC",
    "GBP": "A1F83G8C2ARO7P",
    "EUR": "A1PA6795UKMFR9 A13V1IB3VIYZZH APJ6JRA9NG5V4 A1RKKUPIHCS9HS A1805IZSGTT6HS "
    "AMEN7PMS3EDWL A28R8C7NBKEWEA",
    "SEK": "A2NODRKZP88ZB9",
    "PLN": "A1C3SOZRARQ6R3",
    "EGP": "ARBP9OOSHTCHU",
    "TRY": "A33AVAJ2PDY3EV",
    "SAR": "A17E79C6D8DWNP",
    "AED": "A2VIGQ35RCS4UG",
    "INR": "A21TJRUUN4KGV",
    "ZAR": "AE08WJ6YKNBMC",
    "SGD": "A19VAU5U5O7RUS",
    "AUD": "A39IBJ37TRP1C6",
    "JPY": "A1VC38T7YXB528",
}
CURRENCY = {
    marketplace: currency
    for currency, marketplaces in _CURRENCIES.items()
    for marketplace in marketplaces.split()
}

TAX_ON_TOP = {"USD", "CAD"}
"""Where prices are shown without tax. Everywhere else the tax that is stated is in the price."""
