"""Every mention belongs to exactly one actor: the body its words name, the one the article means, or its own."""

from pathlib import Path

import pytest
from actor_articles import actors_of, names, told, voices
from hypothesis import given, settings
from made_articles import articles

from rasid.infer.actors import ActorTable, group_actors, speaks_for
from rasid.infer.articles import Article
from rasid.infer.formats.brat import read_brat

SEED = Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt"


@pytest.fixture(scope="module")
def seed() -> Article:
    return read_brat(SEED).article


def _mentions(article: Article, name: str) -> list[str]:
    (actor,) = [actor for actor in group_actors(article, ActorTable.load()) if actor.name == name]
    return [article.span(mention).text for mention in actor.mentions]


@pytest.mark.parametrize(
    ("name", "count", "among"),
    [
        ("التحالف الدولي", 12, {"التحالف", "القوات", "ناطق باسم قوات التحالف الدولي", "لطائرات التحالف الدولي"}),
        ("الحكومة السورية", 17, {"النظام", "الجيش العربي السوري", "نظام الأسد", "طيران النظام", "الإلام الحربي"}),
        ("تنظيم داعش", 13, {"التنظيم", "عناصر التنظيم", "لتنظيم داعش", "عناصر داعش"}),
        ("المرصد السوري لحقوق الإنسان", 1, {"المرصد السوري لحقوق الإنسان"}),
        ("وكالة فرانس برس", 2, {"لوكالة فرانس برس"}),
        ("رايان ديلون", 2, {"الكولونيل رايان ديلون", "ديلون"}),
        ("سهيل الحسن", 2, {"العميد سهيل الحسن", "الحسن"}),
        ("طائرات غير معلومة الهوية", 1, {"طائرات “غير معلومة الهوية"}),
    ],
)
def test_the_seed_article_has_each_actor_once_with_all_its_mentions(
    seed: Article, name: str, count: int, among: set[str]
) -> None:
    mentions = _mentions(seed, name)
    assert len(mentions) == count
    assert among <= set(mentions)


def test_in_the_seed_article_the_colonel_speaks_for_the_coalition(seed: Article) -> None:
    actors = group_actors(seed, ActorTable.load())
    name = {actor.id: actor.name for actor in actors}
    assert {name[a]: name[b] for a, b in speaks_for(seed, actors).items()} == {"رايان ديلون": "التحالف الدولي"}


@settings(max_examples=60, deadline=None)
@given(articles())
def test_every_mention_belongs_to_exactly_one_actor(article: Article) -> None:
    actors = group_actors(article, ActorTable.load())
    mentions = [mention for actor in actors for mention in actor.mentions]
    assert sorted(mentions) == sorted(span.id for span in article.spans if span.family == "ACTOR")
    assert [actor.id for actor in actors] == [f"A{number}" for number in range(1, len(actors) + 1)]
    speaks_for(article, actors)


@pytest.mark.parametrize(
    ("mention", "owner"),
    [
        ("{STATE:طيران النظام السوري}", "الحكومة السورية"),
        ("{STATE:وقوات الأسد}", "الحكومة السورية"),
        ("{STATE:الإعلام الحربي السوري}", "الحكومة السورية"),
        ("{STATE:وزير الخارجية الروسي}", "روسيا"),
        ("{STATE:الروسيتين}", "روسيا"),
        ("{STATE:للإسرائيليين}", "إسرائيل"),
        ("{STATE:الأمريكية}", "الولايات المتحدة"),
        ("{STATE:أميركا}", "الولايات المتحدة"),
        ("{STATE:مندوب السودان الدائم لدى الأمم المتحدة}", "السودان"),
        ("{STATE:قائد شرطة دمشق}", "الحكومة السورية"),
        ("{STATE:حكومة بنيامين نتنياهو}", "إسرائيل"),
        ("{INTL:مقاتلات التحالف العربي}", "التحالف العربي"),
        ("{INTL:لطيران التحالف بقيادة السعودية}", "التحالف العربي"),
        ("{ARMED:قوات سورية الديموقراطية}", "قوات سوريا الديمقراطية"),
        ("{ARMED:القيادي في حركة حماس}", "حماس"),
        ("{ARMED:المتمردون الحوثيون}", "الحوثيون"),
        ("{ARMED:تنظيم د اعش}", "تنظيم داعش"),
        ("{SOURCE:مراسل قناة الميادين}", "قناة الميادين"),
        ("{PERSON:الرئيس رجب طيب إردوغان}", "رجب طيب أردوغان"),
    ],
)
def test_an_office_an_arm_or_a_spelling_is_its_owner(mention: str, owner: str) -> None:
    assert names(f"تحدث {mention} اليوم.") == [owner]


@pytest.mark.parametrize(
    "mention",
    [
        "{STATE:الرئيس اليمني السابق}",  # out of office
        "{STATE:وحلفاء النظام السوري}",  # around it
        "{ARMED:محور المقاومة}",  # another name that holds the word
        "{ARMED:مقاتلين سعوديين}",  # nationals are not their state
        "{CIVILIAN:الأطفال السوريين}",
        "{STATE:طائرات حربية}",  # nobody's
    ],
)
def test_what_is_not_the_body_stays_an_actor_of_its_own(mention: str) -> None:
    (actor,) = actors_of(f"وقف {mention} قرب {{COUNTRY:سوريا}} {{COUNTRY:ولبنان}}.")
    assert not actor.known
    assert actor.side is None


def test_a_short_form_is_the_long_form_of_the_same_article() -> None:
    assert names("أعلن {INTL:التحالف العربي} ذلك. وقال {INTL:التحالف} إنه مستمر في {COUNTRY:سوريا}.") == [
        "التحالف العربي",
        "التحالف العربي",
    ]
    assert names("قال {ARMED:حزب الله} كذا، وأكدت {ARMED:المقاومة} ذلك قرب {REGION:غزة}.")[1] == "حزب الله"


@pytest.mark.parametrize(
    ("country", "owner"),
    [("سوريا", "التحالف الدولي"), ("اليمن", "التحالف العربي"), ("كندا", "التحالف")],
)
def test_a_short_form_alone_is_decided_by_the_articles_country_or_stays_unknown(country: str, owner: str) -> None:
    assert names(f"قصف {{INTL:التحالف}} مواقع في {{COUNTRY:{country}}}.") == [owner]


def test_a_body_is_called_again_by_its_noun() -> None:
    text = "قالت {ARMED:حماس} إن {STATE:الجيش اللبناني} بعيد. وأضافت {ARMED:الحركة} أن {STATE:الجيش} لم يصل."
    assert names(text) == ["حماس", "لبنان", "حماس", "لبنان"]


def test_its_forces_are_its_own() -> None:
    assert names("تقدمت {STATE:القوات الروسية} وقصفت {STATE:مدفعيتها} التلال.") == ["روسيا", "روسيا"]


def test_unnamed_planes_are_never_laid_at_a_states_door() -> None:
    text = "قالت {STATE:روسيا} إن {STATE:الجيش الروسي} انسحب، وأكدت {STATE:موسكو} ذلك. وقصفت {STATE:طائرات} القرية."
    assert names(text)[3] == "طائرات"
    assert names(text.replace("{STATE:طائرات}", "{STATE:الطائرات}"))[3] == "روسيا"


def test_the_government_is_the_countrys_unless_another_state_is_spoken_of_more() -> None:
    assert names("أغلقت {STATE:الشرطة} الطريق في {TOWN:بغداد}.") == ["العراق"]
    text = "قالت {STATE:تركيا} {STATE:وأنقرة} ذلك. وأغلقت {STATE:الشرطة} الطريق في {TOWN:بغداد}."
    assert names(text)[2] == "الشرطة"


def test_a_person_is_one_under_short_names_spellings_and_bynames_but_not_with_a_namesake() -> None:
    text = "قال {PERSON:العقيد سامر الحلو} ذلك، وأضاف {PERSON:الحلو} أنه لم ير {PERSON:نادر الحلو}."
    assert names(text) == ["سامر الحلو", "سامر الحلو", "نادر الحلو"]
    assert len(actors_of("وصل {PERSON:أوليغ غرابين} ثم غادر {PERSON:جرابين}.")) == 1
    assert len(actors_of("قتل {PERSON:كريم بن ناصر}، المكنى {PERSON:أبا تراب}.")) == 1


def test_a_class_of_people_is_one_actor_by_its_folded_form() -> None:
    text = "فر {CIVILIAN:مدنيون}، وقال {SOURCE:شهود عيان} إن {CIVILIAN:المدنيين} عادوا. وأكد {SOURCE:شهود عيان} ذلك."
    assert [len(actor.mentions) for actor in actors_of(text)] == [2, 2]


def test_an_unknown_actor_is_named_without_particles_and_titles() -> None:
    text = "قالت {ARMED:لجنة الوادي} ذلك {SOURCE:لصحيفة النهر}. وانضم {PERSON:المقدم رامز سعد} {ARMED:للجنة الوادي}."
    assert names(text) == ["لجنة الوادي", "صحيفة النهر", "رامز سعد", "لجنة الوادي"]


def test_a_name_in_brackets_is_the_actor_before_it() -> None:
    assert len(actors_of("قالت {SOURCE:وكالة أنباء الوادي} ({SOURCE:وان}) ذلك.")) == 1


def test_who_holds_an_office_speaks_for_its_body_and_who_held_it_does_not() -> None:
    assert voices("قال {ARMED:المتحدث باسم حركة طالبان}، {PERSON:ذبيح الله مجاهد}، ذلك.") == {
        "ذبيح الله مجاهد": "طالبان"
    }
    assert voices("قال {PERSON:دميتري بيسكوف} {STATE:السكرتير الصحفي للرئيس الروسي} ذلك.") == {"دميتري بيسكوف": "روسيا"}
    assert voices("قال {STATE:الوزير العراقي السابق} {PERSON:حسن كامل} ذلك.") == {}
    assert voices("قال {STATE:الوزير العراقي السابق} - {PERSON:حسن كامل} - ذلك.") == {}
    assert voices("دعا {STATE:العراق} {PERSON:حسن كامل} إلى الحوار.") == {}


def test_a_description_beside_a_name_is_the_person() -> None:
    assert names("قال {SOURCE:الصحافي الأميركي} {PERSON:تيم راسل} ذلك.") == ["تيم راسل", "تيم راسل"]


def test_places_already_resolved_decide_before_their_names() -> None:
    from dataclasses import replace

    from rasid.infer.facts import Facts, Place

    article = told("قصف {INTL:التحالف} بلدة {TOWN:الصفصاف}.")
    place = Place("T2", "الصفصاف", country="YE")
    resolved = replace(article, facts=Facts(places=(place,)))
    assert group_actors(article, ActorTable.load())[0].name == "التحالف"
    assert group_actors(resolved, ActorTable.load())[0].name == "التحالف العربي"
