"""Runs over more articles than fit in memory or in one sitting: restart, Parquet shards, Ray."""
