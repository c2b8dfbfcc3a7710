"""The baseline looks wordings up and learns nothing else."""

from rasid.infer.articles import Article, Span
from rasid.infer.scheme import CONFLICT
from rasid.train.judging.dictionary import DictionaryReader


def article(text: str, *spans: tuple[str, str]) -> Article:
    made, place = [], 0
    for number, (label, words) in enumerate(spans, 1):
        place = text.index(words, place)
        made.append(Span(f"T{number}", label, CONFLICT.family_of(label), place, place + len(words), words))
        place += len(words)
    return Article(text, tuple(made))


def read(training: list[Article], text: str) -> list[tuple[str, str]]:
    (result,) = DictionaryReader(training, CONFLICT).stream([Article(text)])
    return [(span.label, span.text) for span in result.spans]


def test_a_wording_seen_in_training_is_found_again_whatever_its_marks() -> None:
    training = [article("قصف الجيش السوري حلب", ("STATE", "الجيش السوري"), ("TOWN", "حلب"))]
    assert read(training, "دخل الجَيش السّوري حلـب.") == [("STATE", "الجَيش السّوري"), ("TOWN", "حلـب")]


def test_the_longest_wording_wins() -> None:
    training = [article("الجيش، الجيش السوري", ("ARMED", "الجيش"), ("STATE", "الجيش السوري"))]
    assert read(training, "الجيش السوري والجيش الجيش") == [("STATE", "الجيش السوري"), ("ARMED", "الجيش")]


def test_a_word_that_is_mostly_not_a_span_is_left_alone() -> None:
    training = [article("قال في غزة. قال ثم قال.", ("REPORT", "قال"), ("REGION", "غزة"))]
    assert read(training, "قال في غزة") == [("REGION", "غزة")]


def test_the_most_frequent_label_of_a_wording_is_taken() -> None:
    training = [article("غزة غزة غزة", ("REGION", "غزة"), ("TOWN", "غزة"), ("REGION", "غزة"))]
    assert read(training, "في غزة") == [("REGION", "غزة")]
