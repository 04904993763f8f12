"""People who buy from the tea house: names and addresses as they might be."""

import unicodedata
from dataclasses import dataclass
from random import Random

from oms.customers.addresses import Address
from oms.customers.services import CustomerDetails


@dataclass(frozen=True)
class Country:
    """What people are called there, and where they live: city, region, postal code."""

    code: str
    share: int
    language: str
    firsts: str
    lasts: str
    streets: tuple[str, ...]
    cities: tuple[tuple[str, str, str], ...]
    number_first: bool = False


COUNTRIES = (
    Country("NL", 30, "nl",
            "Sanne Daan Lotte Bram Femke Joris Roos Thijs Maaike Ruben Inge Pieter",
            "Visser Smit Bos Mulder Dekker Kok Jacobs Peters Hendriks Brouwer Vos Kuiper",
            ("Prinsengracht", "Kerkstraat", "Dorpsstraat", "Lindelaan", "Oudegracht"),
            (("Amsterdam", "", "1016 GV"), ("Utrecht", "", "3511 LZ"), ("Rotterdam", "", "3012 CN"),
             ("Groningen", "", "9711 LM"), ("Delft", "", "2611 RR"), ("Leiden", "", "2312 JD"))),
    Country("DE", 20, "de",
            "Jonas Lena Felix Marie Paul Clara Emil Greta Anton Hanna Moritz Ida",
            "Weber Schulz Hoffmann Wagner Becker Koch Richter Klein Wolf Neumann Braun Krüger",
            ("Lindenstraße", "Gartenweg", "Hauptstraße", "Goethestraße", "Am Markt"),
            (("Leipzig", "", "04109"), ("Berlin", "", "10115"), ("Hamburg", "", "20095"),
             ("Dresden", "", "01067"), ("Köln", "", "50667"), ("München", "", "80331"))),
    Country("BE", 9, "nl",
            "Robin Elke Wout Lies Jef Nele Stijn An",
            "Peeters Janssens Maes Claes Wouters Goossens",
            ("Molenstraat", "Stationsstraat", "Kloosterlaan"),
            (("Antwerp", "", "2000"), ("Ghent", "", "9000"), ("Leuven", "", "3000"))),
    Country("FR", 9, "fr",
            "Claire Hugo Manon Louis Camille Jules Chloé Théo",
            "Dubois Laurent Moreau Girard Roux Fontaine Lambert",
            ("Rue des Carmes", "Rue Victor Hugo", "Avenue de la Gare"),
            (("Rouen", "", "76000"), ("Paris", "", "75011"), ("Lyon", "", "69002"),
             ("Lille", "", "59000")), True),
    Country("US", 18, "en",
            "Grace Marcus Olivia Noah Emma Ethan Ava Caleb Nora Wyatt Ruth Owen",
            "Miller Reed Carter Brooks Hayes Foster Bennett Cole Walsh Porter Ellis Grant",
            ("Court Street", "Pine Avenue", "Maple Drive", "Main Street", "Elm Street"),
            (("Brooklyn", "NY", "11201"), ("Boston", "MA", "02118"), ("Chicago", "IL", "60614"),
             ("Portland", "OR", "97205"), ("Seattle", "WA", "98101"), ("Austin", "TX", "78701"),
             ("San Francisco", "CA", "94110")), True),
    Country("GB", 6, "en",
            "Henry Alice Oscar Freya Arthur Isla", "Clarke Hughes Wood Palmer Webb Marsh",
            ("Castle Street", "Mill Lane", "High Street"),
            (("Bristol", "", "BS1 3XD"), ("London", "", "N1 9GU"), ("Leeds", "", "LS1 4DY")), True),
    Country("AT", 4, "de", "Lukas Anna Jakob Lea", "Gruber Huber Steiner Moser",
            ("Getreidegasse", "Ringstraße"), (("Salzburg", "", "5020"), ("Vienna", "", "1010"))),
    Country("DK", 4, "en", "Ida Emil Freja Oliver", "Holm Lund Bach Krogh",
            ("Vesterbrogade", "Nørregade"), (("Copenhagen", "", "1620"), ("Aarhus", "", "8000"))),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody with an address, the same for the same number."""

    details: CustomerDetails
    address: Address


def person(nth: int) -> Person:
    """Return the nth of the people who buy here."""
    dice = Random(f"person {nth}")  # noqa: S311 (drawn again alike, not kept secret)
    [country] = dice.choices(COUNTRIES, [each.share for each in COUNTRIES])
    first, last = dice.choice(country.firsts.split()), dice.choice(country.lasts.split())
    city, region, postal_code = dice.choice(country.cities)
    street, house = dice.choice(country.streets), dice.randint(1, 180)
    return Person(
        CustomerDetails(
            name=f"{first} {last}",
            external_id=f"p-{nth}",
            email=f"{_plain(first)}.{_plain(last)}{nth}@example.com",
            language=country.language,
        ),
        Address(
            name=f"{first} {last}",
            line1=f"{house} {street}" if country.number_first else f"{street} {house}",
            city=city,
            region=region,
            postal_code=postal_code,
            country=country.code,
        ),
    )


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold())
    return parts.encode("ascii", "ignore").decode()
