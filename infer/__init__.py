"""Find actors, locations, casualties and stances in Arabic conflict news.

    from rasid.infer import Predictor
    article = Predictor.load().predict(text)

Importing this package loads no model library; torch and transformers come in when a model is loaded.
"""

from .articles import Article, Link, Metadata, Span
from .errors import RasidError
from .predictor import Predictor
from .scheme import CONFLICT, LinkKind, Scheme, SpanLabel

__all__ = [
    "CONFLICT",
    "Article",
    "Link",
    "LinkKind",
    "Metadata",
    "Predictor",
    "RasidError",
    "Scheme",
    "Span",
    "SpanLabel",
]
