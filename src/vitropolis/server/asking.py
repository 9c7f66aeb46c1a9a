"""What comes in, made into the contract's models or refused in words; and what goes out."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from vitropolis.server import contract as c
from vitropolis.server.guard import Buckets, answer_of, too_large, too_often
from vitropolis.server.problems import ProblemError

Model = TypeVar("Model", bound=BaseModel)


async def refused(_: Request, error: Exception) -> Response:
    """A refusal."""
    assert isinstance(error, ProblemError)
    return answer_of(error)


async def http(_: Request, error: Exception) -> Response:
    """What the routes refuse: an address or a method that there is not."""
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing under this address", 405: "this address does not take that method"}
    made = ProblemError(error.status_code, "http", words.get(error.status_code, str(error.detail)))
    made.headers = dict(error.headers or {})
    return answer_of(made)


async def ours(_: Request, __: Exception) -> Response:
    """A mistake of ours; the traceback goes to the server's own output."""
    words = "internal error; this is our mistake: the server's own output says where"
    return answer_of(ProblemError(500, "internal", words))


async def gone(_: Request, __: Exception) -> Response:
    """Who asked is gone."""
    return Response(status_code=400)


async def body(request: Request, model: type[Model]) -> Model:
    """The body as a model. ProblemError: 415 for another media type, 400 for what is no JSON or not of the contract."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ProblemError(415, "media", "send JSON: Content-Type: application/json")
    raw = await request.body()
    if len(raw) > c.MOST_BODY:
        raise too_large()
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise ProblemError(400, "contract", _said(error)) from None


def _said(error: ValidationError) -> str:
    found = [f"{'.'.join(str(part) for part in each['loc']) or 'body'}: {each['msg']}" for each in error.errors()[:5]]
    return "; ".join(found)[:1000]


def fits(value: Any, kind: Any) -> Any:
    """A part of the address, where it is one of those that there are; else 404."""
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        raise ProblemError(404, "address", "there is nothing under this address") from None


def whole(text: str) -> int | str:
    """A number in an address; what is none stays text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else text


def one_of(policy: str | None, text: str | None) -> None:
    """ProblemError unless exactly one of the two is there."""
    if (policy is None) == (text is None):
        raise ProblemError(400, "contract", "name a `policy` of the library or send a `text`, one of the two")


def take(buckets: Buckets, request: Request) -> None:
    """ProblemError where the bucket of who asks is empty."""
    wait = buckets.take(request.client.host if request.client else "")
    if wait:
        raise too_often(wait)


def fillings(entry: dict[str, Any]) -> list[str]:
    """Names of the other fillings of a template."""
    return [f"{entry['id']}-{name}" for name in entry["fillings"] if name != "middle"]


def told(model: BaseModel, status: int = 200) -> Response:
    """A model as an answer."""
    return Response(model.model_dump_json(), status, media_type="application/json")
