"""Written evaluation reports."""

import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from span_articles import article, spans_of_tags, tag_sequences

from rasid.infer.articles import Article, Metadata
from rasid.infer.errors import MissingExtraError, RunError
from rasid.infer.scheme import Scheme, SpanLabel
from rasid.train.judging.evaluation import Evaluation, evaluate_articles
from rasid.train.judging.report import render_html, render_markdown, write_report
from rasid.train.judging.report_articles import view_articles
from rasid.train.judging.report_json import report_to_json

HOSTILE = 'قال <script>alert("x")</script> المرصد & السوري | سبعة\nقتلى `هنا` قال'
GOLD = [
    replace(article(("TOWN", 6, 7), id="few"), metadata=Metadata(outlet="جريدة")),
    article(("SOURCE", 1, 2), ("TOWN", 6, 7), ("KILLED", 8, 10), ("DENY", 11, 11), ("STATE", 12, 12), id="many"),
    article(("REPORT", 0, 0), ("SOURCE", 2, 4), id="<none>|", text=HOSTILE),
]
PREDICTED = [
    article(("SITE", 6, 7, 0.4), id="few"),
    article(("SOURCE", 1, 2, 0.9), ("STATE", 4, 4, 0.5), ("TOWN", 7, 7, 0.6), ("INJURED", 8, 10, 0.7), id="many"),
    article(("REPORT", 0, 0, 0.8), ("SOURCE", 2, 4, 0.8), id="<none>|", text=HOSTILE),
]


class Page(HTMLParser):
    """What a browser would make of a report: article ids, article texts, span classes, whatever it would load."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[str] = []
        self.texts: list[str] = []
        self.marks: list[dict[str, str]] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.scripts = 0
        self._into: list[str] | None = None
        self._depth = 0
        self._in_article = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.loads += [values[name] for name in ("src", "href", "xlink:href", "action") if name in values]
        self.ids += [values["id"]] if "id" in values else []
        self.scripts += tag == "script"
        self._in_article |= tag == "article"
        if tag == "div" and values.get("class") == "text":
            self._into = self.texts
            self.texts.append("")
        elif tag == "h3" and self._in_article:
            self._into = self.headings
            self.headings.append("")
        elif tag == "span" and self._into is self.texts:
            self.marks.append(values)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("div", "h3"):
            self._into = None
        self._in_article &= tag != "article"

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data


def evaluation(gold: list[Article] = GOLD, predicted: list[Article] = PREDICTED, **options: Any) -> Evaluation:
    return evaluate_articles(gold, predicted, data_name="dev <1>", model_name="fake 1.0", resamples=60, **options)


@pytest.fixture(scope="module")
def html() -> str:
    made = evaluation()
    return render_html(made, report_to_json(made))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_three_files_are_written_and_the_same_evaluation_gives_the_same_bytes(tmp_path: Path) -> None:
    assert write_report(evaluation(), tmp_path / "a" / "b") == tmp_path / "a" / "b" / "report.html"
    write_report(evaluation(), tmp_path / "c")
    names = ["report.html", "report.json", "report.md"]
    assert sorted(path.name for path in (tmp_path / "c").iterdir()) == names
    for name in names:
        assert (tmp_path / "a" / "b" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()


def test_json_says_what_was_measured_on_what_and_how(tmp_path: Path) -> None:
    write_report(evaluation(seed=5, command="rasid-train evaluate", commit="abc"), tmp_path)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["format"], report["format_version"]) == ("rasid-evaluation", 1)
    assert report["model"] == {"name": "fake 1.0"}
    assert report["data"]["name"] == "dev <1>"
    assert (report["data"]["documents"], report["data"]["gold_spans"], report["data"]["predicted_spans"]) == (3, 8, 7)
    assert report["bootstrap"] == {"unit": "document", "resamples": 60, "seed": 5, "confidence": 0.95}
    assert (report["command"], report["commit"]) == ("rasid-train evaluate", "abc")
    assert {"strict", "partial", "f1", "macro", "intervals", "confusion", "calibration"} <= set(report["definitions"])
    assert Scheme.from_json(report["scheme"]) == GOLD[0].scheme


def test_json_numbers_are_those_of_the_evaluation() -> None:
    made = evaluation()
    report = report_to_json(made)
    strict = report["spans"]["strict"]
    for name, counts in made.strict.scores.by_label.items():
        row = strict["by_label"][name]
        assert (row["tp"], row["fp"], row["fn"]) == (counts.tp, counts.fp, counts.fn)
        assert row["f1"] == (pytest.approx(counts.f1, abs=1e-6) if counts else None)
    interval = made.strict.intervals.overall.f1
    assert interval is not None
    assert strict["overall"]["intervals"]["f1"] == pytest.approx([interval.low, interval.high], abs=1e-6)
    assert strict["overall"]["documents"] == 3
    assert report["spans"]["outcomes"]["missed"] == 2
    assert [document["id"] for document in report["documents"]] == ["few", "many", "<none>|"]
    assert json.loads(json.dumps(report, allow_nan=False)) == report


def test_repeated_errors_are_listed_with_their_words() -> None:
    gold = [GOLD[1], *(replace(GOLD[0], id=name) for name in "ab")]
    predicted = [PREDICTED[1], *(replace(PREDICTED[0], id=name) for name in "ab")]
    assert report_to_json(evaluation(gold, predicted))["spans"]["frequent_errors"] == [
        {
            "times": 2,
            "outcome": "wrong-label",
            "gold_label": "TOWN",
            "gold_text": "مدينة الباب",
            "predicted_label": "SITE",
            "predicted_text": "مدينة الباب",
        }
    ]


def test_the_page_needs_no_network_and_runs_one_script_of_its_own(html: str, page: Page) -> None:
    assert all(address.startswith("#") for address in page.loads)
    assert not re.search(r"url\((?!#)|@import|fetch\(|XMLHttpRequest", html)
    assert "default-src 'none'" in html
    assert page.scripts == 1


def test_ids_are_used_once_though_several_plots_share_the_page(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids)) > 20


def test_plots_reach_every_id_they_refer_to(html: str, page: Page) -> None:
    wanted = set(re.findall(r"url\(#([^)]+)\)", html)) | {address[1:] for address in page.loads}
    assert wanted
    assert wanted <= set(page.ids)


def test_plots_take_their_colours_and_fonts_from_the_page(html: str) -> None:
    plots = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(plots) == 2
    for plot in plots:
        assert not re.search(r"#[0-9a-f]{6}\b", plot.replace('"#', ""))
        assert "font-family" not in plot
        assert "var(--ink)" in plot or "var(--accent)" in plot


def test_articles_stand_with_most_errors_first_and_their_text_unchanged(page: Page) -> None:
    assert page.headings == ["many", "few", "<none>|"]
    assert page.texts == [GOLD[1].text, GOLD[0].text, HOSTILE]


def test_text_is_right_to_left_and_from_the_page_only(html: str) -> None:
    assert "direction: rtl" in html
    assert "alert(" in html
    assert "<script>alert" not in html


def test_each_kind_of_error_is_marked_as_what_it_is(page: Page) -> None:
    tags = {mark["data-tag"]: mark["class"].split() for mark in page.marks if "data-tag" in mark}
    assert tags["SOURCE"] == ["s", "g0", "p0", "o-correct"]
    assert tags["− DENY"] == ["s", "g3", "o-missed"]
    assert tags["+ STATE"] == ["s", "p0", "o-spurious"]
    assert tags["KILLED → INJURED"] == ["s", "g2", "p2", "o-wrong-label"]
    assert tags["TOWN ↔"] == ["s", "g1", "p1", "o-wrong-edge"]
    assert ["s", "g1", "o-wrong-edge"] in [mark["class"].split() for mark in page.marks]  # gold beyond the prediction


@settings(deadline=None)
@given(tag_sequences(9, ("STATE", "TOWN")), tag_sequences(9, ("STATE", "TOWN")))
def test_segments_are_the_text_and_every_pair_gets_one_tag(gold_tags: list[str], predicted_tags: list[str]) -> None:
    text = " ".join(["كلمة"] * 9)
    gold, predicted = (article(*spans_of_tags(tags), text=text) for tags in (gold_tags, predicted_tags))
    made = evaluation([gold], [predicted])
    (view,) = view_articles(made.documents, made.scheme, 1)
    assert "".join(segment.text for segment in view.segments) == text
    for kind, spans in (("g", gold.spans), ("p", predicted.spans)):
        covered = [segment.text for segment in view.segments if re.search(rf"\b{kind}\d", segment.classes)]
        assert sum(map(len, covered)) == sum(len(span.text) for span in spans)
    tagged = [segment for segment in view.segments if segment.tag]
    pairs = made.documents[0].pairs
    assert len(tagged) <= len(pairs)
    assert sum(bool(segment.gold_tag) for segment in view.segments) == len(gold.spans)
    assert sum(bool(segment.predicted_tag) for segment in view.segments) == len(predicted.spans)
    for pair in pairs:
        edge = max(span.end_char for span in pair if span is not None)
        assert any(segment.tag and sum_before(view.segments, segment) == edge for segment in tagged)


def sum_before(segments: tuple[Any, ...], last: Any) -> int:
    """Where a segment ends in the text."""
    at = next(number for number, segment in enumerate(segments) if segment is last)
    return sum(len(segment.text) for segment in segments[: at + 1])


def test_articles_left_out_are_counted(html: str) -> None:
    made = evaluation()
    short = render_html(made, report_to_json(made), max_articles=1)
    assert Page(short).headings == ["many"]
    assert "Only the 1 with the most errors, of 3, are shown" in short
    assert "with the most errors, of" not in html


def test_what_a_file_or_a_model_is_called_cannot_break_the_markdown() -> None:
    made = evaluation()
    lines = render_markdown(made, report_to_json(made)).splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert any("<none>\\|" in line for line in tables)
    widths: list[int] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("|"):
            cells = len(re.findall(r"(?<!\\)\|", line)) - 1
            if before.startswith("|"):
                assert cells == widths[-1], line
            widths.append(cells)


def test_markdown_leads_with_the_score_and_its_interval() -> None:
    made = evaluation()
    report = report_to_json(made)
    overall = report["spans"]["strict"]["overall"]
    low, high = overall["intervals"]["f1"]
    head = "\n".join(render_markdown(made, report).splitlines()[:5])
    assert f"Strict F1 **{100 * overall['f1']:.1f}** (95 % interval {100 * low:.1f}–{100 * high:.1f})" in head


def test_predictions_without_scores_and_without_errors_make_a_report_too(tmp_path: Path) -> None:
    write_report(evaluation(GOLD, GOLD), tmp_path)
    assert "carry no scores" in (tmp_path / "report.html").read_text("utf-8")
    assert "carry no scores" in (tmp_path / "report.md").read_text("utf-8")


def test_articles_without_any_span_make_a_report_too(tmp_path: Path) -> None:
    empty = [article(id="empty")]
    write_report(evaluation(empty, empty), tmp_path)
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["spans"]["strict"]["overall"]["f1"] is None


def test_a_scheme_with_more_families_than_colours_makes_a_report_too(tmp_path: Path) -> None:
    names = [f"L{number}" for number in range(10)]
    scheme = Scheme("many", tuple(SpanLabel(name, name) for name in names))
    gold = [article(*((name, at, at) for at, name in enumerate(names)), scheme=scheme)]
    write_report(evaluation(gold, gold), tmp_path)
    assert 'class="s g1 p1 o-correct" data-tag="L9"' in (tmp_path / "report.html").read_text("utf-8")


def test_drawing_leaves_the_users_plot_settings_alone(tmp_path: Path) -> None:
    import matplotlib as mpl

    with mpl.rc_context({"grid.linestyle": ":", "font.size": 31.0}):
        write_report(evaluation(), tmp_path / "a")
        assert (mpl.rcParams["grid.linestyle"], mpl.rcParams["font.size"]) == (":", 31.0)
    write_report(evaluation(), tmp_path / "b")
    assert (tmp_path / "a" / "report.html").read_bytes() == (tmp_path / "b" / "report.html").read_bytes()


def test_a_missing_extra_is_named_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"rasid\[train\]"):
        write_report(evaluation(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match=r"file: the evaluation report cannot be written"):
        write_report(evaluation(), tmp_path / "file")


def test_templates_are_installed_with_the_package() -> None:
    import rasid.train.judging.report

    folder = Path(rasid.train.judging.report.__file__).parent / "templates"
    assert {path.name for path in folder.iterdir()} >= {"report.css", "report.html.j2", "report.js", "report.md.j2"}
