"""Commands of `rasid` that are imported only when they are called, or when help lists them.

What a command's options need is not free: `rasid bulk` alone brings in a tenth of what a cold `rasid predict` takes.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

__all__ = ["LateCommands"]

_MODULES = {"bulk": "bulk.command", "export": "exports.command"}
"""The module of this package that has the function of the same name."""


class LateCommands(TyperGroup):
    """The commands of a typer application, and those of `_MODULES`."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All names, in the order help shows them."""
        return [*super().list_commands(ctx), *_MODULES]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, imported now if need be; None if there is none."""
        if cmd_name not in _MODULES:
            return super().get_command(ctx, cmd_name)
        module = import_module(f".{_MODULES[cmd_name]}", __package__)
        part = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        part.command(cmd_name)(getattr(module, cmd_name))
        return typer.main.get_command(part)
