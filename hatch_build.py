"""The step of every build that sees to it that the pages are in the package, and current."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PagesHook(BuildHookInterface):
    """Builds the pages before a wheel, an editable install or a source archive is made."""

    PLUGIN_NAME = "custom"

    def _tool(self) -> ModuleType:
        path = Path(self.root) / "tools" / "build_pages.py"
        spec = importlib.util.spec_from_file_location("build_pages", path)
        if spec is None or spec.loader is None:
            raise RuntimeError(f"{path} cannot be read: the copy of the project is not whole")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def dependencies(self) -> list[str]:
        """Return the package that brings Node, where it will be needed and the machine has none."""
        tool = self._tool()
        if tool.is_built():
            return []
        try:
            tool.choose()
        except tool.NoNode:
            return [tool.NODE_PACKAGE]
        return []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages; a wheel without them would open an empty window. Raises RuntimeError with one line."""
        tool = self._tool()
        try:
            tool.build()
        except (tool.NoNode, tool.NotBuilt) as trouble:
            raise RuntimeError(f"the pages are not built: {trouble}") from None
