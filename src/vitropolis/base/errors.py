"""What goes wrong, as part of the interface: one clear message each, with the exit code the command line ends with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Message:
    """One thing that is wrong: where it is and what to do about it.

    `line` is 1-based, 0 where the whole file is meant; `element` is a dotted path such as
    `measures.no_flights.action`, empty where no element is meant.
    """

    file: str
    line: int
    element: str
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.element, self.text) if part)


class VitropolisError(Exception):
    """Base of every error that a user may meet; `exit_code` is what the process ends with."""

    exit_code = 70


class InputError(VitropolisError):
    """A file or value that cannot be used; carries every message found, in the order of lines."""

    exit_code = 3

    def __init__(self, messages: Sequence[Message] | Message | str) -> None:
        if isinstance(messages, str):
            messages = Message("", 0, "", messages)
        found = [messages] if isinstance(messages, Message) else list(messages)
        self.messages = tuple(sorted(found))
        super().__init__("\n".join(str(message) for message in self.messages))


class UsageError(VitropolisError):
    """An option or argument that does not exist or cannot be combined so."""

    exit_code = 2


class RefusedError(VitropolisError):
    """Something this project does not do: records about people, a run folder it did not make."""

    exit_code = 4


class ResourceError(VitropolisError):
    """Memory, disk or permissions that are not there."""

    exit_code = 5


class InterruptedRun(VitropolisError):
    """The user stopped a run; what was played is kept in a folder that `resume` continues."""

    exit_code = 130
