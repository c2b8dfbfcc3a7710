"""Who says what about whom: claims with their evidence, and the incidents they are about."""

from .claim_tolls import claim_tolls
from .incidents import make_incidents
from .merging import make_claims

__all__ = ["claim_tolls", "make_claims", "make_incidents"]
