"""Who says what about whom: claims with their evidence, and the incidents they are about."""
