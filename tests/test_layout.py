"""The package is what pyproject.toml says, every module imports by its installed name, and imports point one way."""

import ast
import importlib
import pkgutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import rasid.configs
import rasid.infer
import rasid.train

PACKAGES = (rasid.infer, rasid.train)
MODULES = sorted(
    name for package in PACKAGES for _, name, _ in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)
PYPROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", MODULES)
def test_every_module_imports_and_says_what_it_is_for(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, name


@pytest.mark.parametrize("name", [name for name in MODULES if hasattr(importlib.import_module(name), "__all__")])
def test_every_exported_name_is_there(name: str) -> None:
    module = importlib.import_module(name)
    assert [export for export in module.__all__ if not hasattr(module, export)] == []


def test_infer_never_imports_train() -> None:
    guilty = []
    for name in MODULES:
        if name.startswith("rasid.infer"):
            tree = ast.parse(Path(importlib.import_module(name).__file__ or "").read_text("utf-8"))
            for node in ast.walk(tree):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names.append(node.module or "")
                guilty += [name for imported in names if "train" in imported.split(".")]
    assert guilty == []


def test_every_package_is_listed_for_the_wheel() -> None:
    found = {"rasid.infer", "rasid.train", "rasid.configs"} | {
        name for name in MODULES if hasattr(importlib.import_module(name), "__path__")
    }
    assert set(PYPROJECT["tool"]["setuptools"]["packages"]) == found


def test_importing_the_library_loads_no_model_library() -> None:
    heavy = "{'torch', 'transformers', 'pydantic', 'rich', 'pyarrow'}"
    code = f"import sys, rasid.infer; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("package", [rasid.infer, rasid.train, rasid.configs])
def test_type_information_ships(package: object) -> None:
    (folder,) = package.__path__  # type: ignore[attr-defined]  # every package has a path
    assert (Path(folder) / "py.typed").exists()


def test_the_console_commands_exist() -> None:
    for target in PYPROJECT["project"]["scripts"].values():
        module, function = target.split(":")
        assert callable(getattr(importlib.import_module(module), function))
