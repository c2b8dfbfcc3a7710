"""Rows of an export: golden rows written out by hand for each format, and what each rule switches."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from rasid.infer.articles import Article, Link, Metadata, Span
from rasid.infer.claims.events import EVENT_TYPES
from rasid.infer.errors import ArticleError, InputError
from rasid.infer.exports import (
    AdmitRule,
    DenyRule,
    ExportFormat,
    ExportRules,
    Tally,
    TollRule,
    export_columns,
    export_rows,
)
from rasid.infer.exports.accounts import figure
from rasid.infer.exports.event_types import _TYPES, scheme_event
from rasid.infer.exports.ucdp import prio_grid_cell
from rasid.infer.facts import Actor, Bounds, Casualty, Claim, Facts, Incident, Place, SuggestedReading
from rasid.infer.scheme import CONFLICT


def marked(text: str, *spans: tuple[str, str, str], **keys: Any) -> Article:
    """An article whose spans are given as id, label and words, in the order of the text."""
    made, at = [], 0
    for name, label, words in spans:
        start = text.index(words, at)
        at = start + len(words)
        made.append(Span(name, label, CONFLICT.family_of(label), start, at, words))
    return Article(text, tuple(made), **keys)


DENIED = "نفى التحالف مقتل 40 شخصا في حي الزهور"
ACCUSED = "واتهم الجيش التحالف بمقتل 14 من الأهالي بينهم 3 أطفال وإصابة 30"
TOLD = "وأفاد المرصد بمقتل 22 شخصا على الأقل"
PLACE = Place("L1", "حي الزهور", (), 35.0, 40.0, "SY", "دير الورد", None, "town", 3, "own:7")
INCIDENT = Incident(
    "I1",
    ("C1", "C2", "C3"),
    "L1",
    Bounds(14, None),
    Bounds(30, 30),
    event="air strike",
    date="2021-03-04",
    date_precision="day",
    date_rule="named day",
    suggested=SuggestedReading("contested", "accused and denied"),
)
ARTICLE = marked(
    f"{DENIED}\n{ACCUSED}\n{TOLD}",
    ("S1", "DENY", "نفى"),
    ("M1", "INTL", "التحالف"),
    ("K1", "KILLED", "مقتل 40 شخصا"),
    ("L1", "DISTRICT", "حي الزهور"),
    ("S2", "ACCUSE", "واتهم"),
    ("M2", "STATE", "الجيش"),
    ("M3", "INTL", "التحالف"),
    ("K2", "KILLED", "بمقتل 14"),
    ("M4", "CIVILIAN", "الأهالي"),
    ("K3", "KILLED", "3 أطفال"),
    ("K4", "INJURED", "وإصابة 30"),
    ("S3", "REPORT", "وأفاد"),
    ("M5", "SOURCE", "المرصد"),
    ("K5", "KILLED", "بمقتل 22 شخصا على الأقل"),
    id="a/1",
    metadata=Metadata("2021-03-05", "صحيفة الورد", "https://example.org/1"),
    model="made 1.0",
    facts=Facts(
        casualties=(
            Casualty("K1", "KILLED", Bounds(40, 40), "digits"),
            Casualty("K2", "KILLED", Bounds(14, 14), "digits"),
            Casualty("K3", "KILLED", Bounds(3, 3), "digits", part_of="K2"),
            Casualty("K4", "INJURED", Bounds(30, 30), "digits"),
            Casualty("K5", "KILLED", Bounds(22, None), "at-least"),
        ),
        places=(PLACE,),
        actors=(
            Actor("A1", "التحالف", "INTL", True, ("M1", "M3"), "coalition"),
            Actor("A2", "الجيش", "STATE", True, ("M2",)),
            Actor("A3", "المرصد", "SOURCE", False, ("M5",)),
            Actor("A4", "الأهالي", "CIVILIAN", False, ("M4",)),
        ),
        claims=(
            Claim(
                *("C1", "DENY", "holder", ("S1",), ("A1",), ("A2",), ("K1",), ("L1",)),
                evidence=((0, 37),),
                score=0.9,
            ),
            Claim(
                *("C2", "ACCUSE", "holder", ("S2",), ("A2",), ("A1",), ("K2", "K3", "K4"), (), ("A4",), ("A1",)),
                evidence=((38, 43), (58, 66)),
                score=0.6,
            ),
            Claim("C3", "REPORT", "holder", ("S3",), ("A3",), casualties=("K5",), evidence=((102, 107),), score=0.8),
        ),
        incidents=(INCIDENT,),
    ),
)
OURS = {
    "rasid_article": "a/1",
    "rasid_incident": "I1",
    "rasid_claims": ["C1", "C2", "C3"],
    "rasid_evidence": ["C1:0-37", "C2:38-43", "C2:58-66", "C3:102-107"],
    "rasid_evidence_text": [DENIED, "واتهم", "بمقتل 14", "وأفاد"],
    "rasid_accounts": [
        "C1 DENY التحالف > الجيش: KILLED 40",
        "C2 ACCUSE الجيش > التحالف: KILLED 14, KILLED 3, INJURED 30",
        "C3 REPORT المرصد: KILLED 22+",
    ],
    "rasid_accused": ["التحالف (C2)"],
    "rasid_denied_by": ["التحالف"],
    "rasid_denied_figures": ["KILLED 40"],
    "rasid_killed_low": 14,
    "rasid_injured_low": 30,
    "rasid_injured_high": 30,
    "rasid_event": "air strike",
    "rasid_date": "2021-03-04",
    "rasid_date_precision": "day",
    "rasid_date_rule": "named day",
    "rasid_place": "حي الزهور",
    "rasid_country": "SY",
    "rasid_place_precision": "town",
    "rasid_place_candidates": 3,
    "rasid_gazetteer_id": "own:7",
    "rasid_score": 0.6,
    "rasid_suggested_grade": "contested",
    "rasid_suggested_reason": "accused and denied",
    "rasid_published": "2021-03-05",
    "rasid_outlet": "صحيفة الورد",
    "rasid_url": "https://example.org/1",
    "rasid_model": "made 1.0",
}


def filled(row: dict[str, Any]) -> dict[str, Any]:
    """The cells of a row that are not empty."""
    return {name: cell for name, cell in row.items() if cell is not None and cell != []}


def rows(article: Article, to: str, **rules: Any) -> list[dict[str, Any]]:
    return [filled(row) for row in export_rows([article], ExportFormat(to), ExportRules(**rules))]


def changed(article: Article = ARTICLE, **facts: Any) -> Article:
    return replace(article, facts=replace(article.facts, **facts))


def with_incident(**keys: Any) -> Article:
    return changed(incidents=(replace(INCIDENT, **keys),))


def with_claim(number: int, **keys: Any) -> Article:
    claims = list(ARTICLE.claims)
    claims[number] = replace(claims[number], **keys)
    return changed(claims=tuple(claims))


def test_an_incident_in_acled_columns() -> None:
    assert rows(ARTICLE, "acled") == [
        {
            "event_id_cnty": "a/1#I1",
            "event_date": "2021-03-04",
            "year": 2021,
            "time_precision": 1,
            "disorder_type": "Political violence",
            "event_type": "Explosions/Remote violence",
            "sub_event_type": "Air/drone strike",
            "actor1": "التحالف",
            "inter1": "External/Other forces",
            "actor2": "الأهالي",
            "inter2": "Civilians",
            "civilian_targeting": "Civilian targeting",
            "iso": 760,
            "region": "Middle East",
            "country": "Syria",
            "admin1": "دير الورد",
            "location": "حي الزهور",
            "latitude": 35.0,
            "longitude": 40.0,
            "geo_precision": 1,
            "source": "صحيفة الورد",
            "notes": "C1 DENY التحالف > الجيش: KILLED 40; "
            "C2 ACCUSE الجيش > التحالف: KILLED 14, KILLED 3, INJURED 30; "
            "C3 REPORT المرصد: KILLED 22+; "
            "Suggested reading, not a finding: contested (accused and denied)",
            "fatalities": 14,
            **OURS,
        }
    ]


def test_an_incident_in_ucdp_columns() -> None:
    assert rows(ARTICLE, "ucdp") == [
        {
            "id": "a/1#I1",
            "year": 2021,
            "type_of_violence": 3,
            "dyad_name": "التحالف - Civilians",
            "side_a": "التحالف",
            "side_b": "Civilians",
            "number_of_sources": 1,
            "source_article": "صحيفة الورد, 2021-03-05, https://example.org/1",
            "source_office": "صحيفة الورد",
            "source_date": "2021-03-05",
            "source_original": ["الجيش", "المرصد"],
            "where_prec": 1,
            "where_coordinates": "حي الزهور",
            "adm_1": "دير الورد",
            "latitude": 35.0,
            "longitude": 40.0,
            "geom_wkt": "POINT (40.0 35.0)",
            "priogrid_gid": 180441,
            "country": "Syria",
            "country_id": 652,
            "region": "Middle East",
            "date_prec": 1,
            "date_start": "2021-03-04",
            "date_end": "2021-03-04",
            "deaths_a": 0,
            "deaths_b": 0,
            "deaths_civilians": 14,
            "deaths_unknown": 0,
            "best": 14,
            "low": 14,
            **OURS,
        }
    ]


def test_claims_in_plover_fields() -> None:
    shared = {
        "date": "2021-03-04",
        "link": ["a/1#I1"],
        "rasid_article": "a/1",
        "rasid_voice": "holder",
        "rasid_incidents": ["I1"],
        "rasid_date": "2021-03-04",
        "rasid_date_precision": "day",
        "rasid_suggested_grade": ["contested"],
        "rasid_suggested_reason": ["accused and denied"],
        "rasid_published": "2021-03-05",
        "rasid_outlet": "صحيفة الورد",
        "rasid_url": "https://example.org/1",
        "rasid_model": "made 1.0",
    }
    assert rows(ARTICLE, "plover") == [
        shared
        | {
            "id": "a/1#C1",
            "source": ["التحالف"],
            "source_sector": [""],
            "recipient": ["الجيش"],
            "recipient_sector": [""],
            "event_loc": ["حي الزهور"],
            "event_loc_country": ["SY"],
            "event_loc_latitude": [35.0],
            "event_loc_longitude": [40.0],
            "text": [DENIED],
            "rasid_claim": "C1",
            "rasid_stance": "DENY",
            "rasid_evidence": ["C1:0-37"],
            "rasid_denied_figures": ["KILLED 40"],
            "rasid_score": 0.9,
        },
        shared
        | {
            "id": "a/1#C2",
            "event": "ACCUSE",
            "quad_code": 3,
            "source": ["الجيش"],
            "source_sector": [""],
            "recipient": ["التحالف"],
            "recipient_sector": [""],
            "dead": 14,
            "injured": 30,
            "text": ["واتهم", "بمقتل 14"],
            "rasid_claim": "C2",
            "rasid_stance": "ACCUSE",
            "rasid_evidence": ["C2:38-43", "C2:58-66"],
            "rasid_killed_low": 14,
            "rasid_killed_high": 14,
            "rasid_injured_low": 30,
            "rasid_injured_high": 30,
            "rasid_score": 0.6,
        },
        shared
        | {
            "id": "a/1#C3",
            "source": ["المرصد"],
            "source_sector": [""],
            "dead": 22,
            "text": ["وأفاد"],
            "rasid_claim": "C3",
            "rasid_stance": "REPORT",
            "rasid_evidence": ["C3:102-107"],
            "rasid_killed_low": 22,
            "rasid_score": 0.8,
        },
    ]


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_claims_as_rows_of_their_own(to: str) -> None:
    denial, accusation, report = rows(ARTICLE, to)
    assert accusation == {
        "article": "a/1",
        "claim": "C2",
        "incidents": ["I1"],
        "stance": "ACCUSE",
        "voice": "holder",
        "cues": ["واتهم"],
        "holders": ["الجيش"],
        "holders_ids": ["A2"],
        "holders_types": ["STATE"],
        "holders_sides": [""],
        "targets": ["التحالف"],
        "targets_ids": ["A1"],
        "targets_types": ["INTL"],
        "targets_sides": ["coalition"],
        "blamed": ["التحالف"],
        "blamed_ids": ["A1"],
        "blamed_types": ["INTL"],
        "blamed_sides": ["coalition"],
        "victims": ["الأهالي"],
        "victims_ids": ["A4"],
        "victims_types": ["CIVILIAN"],
        "victims_sides": [""],
        "casualties": ["بمقتل 14", "3 أطفال", "وإصابة 30"],
        "casualty_spans": ["K2", "K3", "K4"],
        "casualty_kinds": ["KILLED", "KILLED", "INJURED"],
        "casualty_rules": ["digits", "digits", "digits"],
        "casualty_part_of": ["", "K2", ""],
        "casualty_lows": [14, 3, 30],
        "casualty_highs": [14, 3, 30],
        "killed_low": 14,
        "killed_high": 14,
        "injured_low": 30,
        "injured_high": 30,
        "evidence_starts": [38, 58],
        "evidence_ends": [43, 66],
        "evidence_texts": ["واتهم", "بمقتل 14"],
        "score": 0.6,
        "incident_events": ["air strike"],
        "incident_dates": ["2021-03-04"],
        "incident_date_precisions": ["day"],
        "suggested_grades": ["contested"],
        "suggested_reasons": ["accused and denied"],
        "published": "2021-03-05",
        "outlet": "صحيفة الورد",
        "url": "https://example.org/1",
        "model": "made 1.0",
    }
    assert (denial["places"], denial["place_latitudes"], denial["place_candidates"]) == (["حي الزهور"], [35.0], [3])
    assert (report["casualty_lows"], report["casualty_highs"], report["killed_low"]) == ([22], [None], 22)


@pytest.mark.parametrize("to", list(ExportFormat))
def test_every_row_has_every_column_in_order(to: ExportFormat) -> None:
    names = [column.name for column in export_columns(to)]
    bare = changed(Article(""), incidents=(Incident("I1", ()),))
    for row in export_rows([ARTICLE, bare], to):
        assert list(row) == names


def test_a_range_gives_no_single_figure() -> None:
    (acled,), (ucdp,) = rows(ARTICLE, "acled", toll=TollRule.RANGE), rows(ARTICLE, "ucdp", toll=TollRule.RANGE)
    assert "fatalities" not in acled
    assert acled["rasid_killed_low"] == 14
    assert "best" not in ucdp
    assert "deaths_civilians" not in ucdp
    assert ucdp["low"] == 14
    assert "dead" not in rows(ARTICLE, "plover", toll=TollRule.RANGE)[1]


def test_the_figures_of_an_incident_are_its_own_range() -> None:
    (row,) = rows(with_incident(killed=Bounds(10, 25)), "ucdp")
    assert (row["low"], row["best"], row["high"]) == (10, 10, 25)
    (row,) = rows(with_incident(killed=None), "acled")
    assert {"fatalities", "rasid_killed_low", "rasid_killed_high"}.isdisjoint(row)


def test_denied_figures_never_stand_among_asserted_ones() -> None:
    assert "killed_low" not in rows(ARTICLE, "csv")[0]
    assert rows(ARTICLE, "csv")[0]["denied_figures"] == ["KILLED 40"]
    lowest = with_claim(0, casualties=("K3",))
    assert rows(lowest, "acled")[0]["fatalities"] == 14


def test_a_denial_kept_is_an_account_like_any_other() -> None:
    assert rows(ARTICLE, "csv", deny=DenyRule.KEEP)[0]["killed_low"] == 40
    denial = rows(ARTICLE, "plover", deny=DenyRule.KEEP)[0]
    assert (denial["event"], denial["quad_code"], denial["dead"]) == ("REJECT", 3, 40)
    low = [replace(each, bounds=Bounds(5, 5)) if each.span == "K1" else each for each in ARTICLE.casualties]
    assert rows(changed(casualties=tuple(low)), "acled", deny=DenyRule.KEEP)[0]["fatalities"] == 5


def test_denials_dropped_are_counted_and_take_their_incidents_with_them() -> None:
    for to, ids in (("csv", ["C2", "C3"]), ("plover", ["a/1#C2", "a/1#C3"])):
        found = rows(ARTICLE, to, deny=DenyRule.DROP)
        assert [row["claim" if to == "csv" else "id"] for row in found] == ids
    (row,) = rows(ARTICLE, "acled", deny=DenyRule.DROP)
    assert "rasid_denied_by" not in row
    tally = Tally()
    alone = with_incident(claims=("C1",))
    assert list(export_rows([alone], ExportFormat.ACLED, ExportRules(deny=DenyRule.DROP), tally)) == []
    assert dict(tally.left_out) == {
        "denials": 1,
        "incidents without a claim that is kept": 1,
        "claims of no incident": 2,
    }


def test_who_admits_a_harm_to_others_did_it_unless_the_rule_says_otherwise() -> None:
    admission = with_claim(1, stance="ADMIT", targets=(), blamed=())
    act = rows(admission, "plover")[1]
    assert (act["event"], act["source"], act["recipient"], act["quad_code"]) == ("ASSAULT", ["الجيش"], ["الأهالي"], 4)
    assert rows(admission, "acled")[0]["actor1"] == "الجيش"
    said = rows(admission, "plover", admit=AdmitRule.STATEMENT)[1]
    assert "event" not in said
    assert "actor1" not in rows(admission, "acled", admit=AdmitRule.STATEMENT)[0]
    assert [row["claim"] for row in rows(admission, "csv", admit=AdmitRule.DROP)] == ["C1", "C3"]


def test_admitting_own_losses_is_no_act() -> None:
    losses = with_claim(1, stance="ADMIT", targets=(), blamed=(), victims=("A2",))
    assert "event" not in rows(losses, "plover")[1]
    assert "actor1" not in rows(losses, "acled")[0]


def test_claims_below_the_least_score_are_left_out_and_gold_ones_stay() -> None:
    tally = Tally()
    kept = list(export_rows([ARTICLE], ExportFormat.CSV, ExportRules(min_score=0.7), tally))
    assert [row["claim"] for row in kept] == ["C1", "C3"]
    assert str(tally) == "1 articles, 3 claims, 1 incidents: 2 rows; left out 1 claims with a score below 0.7"
    assert rows(ARTICLE, "acled", min_score=0.7)[0]["fatalities"] == 22
    assert len(rows(with_claim(1, score=None), "csv", min_score=1.0)) == 1
    with pytest.raises(InputError, match="min-score: expected a number from 0 to 1, found 2"):
        ExportRules(min_score=2)


def test_where_accounts_name_different_doers_no_one_is_the_actor() -> None:
    disputed = with_claim(2, blamed=("A2",))
    (acled,), (ucdp,) = rows(disputed, "acled"), rows(disputed, "ucdp")
    assert "actor1" not in acled
    assert acled["rasid_accused"] == ["التحالف (C2)", "الجيش (C3)"]
    assert {"side_a", "side_b", "type_of_violence", "dyad_name"}.isdisjoint(ucdp)


def test_whom_all_accounts_name_comes_first_and_companions_after() -> None:
    (row,) = rows(with_claim(2, blamed=("A2", "A1")), "acled")
    assert (row["actor1"], row["assoc_actor_1"]) == ("التحالف", ["الجيش"])


@pytest.mark.parametrize(
    ("doer", "victim", "expected"),
    [
        ("A1", "A2", (1, "التحالف", "الجيش")),
        ("A3", "A2", (1, "الجيش", "المرصد")),
        ("A3", "A5", (2, "المرصد", "فصيل")),
        ("A4", "A2", (None, None, None)),
        ("A2", "A2", (None, None, None)),
    ],
)
def test_ucdp_sides_follow_from_one_doer_and_one_victim(
    doer: str, victim: str, expected: tuple[int | None, str | None, str | None]
) -> None:
    claims = (replace(ARTICLE.claims[1], stance="REPORT", targets=(), victims=(victim,), blamed=(doer,)),)
    actors = [replace(each, type="ARMED") if each.id == "A3" else each for each in ARTICLE.actors]
    actors.append(Actor("A5", "فصيل", "ARMED", False, ("M5",)))
    (row,) = rows(changed(claims=claims, actors=tuple(actors), incidents=(replace(INCIDENT, claims=("C2",)),)), "ucdp")
    assert (row.get("type_of_violence"), row.get("side_a"), row.get("side_b")) == expected
    if victim == "A2" and expected[0]:
        side = "deaths_a" if expected[1] == "الجيش" else "deaths_b"
        assert {name: row[name] for name in row if name.startswith("deaths_")} == dict.fromkeys(
            ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"), 0
        ) | {side: 14}


def test_an_unresolved_place_stays_by_name_and_nothing_is_invented() -> None:
    unresolved = changed(places=(Place("L1", "حي الزهور"),))
    (row,) = rows(unresolved, "acled")
    assert row["location"] == "حي الزهور"
    assert {"latitude", "longitude", "geo_precision", "country", "iso", "region", "admin1"}.isdisjoint(row)
    assert rows(changed(places=()), "ucdp")[0]["where_coordinates"] == "حي الزهور"


@pytest.mark.parametrize(
    ("date", "precision", "acled", "ucdp"),
    [
        ("2021-03-04", "day", ("2021-03-04", 2021, 1), ("2021-03-04", "2021-03-04", 1)),
        ("2021-02", "month", (None, 2021, 3), ("2021-02-01", "2021-02-28", 4)),
        ("2021-02", "day", (None, 2021, 3), ("2021-02-01", "2021-02-28", 4)),
        ("2021", "year", (None, 2021, None), ("2021-01-01", "2021-12-31", 5)),
        ("2021-03-05T08:00:00Z", "published", ("2021-03-05", 2021, None), (None, "2021-03-05", None)),
        ("2021-02-30", "day", (None, None, None), (None, None, None)),
        ("أمس", "day", (None, None, None), (None, None, None)),
        (None, None, (None, None, None), (None, None, None)),
    ],
)
def test_a_date_says_no_more_than_its_precision(
    date: str | None, precision: str | None, acled: tuple[Any, ...], ucdp: tuple[Any, ...]
) -> None:
    told = with_incident(date=date, date_precision=precision)
    (row,) = rows(told, "acled")
    assert (row.get("event_date"), row.get("year"), row.get("time_precision")) == acled
    assert row.get("rasid_date") == date
    (row,) = rows(told, "ucdp")
    assert (row.get("date_start"), row.get("date_end"), row.get("date_prec")) == ucdp


def test_an_event_type_that_needs_civilians_is_left_empty_without_them() -> None:
    shot = with_incident(event="shooting")
    assert rows(shot, "acled")[0]["sub_event_type"] == "Attack"
    (row,) = rows(
        changed(shot, claims=(ARTICLE.claims[2],), incidents=(replace(shot.incidents[0], claims=("C3",)),)), "acled"
    )
    assert {"event_type", "sub_event_type", "disorder_type", "civilian_targeting"}.isdisjoint(row)
    assert row["rasid_event"] == "shooting"
    assert scheme_event("Air-Strike") == scheme_event("air strike") != scheme_event("unheard of")


def test_a_claim_that_gives_no_figure_has_none() -> None:
    counts = [replace(each, bounds=Bounds(None, None)) if each.span == "K5" else each for each in ARTICLE.casualties]
    report = rows(changed(casualties=tuple(counts)), "csv")[2]
    assert {"killed_low", "killed_high"}.isdisjoint(report)
    assert report["casualties"] == ["بمقتل 22 شخصا على الأقل"]


def test_a_claim_of_two_places_tells_each_incident_only_of_its_own() -> None:
    text = "قتل الجيش 5 في حي الزهور وقتل 9 من الأهالي في حي الورد"
    spans = (
        ("K1", "KILLED", "قتل"),
        ("M1", "STATE", "الجيش"),
        ("L1", "DISTRICT", "حي الزهور"),
        ("K2", "KILLED", "وقتل 9"),
        ("M2", "CIVILIAN", "الأهالي"),
        ("L2", "DISTRICT", "حي الورد"),
    )
    links = (
        *(Link("R1", "place", "K1", "L1"), Link("R2", "blamed", "K1", "M1")),
        *(Link("R3", "place", "K2", "L2"), Link("R4", "victim", "K2", "M2")),
    )
    told = Claim(
        *("C1", "REPORT", "article", ()),
        casualties=("K1", "K2"),
        places=("L1", "L2"),
        victims=("A2",),
        blamed=("A1",),
        evidence=((0, 3), (25, 31)),
    )
    facts = Facts(
        (Casualty("K1", "KILLED", Bounds(5, 5), "digits"), Casualty("K2", "KILLED", Bounds(9, 9), "digits")),
        actors=(Actor("A1", "الجيش", "STATE", True, ("M1",)), Actor("A2", "الأهالي", "CIVILIAN", False, ("M2",))),
        claims=(told,),
        incidents=(
            Incident("I1", ("C1",), "L1", Bounds(5, 5)),
            Incident("I2", ("C1",), "L2", Bounds(9, 9)),
        ),
    )
    first, second = rows(marked(text, *spans, links=links, id="b", facts=facts), "acled")
    assert (first["fatalities"], first["actor1"], "actor2" in first) == (5, "الجيش", False)
    assert (second["fatalities"], "actor1" in second, second["actor2"]) == (9, False, "الأهالي")
    assert second["rasid_accounts"] == ["C1 REPORT the article: KILLED 9"]


def test_claims_over_spans_without_counts_are_refused_by_name() -> None:
    with pytest.raises(ArticleError, match=r"article a/1: casualty span K1 .* has no count"):
        rows(changed(casualties=()), "csv")


def test_every_event_type_of_the_cue_words_is_placed_in_the_schemes() -> None:
    assert {kind.name for kind in EVENT_TYPES} == set(_TYPES)


def test_figures_read_as_a_person_writes_them() -> None:
    told = [Bounds(14, 14), Bounds(14, 32), Bounds(22, None), Bounds(None, 9), Bounds(None, None), None]
    assert [figure(bounds) for bounds in told] == ["14", "14-32", "22+", "up to 9", "?", "?"]


def test_prio_grid_cells_count_from_the_south_west() -> None:
    assert [prio_grid_cell(-90, -180), prio_grid_cell(-90, -179.4), prio_grid_cell(-89.4, -180)] == [1, 2, 721]
    assert prio_grid_cell(90, 180) == 259200


def test_rows_come_as_articles_do() -> None:
    def articles() -> Iterator[Article]:
        yield ARTICLE
        raise AssertionError("the second article was read before the rows of the first were taken")

    stream = export_rows(articles(), ExportFormat.CSV)
    assert [next(stream)["claim"] for _ in range(3)] == ["C1", "C2", "C3"]
