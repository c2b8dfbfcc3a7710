"""Learn and judge: run configs, training, pre-training, scoring and reports; the CLI `rasid-train`."""
