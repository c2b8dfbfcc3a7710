"""Promises of the places that location spans are resolved to."""

from pathlib import Path

from rasid.infer.articles import Article, Link, Span
from rasid.infer.facts import Facts, Place
from rasid.infer.formats.brat import read_brat
from rasid.infer.places.entries import distance_km
from rasid.infer.places.gazetteer import Gazetteer
from rasid.infer.places.resolving import resolve_places

SEEDS = Path(__file__).parents[1] / "seeds"
DEIR_EZ_ZOR = (35.336, 40.14)


def article_of(text: str, *spans: tuple[str, str], within: tuple[tuple[int, int], ...] = ()) -> Article:
    """An article with spans given as (words, label), each found after the one before it."""
    made, start = [], 0
    for number, (words, label) in enumerate(spans, start=1):
        start = text.index(words, start)
        made.append(Span(f"T{number}", label, "LOCATION", start, start + len(words), words))
        start += len(words)
    links = tuple(Link(f"R{i}", "within", f"T{inner}", f"T{outer}") for i, (inner, outer) in enumerate(within, start=1))
    return Article(text=text, spans=tuple(made), links=links)


def resolved(article: Article) -> tuple[Place, ...]:
    return resolve_places(article, Gazetteer.load())


def away_km(place: Place, latitude: float, longitude: float) -> float:
    assert place.latitude is not None
    assert place.longitude is not None
    return distance_km((place.latitude, place.longitude), (latitude, longitude))


def test_every_place_of_the_seed_article_is_where_it_is() -> None:
    article = read_brat(SEEDS / "deir-ez-zor.txt").article
    places = resolved(article)
    assert [place.span for place in places] == [span.id for span in article.spans if span.family == "LOCATION"]
    assert {place.country for place in places} == {"SY"}
    assert all(away_km(place, *DEIR_EZ_ZOR) < 70 for place in places if place.precision != "country")
    Article(article.text, article.spans, article.links, facts=Facts(places=places))


def test_the_quarter_of_the_seed_article_is_not_its_namesake_elsewhere() -> None:
    places = {place.span: place for place in resolved(read_brat(SEEDS / "deir-ez-zor.txt").article)}
    for span in ("T3", "T42"):
        assert away_km(places[span], *DEIR_EZ_ZOR) < 5
        assert places[span].candidates >= 3
        assert places[span].precision == "district"
    assert places["T3"].within == ("T4",)


def test_the_container_decides_between_namesakes() -> None:
    text = "قصف على {} في {} أمس."
    for town, point in (("حمص", (34.73, 36.71)), ("دمشق", (33.51, 36.29)), ("دير الزور", DEIR_EZ_ZOR)):
        article = article_of(
            text.format("حي القصور", town), ("حي القصور", "DISTRICT"), (town, "TOWN"), within=((1, 2),)
        )
        assert away_km(resolved(article)[0], *point) < 10


def test_one_name_may_mean_two_places_if_the_text_says_so() -> None:
    article = article_of(
        "قصف على حي القصور في حمص، وآخر على حي القصور في دير الزور.",
        ("حي القصور", "DISTRICT"),
        ("حمص", "TOWN"),
        ("حي القصور", "DISTRICT"),
        ("دير الزور", "TOWN"),
        within=((1, 2), (3, 4)),
    )
    first, _, second, _ = resolved(article)
    assert away_km(first, 34.73, 36.71) < 10
    assert away_km(second, *DEIR_EZ_ZOR) < 10


def test_a_mention_without_container_means_what_the_other_mention_means() -> None:
    article = article_of(
        "انفجار في حي القصور بحمص.\nوقال سكان حي القصور إنهم سمعوا دويا، وكذلك سكان دير الزور.",
        ("حي القصور", "DISTRICT"),
        ("بحمص", "TOWN"),
        ("حي القصور", "DISTRICT"),
        ("دير الزور", "TOWN"),
        within=((1, 2),),
    )
    first, _, again, _ = resolved(article)
    assert again.gazetteer_id == first.gazetteer_id
    assert away_km(again, 34.73, 36.71) < 10


def test_the_country_an_article_is_about_decides_between_namesakes() -> None:
    for adjective, country in (("اللبنانية", "LB"), ("الليبية", "LY")):
        text = f"قالت السلطات {adjective} إن طرابلس هادئة، ونفت الحكومة {adjective} وقوع اشتباكات."
        assert [place.country for place in resolved(article_of(text, ("طرابلس", "TOWN")))] == [country]


def test_an_unknown_quarter_takes_the_place_of_its_town() -> None:
    article = article_of(
        "غارة على حي الخزفوطين في الموصل.", ("حي الخزفوطين", "DISTRICT"), ("الموصل", "TOWN"), within=((1, 2),)
    )
    quarter, town = resolved(article)
    assert (quarter.latitude, quarter.longitude) == (town.latitude, town.longitude)
    assert (quarter.precision, quarter.candidates, quarter.gazetteer_id) == ("town", 0, None)


def test_an_unknown_town_stays_without_coordinates() -> None:
    article = article_of("وصلت القافلة إلى بلدة خزفوطينا.", ("بلدة خزفوطينا", "TOWN"))
    (place,) = resolved(article)
    assert (place.latitude, place.longitude, place.precision, place.country) == (None, None, None, None)
    assert place.candidates == 0
    assert place.name == "بلدة خزفوطينا"


def test_the_name_is_that_of_the_text_without_particles() -> None:
    (place,) = resolved(article_of("اشتباكات بمدينة تعز.", ("بمدينة تعز", "TOWN")))
    assert place.name == "مدينة تعز"


def test_a_hospital_named_after_a_town_is_not_taken_for_the_town() -> None:
    article = article_of(
        "نقل الجرحى إلى مستشفى الكوفة في تعز.", ("مستشفى الكوفة", "SITE"), ("تعز", "TOWN"), within=((1, 2),)
    )
    hospital, town = resolved(article)
    assert hospital.country == "YE"
    assert (hospital.latitude, hospital.precision) == (town.latitude, "town")


def test_descriptions_are_read_as_what_they_stand_for() -> None:
    article = article_of(
        "من العاصمة اليمنية إلى الأراضي السورية.", ("العاصمة اليمنية", "TOWN"), ("الأراضي السورية", "COUNTRY")
    )
    capital, country = resolved(article)
    assert away_km(capital, 15.35, 44.21) < 20
    assert (country.country, country.precision) == ("SY", "country")


def test_a_part_of_a_region_is_at_the_regions_precision() -> None:
    (place,) = resolved(article_of("معارك في ريف حلب الشرقي.", ("ريف حلب الشرقي", "REGION")))
    assert (place.country, place.precision) == ("SY", "region")


def test_a_sea_lies_in_no_country() -> None:
    (place,) = resolved(article_of("سفينة في البحر الأحمر.", ("البحر الأحمر", "NATURAL")))
    assert place.country is None
    assert place.latitude is not None
