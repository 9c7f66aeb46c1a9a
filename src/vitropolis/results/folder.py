"""The rooms of a run folder, and how a file comes into it: whole, or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vitropolis.base.errors import RefusedError, ResourceError, UsageError
from vitropolis.base.mark import mark_line

FORMAT = 2
MANIFEST = "run.json"
INPUTS, TAPE, CHECKPOINTS, UNFINISHED = "inputs", "tape", "checkpoints", "unfinished"
LISTS, INDICATORS, DISPLACED = "lists.parquet", "indicators.nc", "displaced.parquet"
FIRM_LISTS = "firm_lists.parquet"


def refuse_taken(out: Path) -> None:
    """UsageError if there is something where a run is to go; ResourceError if nothing can be written there."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        hint = "; `vitropolis resume` continues an interrupted run" if (out / MANIFEST).exists() else ""
        raise UsageError(f"{out} exists and is not empty; choose another folder{hint}")


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give a temporary folder to write into; it becomes `out` when it is whole, and is gone if it is not.

    ResourceError if the disk says no.
    """
    draft = out.absolute().with_name(f".{out.name}.draft-{os.getpid()}")
    with disk_trouble(out):
        try:
            draft.mkdir(parents=True)
            yield draft
            if out.is_dir():
                out.rmdir()
            draft.rename(out)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


def make_folder(out: Path, inputs: Mapping[str, bytes], manifest: Mapping[str, Any], seed: int) -> None:
    """Make a run folder that can be resumed from its first day on."""
    with new_folder(out) as draft:
        for name, content in inputs.items():
            path = draft / INPUTS / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for room in (TAPE, CHECKPOINTS, UNFINISHED):
            (draft / room).mkdir(parents=True)
            (draft / room / "README.txt").write_text(mark_line(seed) + "\n", encoding="utf-8")
        write_json(draft / MANIFEST, manifest)


@contextmanager
def disk_trouble(out: Path, advice: str = "") -> Iterator[None]:
    """Turn what the disk says into one ResourceError with a line that says what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        todo = "free some space or choose a smaller --size" if full else "choose another --out"
        why = "the disk is full" if full else (error.strerror or str(error))
        if isinstance(error, FileExistsError | NotADirectoryError):
            why = f"a file stands in the way ({error.filename})"
        raise ResourceError(f"{out}: cannot be written: {why}; {advice or todo}") from None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a JSON file beside its place and rename it when it is on the disk."""
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1, ensure_ascii=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(path)


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; it becomes `path` if all goes well and is gone if not."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        yield draft
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read `run.json`. UsageError if there is none, RefusedError if it is not one of ours."""
    if not (folder / MANIFEST).is_file():
        raise UsageError(f"{folder} is no run folder: it has no {MANIFEST}")
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise RefusedError(f"{folder}/{MANIFEST} cannot be read") from None
    if not isinstance(found, dict) or not {"format", "status", "seed", "inputs"} <= set(found):
        raise RefusedError(f"{folder}/{MANIFEST} is not one that this program writes")
    if found["format"] != FORMAT:
        raise RefusedError(f"{folder} has format {found['format']}, this program reads {FORMAT}; play it again")
    return found
