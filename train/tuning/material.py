"""The articles of a run, read once whatever the number of seeds. What is made of them is `examples`' business."""

from collections.abc import Callable
from dataclasses import dataclass

from ...infer.articles import Article
from ...infer.formats.corpus import read_corpus
from ...infer.scheme import Scheme
from ..settings.run_config import RunConfig, Source

__all__ = ["Material", "read_material"]


@dataclass(frozen=True, slots=True)
class Material:
    """The articles of a run: `train` has one list per source of the config; `test` is None where none is named."""

    scheme: Scheme
    train: tuple[list[Article], ...]
    dev: list[Article]
    test: list[Article] | None

    @property
    def texts(self) -> list[str]:
        """The texts that are learned from."""
        return [article.text for source in self.train for article in source]


def read_material(config: RunConfig, say: Callable[[str], None]) -> Material:
    """Read the articles a config names; `say` is told of repairs and of dev articles that are in train as well.

    Raises the readers' InputError for files that cannot be read as what they claim to be.
    """
    scheme = config.data.label_scheme()

    def read(source: Source) -> list[Article]:
        articles = read_corpus(source.path, scheme, repair=source.repair, on_repair=say)
        if source.part == "all":
            return articles
        return [article for n, article in enumerate(articles, 1) if (n % 10 == 0) == (source.part == "tenth")]

    material = Material(
        scheme,
        tuple(read(source) for source in config.data.train),
        read(config.data.dev),
        read(config.data.test) if config.data.test else None,
    )
    known = {" ".join(text.split()) for text in material.texts}
    for name, articles in (("dev", material.dev), ("test", material.test or [])):
        both = [article.id for article in articles if " ".join(article.text.split()) in known]
        if both:
            say(f"warning: {len(both)} of {len(articles)} articles of {name} are in train as well ({both[0]}, …)")
    return material
