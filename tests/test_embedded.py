"""The model that ships reads the seed article, which it was not trained on, offline and by reading."""

import json
from pathlib import Path

import pytest

from rasid.infer import Predictor
from rasid.infer.articles import Article
from rasid.infer.formats.brat import read_brat
from rasid.infer.model_folder import EMBEDDED, EMBEDDED_ENCODER, read_info
from rasid.infer.scheme import CONFLICT
from rasid.train.judging.scoring import score_spans

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture(scope="module")
def gold() -> Article:
    return read_brat(SEEDS / "deir-ez-zor.txt", CONFLICT).article


@pytest.fixture(scope="module")
def read(gold: Article) -> Article:
    return Predictor.load(device="cpu", precision="fp32").predict(gold.without_annotation())


def test_it_finds_actors_locations_casualties_and_stances(gold: Article, read: Article) -> None:
    scores = score_spans([gold], [read])
    for family in CONFLICT.families:
        assert scores.by_family[family].tp >= 3, family
    assert scores.family_overall.f1 >= 0.5


def test_it_reads_to_the_end(gold: Article, read: Article) -> None:
    assert read.characters_read == len(gold.text)
    assert read.spans[-1].end_char > 0.9 * len(gold.text)


def test_it_reads_by_context_and_not_by_a_list_of_the_seeds_strings() -> None:
    text = (
        "اتهمت وزارة الصحة جيش الاحتلال بقتل 17 شخصا وإصابة 45 آخرين في بلدة كفر زيتا، فيما نفى الناطق باسم الجيش ذلك."
    )
    found = {(span.family, span.text) for span in Predictor.load(device="cpu").predict(text).spans}
    assert ("CASUALTY", "وإصابة 45 آخرين") in found
    assert {family for family, _ in found} == set(CONFLICT.families)


@pytest.mark.parametrize("folder", [EMBEDDED, EMBEDDED_ENCODER])
def test_it_ships_as_half_precision_safetensors_with_a_card(folder: Path) -> None:
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "pt") as weights:
        assert {str(weights.get_slice(name).get_dtype()) for name in weights.keys()} == {"F16"}  # noqa: SIM118  # a safetensors handle is no dict and cannot be iterated
    card = (folder / "README.md").read_text("utf-8")
    for word in ("non-commercial", "SaudiNewsNet", "F1"):
        assert word in card
    assert sum(path.stat().st_size for path in folder.iterdir()) < 26_000_000


def test_its_calibration_and_its_origin_are_recorded() -> None:
    info = read_info(EMBEDDED)
    assert info.scheme == CONFLICT
    assert info.temperature != 1.0
    assert info.run
    assert "/" not in json.dumps(info.run.get("encoder", "")).replace("//", "")
