"""The seed article comes out as its accounts: every step of it with gold spans and links, nothing made for it."""

from dataclasses import replace
from pathlib import Path

import pytest

from rasid.infer.actors import ActorTable
from rasid.infer.articles import Article, Metadata
from rasid.infer.claims import claim_tolls
from rasid.infer.claims.facts_of import read_facts
from rasid.infer.facts import Bounds, Claim, Incident
from rasid.infer.formats.brat import read_brat
from rasid.infer.places.gazetteer import Gazetteer

SEED = Path(__file__).parent.parent / "seeds" / "deir-ez-zor.txt"


@pytest.fixture(scope="module")
def seed() -> Article:
    return read_facts(read_brat(SEED).article, Gazetteer.load(), ActorTable.load())


def claim_of(seed: Article, cue: str) -> Claim:
    (claim,) = (claim for claim in seed.claims if cue in claim.cues)
    return claim


def actor_of(seed: Article, mention: str) -> str:
    (actor,) = (actor.id for actor in seed.actors if mention in actor.mentions)
    return actor


def incident(seed: Article) -> Incident:
    (found,) = seed.incidents
    return found


def test_the_coalition_denies_in_title_lede_and_by_its_spokesman_and_denies_the_figures(seed: Article) -> None:
    denial = claim_of(seed, "T2")
    assert (denial.stance, denial.holders) == ("DENY", (actor_of(seed, "T1"),))
    assert {"T2", "T7", "T14", "T24", "T30", "T33", "T66"} <= set(denial.cues)
    assert actor_of(seed, "T6") in denial.targets
    assert claim_tolls(seed)[denial.id] == {"KILLED": Bounds(14, 14), "INJURED": Bounds(32, 32)}
    assert len(denial.evidence) >= 4


def test_the_regimes_war_media_accuse_the_coalition_of_14_killed_and_30_injured(seed: Article) -> None:
    accusation = claim_of(seed, "T47")
    assert (accusation.stance, accusation.targets) == ("ACCUSE", (actor_of(seed, "T49"),))
    assert actor_of(seed, "T48") in accusation.holders
    assert "T50" in accusation.cues
    assert claim_tolls(seed)[accusation.id] == {"KILLED": Bounds(14, 14), "INJURED": Bounds(30, 30)}


def test_the_observatory_reports_22_or_more_killed_by_unidentified_aircraft_in_the_quarter(seed: Article) -> None:
    report = claim_of(seed, "T39")
    assert (report.stance, report.holders, report.places) == ("REPORT", (actor_of(seed, "T38"),), ("T42",))
    assert (report.blamed, report.targets) == ((actor_of(seed, "T41"),), ())
    assert claim_tolls(seed)[report.id] == {"KILLED": Bounds(22, None)}


def test_field_sources_accuse_the_regimes_air_force(seed: Article) -> None:
    accusation = claim_of(seed, "T35")
    assert (accusation.stance, accusation.holders) == ("ACCUSE", (actor_of(seed, "T36"),))
    assert accusation.targets == (actor_of(seed, "T37"),)


def test_the_four_accounts_are_one_contested_incident(seed: Article) -> None:
    one = incident(seed)
    assert {claim_of(seed, cue).id for cue in ("T2", "T47", "T39", "T35")} <= set(one.claims)
    assert (one.place, one.event) == ("T42", "air strike")
    assert (one.killed, one.injured) == (Bounds(14, None), Bounds(30, None))
    assert one.suggested is not None
    assert one.suggested.grade == "contested"


def test_no_other_account_counts_and_the_denied_32_are_nobodys_toll(seed: Article) -> None:
    counting = {claim.id for claim in seed.claims if claim.casualties}
    assert counting == {claim_of(seed, cue).id for cue in ("T2", "T47", "T39")}


def test_its_date_is_the_tuesday_before_publication(seed: Article) -> None:
    assert incident(seed).date is None
    published = replace(seed, metadata=Metadata(published="2017-10-25"))
    dated = incident(read_facts(published, Gazetteer.load(), ActorTable.load()))
    assert (dated.date, dated.date_precision, dated.date_rule) == ("2017-10-24", "day", "weekday")


def test_every_stance_and_casualty_of_it_is_in_a_claim(seed: Article) -> None:
    told = {name for claim in seed.claims for name in (*claim.cues, *claim.casualties)}
    assert told == {span.id for span in seed.spans if span.family in ("STANCE", "CASUALTY")}
