"""The fixed words of what fulfillment prints, in the languages it prints."""

from dataclasses import dataclass, replace

from babel import Locale


@dataclass(frozen=True, kw_only=True)
class Words:
    """One language. Braces are filled in by `fulfillment.letters`."""

    locale: Locale
    title: str
    ship_to: str
    order: str
    our_number: str
    this_package: str
    package: str
    sent_from: str
    quantity: str
    contents: str
    note: str
    unit: str
    units: str
    of_ordered: str
    bin: str
    origin: str
    not_here: str
    waiting: str
    another_parcel: str
    from_place: str
    expected: str
    gift: str
    follow: str
    send_back: str


ENGLISH = Words(
    locale=Locale("en", "GB"),
    title="Packing slip",
    ship_to="Ship to",
    order="Order",
    our_number="Our number",
    this_package="This package",
    package="{k} of {n}",
    sent_from="Sent from",
    quantity="Qty",
    contents="In this package",
    note="Note",
    unit="unit in this package",
    units="units in this package",
    of_ordered="{quantity} of {ordered} ordered",
    bin="Bin {bin}",
    origin="Made in: {country}",
    not_here="Not in this package",
    waiting="Waiting for stock",
    another_parcel="In another parcel",
    from_place="From {place}",
    expected="{where}, expected {day}",
    gift="A note for you",
    follow="Follow your order",
    send_back="Send something back",
)

DUTCH = Words(
    locale=Locale("nl"),
    title="Pakbon",
    ship_to="Verzenden naar",
    order="Bestelling",
    our_number="Ons nummer",
    this_package="Dit pakket",
    package="{k} van {n}",
    sent_from="Verzonden vanuit",
    quantity="Aantal",
    contents="In dit pakket",
    note="Opmerking",
    unit="stuk in dit pakket",
    units="stuks in dit pakket",
    of_ordered="{quantity} van {ordered} besteld",
    bin="Vak {bin}",
    origin="Gemaakt in: {country}",
    not_here="Niet in dit pakket",
    waiting="Wacht op voorraad",
    another_parcel="In een ander pakket",
    from_place="Vanuit {place}",
    expected="{where}, verwacht {day}",
    gift="Een bericht voor u",
    follow="Volg uw bestelling",
    send_back="Iets terugsturen",
)

GERMAN = Words(
    locale=Locale("de"),
    title="Lieferschein",
    ship_to="Lieferadresse",
    order="Bestellung",
    our_number="Unsere Nummer",
    this_package="Dieses Paket",
    package="{k} von {n}",
    sent_from="Versandt aus",
    quantity="Menge",
    contents="In diesem Paket",
    note="Hinweis",
    unit="Stück in diesem Paket",
    units="Stück in diesem Paket",
    of_ordered="{quantity} von {ordered} bestellt",
    bin="Fach {bin}",
    origin="Hergestellt in: {country}",
    not_here="Nicht in diesem Paket",
    waiting="Wartet auf Ware",
    another_parcel="In einem anderen Paket",
    from_place="Aus {place}",
    expected="{where}, voraussichtlich {day}",
    gift="Ein Gruß für Sie",
    follow="Bestellung verfolgen",
    send_back="Etwas zurücksenden",
)

FRENCH = Words(
    locale=Locale("fr"),
    title="Bon de livraison",
    ship_to="Livrer à",
    order="Commande",
    our_number="Notre numéro",
    this_package="Ce colis",
    package="{k} sur {n}",
    sent_from="Expédié de",
    quantity="Qté",
    contents="Dans ce colis",
    note="Remarque",
    unit="article dans ce colis",
    units="articles dans ce colis",
    of_ordered="{quantity} sur {ordered} commandés",
    bin="Emplacement {bin}",
    origin="Fabriqué en : {country}",
    not_here="Pas dans ce colis",
    waiting="En attente de stock",
    another_parcel="Dans un autre colis",
    from_place="De {place}",
    expected="{where}, prévu {day}",
    gift="Un mot pour vous",
    follow="Suivre votre commande",
    send_back="Renvoyer un article",
)

AMERICAN = replace(ENGLISH, locale=Locale("en", "US"))

_LANGUAGES = {words.locale.language: words for words in (ENGLISH, DUTCH, GERMAN, FRENCH)}


def words_for(language: str) -> Words:
    """Return the words of a language tag such as "nl" or "de-AT"; English for any other."""
    name, _, region = language.lower().replace("_", "-").partition("-")
    return AMERICAN if (name, region) == ("en", "us") else _LANGUAGES.get(name, ENGLISH)
