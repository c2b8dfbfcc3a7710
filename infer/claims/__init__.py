"""Who says what about whom: claims with their evidence, and the incidents they are about."""

from .incidents import make_incidents
from .merging import make_claims

__all__ = ["make_claims", "make_incidents"]
