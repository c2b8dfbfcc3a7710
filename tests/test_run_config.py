"""Run configs: what is read, what is refused, and that a refusal names every mistake."""

import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from pydantic import BaseModel

from rasid.infer.errors import ConfigError
from rasid.infer.scheme import CONFLICT
from rasid.train.distilling.config import DistillConfig
from rasid.train.pretraining.config import PretrainConfig
from rasid.train.settings.files import config_names, find_config, load_config, load_config_as, require_data
from rasid.train.settings.run_config import RunConfig

MINIMAL = """
[model]
encoder = "random"
[data]
train = ["articles/train"]
dev = "articles/dev"
"""


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    path = tmp_path / "minimal.toml"
    path.write_text(MINIMAL, "utf-8")
    return path


def sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found[f"{model.__name__}.{name}"] = field.annotation
            found |= sections(field.annotation)
    return found


@pytest.mark.parametrize("name", config_names())
def test_every_shipped_config_reads_and_says_what_it_is_for(name: str) -> None:
    text = (resources.files("rasid.configs") / f"{name}.toml").read_text("utf-8")
    values = tomllib.loads(text)
    kind: type[BaseModel] = RunConfig
    if "texts" in values["data"]:
        kind = DistillConfig if "teacher" in values else PretrainConfig
    assert load_config_as(kind, name).model_dump()["run"]["name"] == name
    header = text[: text.index("\n[")]
    assert all(line.startswith("#") for line in header.splitlines() if line)
    for word in ("Command", "Hardware", "Time"):
        assert re.search(rf"^# {word} +\S", header, re.MULTILINE), f"{name}.toml says nothing of its {word.lower()}"


def test_the_named_configs_ship_with_the_package() -> None:
    assert {"anercorp", "arabert", "compact", "compact-open", "distill-compact", "tiny"} <= set(config_names())


def test_every_field_says_what_it_is() -> None:
    everything: list[type[BaseModel]] = [RunConfig, PretrainConfig, DistillConfig]
    everything += [found for config in tuple(everything) for found in sections(config).values()]
    for section in everything:
        for name, field in section.model_fields.items():
            assert field.description or name in ("model", "data", "train", "run"), f"{section.__name__}.{name}"


def test_all_mistakes_are_listed_at_once_with_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        """
        [model]
        encoder = "random"
        shape = { layers = 2.5 }
        [data]
        train = [{ pth = "x" }]
        [train]
        lerning_rate = 1e-4
        epochs = 0
        schedule = "linaer"
        dropout = 0.1
        [runs]
        name = "x"
        """,
        "utf-8",
    )
    with pytest.raises(ConfigError) as error:
        load_config(path, ["train.patience=often", "nonsense"])
    said = str(error.value)
    for line in (
        "model.shape.layers: expected a whole number, found 2.5",
        "data.train.0.path: missing",
        "data.train.0.pth: there is no such key; did you mean path?",
        "data.dev: missing",
        "train.lerning_rate: there is no such key; did you mean learning_rate?",
        "train.epochs: expected at least 1, found 0",
        "did you mean linear?",
        "train.dropout: there is no such key; did you mean model.dropout?",
        'train.patience: expected a whole number, found "often"',
        "runs: there is no such key; did you mean run?",
        "nonsense: expected key.path=value",
    ):
        assert line in said
    assert said.splitlines()[0].endswith(": 11 mistakes"), said


def test_a_string_is_not_a_number_and_a_number_not_a_string(minimal: Path) -> None:
    with pytest.raises(ConfigError, match=r"train.learning_rate: expected a number, found \"1e-4\""):
        load_config(minimal, ['train.learning_rate="1e-4"'])
    with pytest.raises(ConfigError, match=r"run.name: expected words in quotes, found 3"):
        load_config(minimal, ["run.name=3"])


def test_overrides_are_toml_values_and_bare_words_are_strings(minimal: Path) -> None:
    config = load_config(
        minimal,
        [
            "train.learning_rate=1e-5",
            "run.seeds=[1, 2, 3]",
            "run.name=a-name",
            "train.clip_norm=null",
            "data.train.0.repeat=2.5",
            "data.dev.repair=true",
            "model.encoder=owner/name",
        ],
    )
    assert config.train.learning_rate == 1e-5
    assert config.run.seeds == (1, 2, 3)
    assert config.run.name == "a-name"
    assert config.train.clip_norm is None
    assert config.data.train[0].repeat == 2.5
    assert config.data.dev.repair
    assert config.model.encoder == "owner/name"


def test_paths_start_at_the_config_and_on_the_command_line_at_the_current_folder(
    minimal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = minimal.parent / "elsewhere"
    (here / "encoder").mkdir(parents=True)
    monkeypatch.chdir(here)
    config = load_config(minimal, ["data.dev=dev", "model.encoder=encoder"])
    assert config.data.train[0].path == minimal.parent / "articles/train"
    assert config.data.dev.path == here / "dev"
    assert config.model.encoder == str(here / "encoder")


def test_the_resolved_config_reads_back_to_itself(minimal: Path) -> None:
    config = load_config(minimal, ["train.epochs=3"])
    saved = minimal.with_name("config.json")
    saved.write_text(config.model_dump_json(), "utf-8")
    assert load_config(saved) == config


def test_a_scheme_can_be_declared_in_a_config(minimal: Path) -> None:
    declared = 'data.scheme={name="places", families={LOC=["TOWN", "RIVER"]}, links={within=["LOC", "LOC"]}}'
    scheme = load_config(minimal, [declared]).data.label_scheme()
    assert scheme.tags == ("O", "B-TOWN", "I-TOWN", "B-RIVER", "I-RIVER")
    assert scheme.link_by_name["within"].target_family == "LOC"
    assert load_config(minimal).data.label_scheme() == CONFLICT
    with pytest.raises(ConfigError, match=r"data.scheme: .*TOWN"):
        load_config(minimal, ['data.scheme={name="places", families={LOC=["TOWN", "TOWN"]}}'])


def test_missing_data_is_named_all_at_once(minimal: Path) -> None:
    config = load_config(minimal, ["model.vocabulary=vocab.txt"])
    with pytest.raises(ConfigError) as error:
        require_data(config)
    for key in ("data.train.0.path", "data.dev", "model.vocabulary"):
        assert f"{key}: there is no " in str(error.value)


def test_an_unknown_config_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"tiny.*did you mean compact\?"):
        find_config("compcat")


def test_a_config_in_configs_here_goes_before_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "tiny.toml").write_text(MINIMAL, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert find_config("tiny") == Path("configs/tiny.toml")
