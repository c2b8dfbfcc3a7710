"""A run config over the test articles that trains in a second or two."""

from pathlib import Path


def write_config(folder: Path, articles: Path, **train: object) -> Path:
    """Write `folder/small.toml`; `train` adds to its [train] section."""
    values = {"epochs": 4, "batch_subwords": 256, "learning_rate": 5e-3, "precision": '"fp32"'} | train
    path = folder / "small.toml"
    path.write_text(
        f"""
[model]
encoder = "random"
vocabulary_size = 400
shape = {{ hidden_size = 32, layers = 2, heads = 2, intermediate_size = 64, positions = 64 }}
max_subwords = 48
overlap_subwords = 16
name = "rasid-small"
version = "7"

[data]
train = [{{ path = "{articles / "train"}", about = "composed for the tests", licence = "Apache-2.0" }}]
dev = "{articles / "dev"}"

[train]
{chr(10).join(f"{key} = {value}" for key, value in values.items())}

[run]
device = "cpu"
threads = 1
log_steps = 1
""",
        "utf-8",
    )
    return path
