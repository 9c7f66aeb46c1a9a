"""Question 10: lawful speech that was not made, removals, petitions and appeals not made, silence. City totals alone.

Nothing here is by group, district or firm, and nothing is set in relation to removals: a count answers what was lost,
no number says what a removal "achieves".
"""

from __future__ import annotations

from collections.abc import Callable

from vitropolis.base.fixed import ONE16
from vitropolis.model.speech import LAWFUL, NATURE
from vitropolis.policy import CONDUCT, PERSON_WORDS
from vitropolis.report.question import NO_TWIN, Found, Question, ratio
from vitropolis.report.totals import Totals

LAWFUL_WORDS = tuple(place for place, nature in enumerate(NATURE) if nature & LAWFUL)
PETITIONS = tuple(place for place, word in enumerate(PERSON_WORDS) if CONDUCT[word].kind == "petition")
NEEDED = ("acts_by_word",)
MADE_BY = ("behaviours", "campaigns", "lists")
METHODS = {
    "speech_lost": "Acts of lawful speech (opinion, petition, complaint, assembly) in the twin less those in this "
    "world, over the run, in the whole city. They are lost to fear of removals and records, to deterrence, and to "
    "removed accounts.",
    "speech_lost_bystanders": "Of these, the share that people lost whose account was not removed at the time: what "
    "is lost less what people without an account did not say.",
    "accounts_removed": "Accounts removed in the city over the run.",
    "wrongly_removed": "Accounts removed from people whom no drive had seen do, in its days, what it is aimed at.",
    "petitions_lost": "Petitions in the twin less those in this world.",
    "appeals_feared": "Appeals that people who do not speak wanted to make and did not dare.",
    "silent": "Residents who do not speak in the last week: the share of classes of private threshold that are not "
    "reached, of the residents. Nobody is told apart by it.",
    "falsification": "Political study by people who do not speak, of the acts of loyalty shown in the city (taken part "
    "in political study, or not stayed away for fear): the share that is no sign of opinion.",
}


def speech_lost(totals: Totals, world: int) -> Found:
    """Acts of lawful speech lost against the twin."""
    return _less(totals, world, LAWFUL_WORDS)


def petitions_lost(totals: Totals, world: int) -> Found:
    """Petitions lost against the twin."""
    return _less(totals, world, PETITIONS)


def lost_by_bystanders(totals: Totals, world: int) -> Found:
    """The share of lawful speech lost that people lost whom nobody removed."""
    if totals.twin is None:
        return Found(None, status=NO_TWIN)
    lost = _acts(totals, totals.twin, LAWFUL_WORDS) - _acts(totals, world, LAWFUL_WORDS)
    return ratio(lost - _flow(totals, "cut", world), max(lost, 0))


def silent(totals: Totals, world: int) -> Found:
    """Residents who do not speak in the last week."""
    speaking = int(totals.held("speech_speaking").last[world])
    return _count(totals.residents * (ONE16 - speaking) // ONE16)


def falsified(totals: Totals, world: int) -> Found:
    """The share of shown loyalty that the silent show."""
    shown = _acts(totals, world, (PERSON_WORDS.index("political_study_done"),))
    feigned = _flow(totals, "loyalty_feigned", world)
    return ratio(feigned, max(shown, feigned))


def counted(name: str) -> Callable[[Totals, int], Found]:
    """A number of speech, added up over the run."""
    return lambda totals, world: _count(_flow(totals, name, world))


def _count(number: int) -> Found:
    return Found(float(number), number, None)


def _flow(totals: Totals, name: str, world: int) -> int:
    return int(totals.held(f"speech_{name}").sums[world])


def _acts(totals: Totals, world: int, words: tuple[int, ...]) -> int:
    return int(totals.by_word("acts_by_word", world)[list(words)].sum())


def _less(totals: Totals, world: int, words: tuple[int, ...]) -> Found:
    if totals.twin is None:
        return Found(None, status=NO_TWIN)
    return _count(_acts(totals, totals.twin, words) - _acts(totals, world, words))


SPEECH = (
    Question("lawful_speech_lost", "Acts of lawful speech lost", "acts", "speech_lost", speech_lost, NEEDED, MADE_BY,
             beside_twin=False),
    Question("speech_lost_by_others", "Lawful speech lost by people whose account nobody removed", "share",
             "speech_lost_bystanders", lost_by_bystanders, (*NEEDED, "speech_cut"), MADE_BY, beside_twin=False),
    Question("accounts_removed", "Accounts removed", "accounts", "accounts_removed", counted("removed"),
             ("speech_removed",), ("campaigns",)),
    Question("accounts_wrongly_removed", "Accounts removed from people who did nothing that the drive aims at",
             "accounts", "wrongly_removed", counted("wrongly_removed"), ("speech_wrongly_removed",), ("campaigns",)),
    Question("petitions_not_made", "Petitions not made", "petitions", "petitions_lost", petitions_lost, NEEDED, MADE_BY,
             beside_twin=False),
    Question("appeals_not_dared", "Appeals not made for fear", "appeals", "appeals_feared", counted("appeals_feared"),
             ("speech_appeals_feared",), MADE_BY),
    Question("silent_people", "People who do not speak on the last day", "people", "silent", silent,
             ("speech_speaking",), MADE_BY),
    Question("preference_falsified", "Loyalty shown by people who do not speak", "share of what is shown",
             "falsification", falsified, (*NEEDED, "speech_loyalty_feigned"), MADE_BY),
)  # fmt: skip
