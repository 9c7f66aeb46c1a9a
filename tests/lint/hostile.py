"""A policy whose every text tries to break out of the format that it is shown in."""

from __future__ import annotations

from typing import Any

from tests.lint.cases import AS_OF
from tests.lint.tiny import behaviour, listing, measure, score, tiny

from vitropolis.lint.check import Report, check

MARKS = (
    "::error file=x::pwn", "%0A::warning::x", "line one\nline two\r\n::set-output name=a::b",
    "<script>alert(1)</script>", "<img src=https://evil.example/x onerror=y>",
    "a | b | c", "`code` *bold* _it_ [l](https://evil.example) # h",
    "</title></style><style>", '" onload="x', "'; --", "&lt;b&gt; &amp;", "\\| \\` \\n", "\u202egnirts\u200b",
)  # fmt: skip
TEXT = " ~ ".join(MARKS)


def hostile() -> Report:
    """A report on a policy with such texts in every place that takes one."""
    sections: dict[str, Any] = {
        "head": {"title": TEXT, "version": TEXT, "note": TEXT, "jurisdictions": [TEXT]},
        "purpose": {"statement": TEXT},
        "legal_basis": {"act": {"kind": "policy_document", "cite": TEXT, "title": TEXT}},
        "behaviours": {"posts": behaviour(conduct=["online_criticism"], kind="opinion", title=TEXT, points={"s": -60})},
        "scores": {"s": score({"good": 60, "poor": 0}, title=TEXT)},
        "lists": {"black": listing({"kind": "band", "score": "s", "bands": ["poor"]}, title=TEXT, legal_basis=["act"])},
        "measures": {"ban": measure({"kind": "listed", "lists": ["black"]}, title=TEXT, legal_basis=["act"],
                                    basic_list_ref=TEXT)},
        "sharing": {"bank": {"recipient": TEXT, "recipient_context": "credit_finance", "items": ["score"]}},
        "suppressions": [{"rule": "HR-19-1", "element": "behaviours.posts", "reason": TEXT, "by": TEXT,
                          "expires": AS_OF}],
        "monitoring": {"stop_conditions": [TEXT]},
    }  # fmt: skip
    return check(tiny(**sections), AS_OF)
