"""Side-by-side measurements, one command each, run from the root of a checkout with rasid installed.

    python -m benchmarks.predict     text in, spans out: this package and others, on the same weights
    python -m benchmarks.stages      where the time of a prediction goes
    python -m benchmarks.cold        one article from a cold start
    python -m benchmarks.growth      cost against the length of an article and the number of articles
    python -m benchmarks.bulk        Ray: two workers against one
    python -m benchmarks.training    fine-tuning against the transformers example script

`docs/performance.md` says what each measures and has the figures of the last full run.
"""
