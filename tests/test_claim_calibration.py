"""Claim scores are how often such claims were right: fitted on dev, kept with the model, applied to what is read."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rasid.infer import Actor, Article, Claim, Facts, Span
from rasid.infer.claims.calibration import CALIBRATION, ClaimCalibration, read_calibration, write_calibration
from rasid.infer.errors import ModelError
from rasid.train.tuning.claim_fitting import fit_claims

TEXT = "قال الجيش"
CALIBRATED = ClaimCalibration(0.5, 1.0, {"REPORT": 0.0, "DENY": -2.0}, -0.5)


def article(stance: str, score: float | None, voice: str = "holder") -> Article:
    """One claim by its only actor; `voice` "article" leaves the actor out."""
    spans = (
        Span("T1", stance, "STANCE", 0, 3, "قال", score),
        Span("T2", "STATE", "ACTOR", 4, 9, "الجيش", score),
    )
    holders = ("A1",) if voice == "holder" else ()
    claim = Claim("C1", stance, voice, ("T1",), holders, evidence=((0, 9),), score=score)
    return Article(TEXT, spans, facts=Facts(actors=(Actor("A1", "الجيش", "STATE", False, ("T2",)),), claims=(claim,)))


def test_stance_voice_and_score_move_a_claims_probability() -> None:
    def probability(stance: str, score: float, voice: str = "holder") -> float:
        (claim,) = CALIBRATED(article(stance, score, voice)).claims
        assert claim.score is not None
        return claim.score

    assert probability("REPORT", 0.9) > probability("REPORT", 0.5) > probability("DENY", 0.5)
    assert probability("REPORT", 0.5) == pytest.approx(1 / (1 + np.exp(-0.5)))
    assert probability("REPORT", 0.5) > probability("REPORT", 0.5, "article")
    assert 0 < probability("DENY", 0.0) < probability("REPORT", 1.0) < 1


def test_claims_of_gold_spans_stay_without_a_score() -> None:
    gold = article("REPORT", None)
    assert CALIBRATED(gold) == gold


def test_a_fit_finds_how_often_claims_were_right() -> None:
    generator = np.random.default_rng(0)
    pairs = []
    for number in range(400):
        stance, share = ("REPORT", 0.8) if number % 2 else ("DENY", 0.2)
        right = generator.random() < share
        gold = article(stance, None) if right else article("OPPOSE", None)
        pairs.append((gold, article(stance, 0.9)))
    fitted = fit_claims(pairs)
    assert fitted is not None
    for stance, share in (("REPORT", 0.8), ("DENY", 0.2)):
        assert fitted(article(stance, 0.9)).claims[0].score == pytest.approx(share, abs=0.06)
    assert fitted.measured["ece_after"] < 0.06 < fitted.measured["ece_before"]


def test_too_few_claims_are_not_fitted() -> None:
    assert fit_claims([(article("REPORT", None), article("REPORT", 0.5))]) is None


def test_a_calibration_is_kept_with_its_model(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) is None
    calibration = replace(CALIBRATED, measured={"claims": 3})
    write_calibration(tmp_path, calibration)
    assert read_calibration(tmp_path) == calibration


@pytest.mark.parametrize("change", [{"slope": "steep"}, {"stances": None}, {"format": 9}, {"more": 1}])
def test_a_file_that_is_no_calibration_is_refused_by_name(tmp_path: Path, change: dict[str, object]) -> None:
    write_calibration(tmp_path, CALIBRATED)
    path = tmp_path / CALIBRATION
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(ModelError, match=r"claims\.json"):
        read_calibration(tmp_path)
