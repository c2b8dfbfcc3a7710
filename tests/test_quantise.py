"""Int8: ranges that cost the least, and a graph that is kept only where its F1 is good enough."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from rasid.infer.articles import Article
from rasid.infer.errors import ModelError
from rasid.infer.formats.corpus import read_corpus
from rasid.infer.model_folder import EMBEDDED
from rasid.infer.scorers.graph_files import INT8_GRAPH, MEASURED
from rasid.train.graphs import making
from rasid.train.graphs.calibration import _best_range
from rasid.train.graphs.writing import Range

CORPUS = Path(__file__).parent.parent / "seeds" / "corpus"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The embedded model without its int8 graph."""
    return Path(shutil.copytree(EMBEDDED, tmp_path / "m", ignore=shutil.ignore_patterns(INT8_GRAPH)))


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return read_corpus(CORPUS / "dev")[:2]


def test_zero_is_one_of_the_levels() -> None:
    for low, high in ((-1.0, 3.0), (0.5, 2.0), (-4.0, -1.0), (0.0, 0.0)):
        scale, zero = Range(low, high).scale_and_zero()
        assert scale > 0
        assert 0 <= zero <= 255


def test_a_far_outlier_does_not_coarsen_every_other_value() -> None:
    values = np.random.default_rng(0).normal(0, 1, 200_000).astype(np.float32)
    assert _best_range(values, -100.0, 100.0).high < 40.0
    assert _best_range(values, float(values.min()), float(values.max())).high > 3.0


def test_what_was_measured_is_recorded(folder: Path, articles: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "MOST_LOST", 100.0)
    path, measured = making.make_int8_graph(folder, articles, articles, ("taught", "held out"))
    model = onnx.load(path, load_external_data=False)
    record = json.loads({entry.key: entry.value for entry in model.metadata_props}[MEASURED])
    assert record["label_int8"] == measured.label_int8 > 30
    assert (record["calibration"], record["data"], record["articles"]) == ("taught", "held out", 2)
    assert sum(node.op_type == "MatMulIntegerToFloat" for node in model.graph.node) == 35
    assert [path.name for path in folder.glob(".*.onnx")] == []


def test_int8_that_loses_too_much_is_not_kept(
    folder: Path, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "MOST_LOST", -100.0)
    with pytest.raises(ModelError, match=r"int8 loses .* points of F1 on held out"):
        making.make_int8_graph(folder, articles, articles, ("taught", "held out"))
    assert not (folder / INT8_GRAPH).exists()
    assert [path.name for path in folder.glob(".*.onnx")] == []
