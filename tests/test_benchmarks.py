"""The arithmetic of the benchmarks, and one small reading of every side that needs no process of its own."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parent.parent
if not (ROOT / "benchmarks").is_dir():
    pytest.skip("the benchmarks are not here: they are part of a checkout, not of the package", allow_module_level=True)
sys.path.append(str(ROOT))

from benchmarks.articles import NEWS_WORDS, evenly, news_articles, text_of_words, with_long_article  # noqa: E402
from benchmarks.bulk import rates_of, write_input  # noqa: E402
from benchmarks.cold import import_seconds  # noqa: E402
from benchmarks.growth import paragraphs, streamed_memory  # noqa: E402
from benchmarks.growth_plots import plot_lengths, plot_memory  # noqa: E402
from benchmarks.machine import Machine  # noqa: E402
from benchmarks.models import TINY, draw_model  # noqa: E402
from benchmarks.others import sentences_of  # noqa: E402
from benchmarks.predict import best_batch  # noqa: E402
from benchmarks.predictors import UnavailableError, Way, load_predictor  # noqa: E402
from benchmarks.rates import Row, rates_table, row_of  # noqa: E402
from benchmarks.sides import SIDES, Setting  # noqa: E402
from benchmarks.stages import measured  # noqa: E402
from benchmarks.stopwatch import Stopwatch  # noqa: E402
from benchmarks.tables import number, report, spread  # noqa: E402
from benchmarks.timing import Spread, alternate, ratio_of, repeat_for, spread_of  # noqa: E402
from benchmarks.training_sides import Budget, articles_a_step  # noqa: E402
from benchmarks.work import EncoderShape, read_shape  # noqa: E402
from benchmarks.workers import Worker  # noqa: E402


class Clock:
    """A clock that somebody else moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return draw_model(tmp_path_factory.mktemp("models") / "tiny", TINY)


def test_operations_of_a_bert_window_are_those_of_the_formula() -> None:
    shape = EncoderShape(
        width=768, feed_forward=3072, gated=False, attention_spans=(None,) * 12, tags=47, head_layer=False
    )
    dense = 12 * (8 * 768**2 + 4 * 768 * 3072)
    assert shape.operations([300]) == 300 * (dense + 2 * 768 * 47 + 12 * 4 * 300 * 768)
    assert shape.operations([300, 10]) == shape.operations([300]) + shape.operations([10])


def test_a_gated_feed_forward_part_and_a_local_window_count_as_such() -> None:
    shape = EncoderShape(width=4, feed_forward=8, gated=True, attention_spans=(None, 6), tags=3, head_layer=True)
    assert shape.operations([10]) == 10 * (2 * (8 * 16 + 6 * 4 * 8) + 2 * 4 * 3 + 2 * 16 + 4 * 4 * (10 + 6))


def test_the_shape_is_the_one_the_folder_declares(drawn: Path) -> None:
    shape = read_shape(drawn)
    assert (shape.layers, shape.width, shape.feed_forward, shape.tags, shape.gated) == (2, 32, 128, 47, False)


def test_a_ratio_is_of_figures_from_the_same_round() -> None:
    # The machine ran at half speed in the second round: both sides did, and the ratio does not see it.
    assert ratio_of([2.0, 4.0, 2.0], [1.0, 2.0, 1.0]) == Spread(2.0, 2.0, 2.0)
    assert spread_of([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)


def test_sides_take_turns_until_the_time_is_used() -> None:
    clock, turns = Clock(), []

    def side(name: str, seconds: float) -> float:
        turns.append(name)
        clock.now += seconds
        return seconds

    sides = {"a": lambda: side("a", 1.0), "b": lambda: side("b", 3.0)}
    assert alternate(sides, seconds=21.0, clock=clock) == {"a": [1.0] * 5, "b": [3.0] * 5}
    assert turns == ["a", "b"] * 5
    assert len(alternate(sides, seconds=0.0, clock=clock)["a"]) == 3
    assert len(alternate(sides, seconds=1e9, clock=clock)["a"]) == 9


def test_a_short_action_is_repeated_until_the_clock_has_something_to_measure() -> None:
    clock = Clock()

    def action() -> None:
        clock.now += 0.25

    assert repeat_for(action, 1.0, clock) == 0.25
    assert clock.now == 1.0
    assert repeat_for(action, 0.0, clock) == 0.25
    assert clock.now == 1.25


def test_the_best_batch_is_the_fastest_and_of_two_the_smaller() -> None:
    assert best_batch({1: 3.0, 2: 2.0, 4: 2.0, 8: 2.5}) == 2


def test_composed_texts_have_the_words_asked_for() -> None:
    texts = news_articles(None, 21)
    words = [len(text.split()) for text in texts]
    assert words == sorted(words)
    assert NEWS_WORDS[0] <= words[0] < words[10] < words[-1] <= NEWS_WORDS[-1]
    assert words[10] == NEWS_WORDS[5]
    assert len(text_of_words(30_000).split()) == 30_000
    assert [len(text.split()) for text in with_long_article(["a", "b"], 50)] == [1, 50, 1]
    assert evenly(list("abcdefghij"), 3) == ["b", "f", "i"]


def test_real_articles_are_taken_from_a_folder(tmp_path: Path) -> None:
    for n in range(1, 6):
        (tmp_path / f"{n}.txt").write_text("كلمة " * n, "utf-8")
    assert [len(text.split()) for text in news_articles(tmp_path, 2)] == [2, 4]


def test_a_stage_stands_still_while_one_inside_it_runs() -> None:
    clock = Clock()
    watch = Stopwatch(clock)

    def values() -> Iterator[int]:
        clock.now += 1.0
        yield 1
        clock.now += 2.0
        yield 2

    with watch.stage("outer"):
        clock.now += 10.0
        for _ in watch.wrapped(values, "inner")():
            clock.now += 100.0
    assert dict(watch.seconds) == {"outer": 210.0, "inner": 3.0}


def test_imports_are_summed_by_top_level_package() -> None:
    lines = "import time: self [us] | cumulative | imported package\nimport time:   1000 |  3000 | torch\n"
    lines += "import time:    500 |   500 |   torch.nn\nimport time:   4000 |  4000 | numpy\n"
    assert import_seconds(lines) == {"numpy": 0.004, "torch": 0.0015}


def test_the_rate_of_ray_is_free_of_its_start() -> None:
    # 30 seconds to start, then 10 articles a second.
    assert rates_of((100, 400), [[40.0], [70.0]]) == [10.0]


def test_the_input_of_ray_has_an_id_and_a_text_a_row(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    rows = pq.read_table(write_input(tmp_path / "in.parquet", 60)).to_pylist()
    assert len({row["id"] for row in rows}) == 60
    assert all(row["text"] for row in rows)


def test_figures_of_a_row_follow_from_its_seconds(drawn: Path) -> None:
    texts = [text_of_words(40), text_of_words(80)]
    row = row_of(
        "side", drawn, texts, [2.0, 4.0], matrix_rates=[1e6, 5e5], memory_mb=1.0, spans=3,
        against={"pipeline": [4.0, 8.0], "pipeline-best": None},
    )  # fmt: skip
    assert row.articles_per_second == Spread(0.75, 0.5, 1.0)
    assert row.matrix_share is not None
    assert row.matrix_share.low == pytest.approx(row.matrix_share.high)
    assert row.against == {"pipeline": Spread(2.0, 2.0, 2.0), "pipeline-best": None}
    table = rates_table([row, Row("other", why_not="no such model")])
    assert "| 2.00 (2.00-2.00) |" in table
    assert "not measured: no such model" in table


@pytest.mark.parametrize("name", ["torch", "pipeline", "sentences"])
def test_every_side_reads_texts(drawn: Path, name: str) -> None:
    texts = [text_of_words(30), text_of_words(700)]
    assert SIDES[name].make(Setting(drawn))(texts) > 0


def test_a_drawn_model_tags_about_as_many_words_as_news_has(drawn: Path) -> None:
    predictor = load_predictor(drawn, Way("torch", "fp32"), "cpu", spans_only=True)
    text = text_of_words(300)
    covered = sum(len(span.text.split()) for span in predictor.predict(text).spans)
    assert 0.05 < covered / 300 < 0.5


def test_what_a_model_does_not_offer_is_said(drawn: Path) -> None:
    with pytest.raises(UnavailableError, match="onnx"):
        load_predictor(drawn, Way("onnx", "int8"), "cpu", spans_only=True)


@pytest.mark.slow
def test_a_side_in_a_process_of_its_own_is_timed_and_weighed(drawn: Path) -> None:
    worker = Worker("torch", Setting(drawn))
    try:
        worker.ready()
        assert worker.seconds([text_of_words(30)], at_least=0.01) > 0
        assert 50 < worker.peak_memory_mb() < 5000
    finally:
        worker.close()


def test_stages_add_up_and_leave_the_predictor_as_it_was(drawn: Path) -> None:
    predictor = load_predictor(drawn, Way(), "cpu", spans_only=False)
    before = dict(vars(predictor))
    found = measured(predictor, [text_of_words(60)], seconds=0.0)
    assert vars(predictor) == before
    assert sum(found["share"].values()) == pytest.approx(1.0)
    assert found["milliseconds"]["encoder"][0] > 0
    assert found["milliseconds"]["JSON"][0] > 0


def test_articles_streamed_are_as_many_as_asked_for(drawn: Path) -> None:
    texts = list(paragraphs(200))
    assert len(texts) == 200
    assert {len(text.split()) for text in texts} == {30}
    assert streamed_memory(drawn, True, 5) > 0


def test_plots_are_svg_and_the_same_each_time() -> None:
    lengths = {"spans": {200: Spread(70.0, 60.0, 90.0), 2000: Spread(65.0, 60.0, 70.0)}}
    for plot in (lambda: plot_lengths(lengths), lambda: plot_memory({"spans": {100: 500.0, 1000: 510.0}})):
        svg = plot()
        assert ElementTree.fromstring(svg).tag.endswith("svg")
        assert "spans" in svg
        assert plot() == svg


def test_the_script_sees_as_many_articles_a_step_as_we_do() -> None:
    budget = Budget(Path(), "embedded", epochs=1, batch_subwords=800, device="cpu", threads=1)
    assert articles_a_step([200] * 40, budget) == 4
    assert articles_a_step([2000] * 3, budget) == 1


def test_sentences_end_at_stops_and_line_breaks() -> None:
    assert sentences_of("قال ناشط. ماذا حدث؟\nانفجار") == ["قال ناشط.", "ماذا حدث؟", "انفجار"]


def test_a_report_is_written_beside_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine("a processor", 2, 2, 8.0, "Linux", None, {"rasid": "1"}, "abc", "today", 0.1)
    report("some", machine, {"articles": 3}, [{"a": 1}], ["| a table |"], tmp_path)
    assert json.loads((tmp_path / "some.json").read_text("utf-8"))["rows"] == [{"a": 1}]
    printed = capsys.readouterr().out
    assert "a processor, 2 cores" in printed
    assert "| a table |" in printed
    assert (tmp_path / "some.md").read_text("utf-8").strip() == printed.strip()


def test_figures_are_told_to_three_digits() -> None:
    assert [number(value) for value in (12345.6, 12.34, 1.234, 0.01234)] == ["12,346", "12.3", "1.23", "0.0123"]
    assert spread(Spread(1.5, 1.25, 2.0)) == "1.50 (1.25-2.00)"
