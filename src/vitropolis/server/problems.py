"""A refusal on its way out: a status, a code that never changes, and words that say what to do."""

from __future__ import annotations

STATUS = {"refused": 403, "resources": 422, "input": 422, "usage": 422, "internal": 500, "busy": 503}


class ProblemError(Exception):
    """Ends a request with a `Problem` of this status, code and words; `headers` go with it."""

    def __init__(self, status: int, code: str, words: str, headers: dict[str, str] | None = None) -> None:
        self.status, self.code, self.words, self.headers = status, code, words, headers or {}
        super().__init__(words)


def told_by_clerk(wrong: dict[str, str]) -> ProblemError:
    """What a clerk found wrong, as a refusal."""
    return ProblemError(STATUS[wrong["code"]], wrong["code"], wrong["words"])
