"""Find actors, locations, casualties and stances in Arabic conflict news.

    from rasid.infer import Predictor
    article = Predictor.load().predict(text)

Importing this package loads no model library; torch and transformers come in when a model is loaded.
"""

from .articles import Article, Link, Metadata, Span
from .errors import RasidError
from .facts import Actor, Bounds, Casualty, Claim, Facts, Incident, Place, SuggestedReading
from .predictor import Predictor
from .scheme import CONFLICT, LinkKind, Scheme, SpanLabel

__all__ = [
    "CONFLICT",
    "Actor",
    "Article",
    "Bounds",
    "Casualty",
    "Claim",
    "Facts",
    "Incident",
    "Link",
    "LinkKind",
    "Metadata",
    "Place",
    "Predictor",
    "RasidError",
    "Scheme",
    "Span",
    "SpanLabel",
    "SuggestedReading",
]
