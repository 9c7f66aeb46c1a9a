"""The command line: one thin module for each command. Standard output is data, standard error is everything else."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what a command line asks (default: that of this process); return the exit code.

    0 done, 1 a check failed, 2 wrong call, 3 wrong input file, 4 refused, 5 memory, disk or rights are missing,
    70 our own mistake, 130 interrupted.
    """
    from vitropolis.cli.app import start

    return start(arguments)
