"""The rules, one function each, a module for each body of law or kind of ground."""

from importlib import import_module

MODULES = (
    "consistency",
    "ai_act_scoring",
    "ai_act_prohibited",
    "ai_act_profiling",
    "ai_act_duties",
    "gdpr_purpose",
    "gdpr_data",
    "gdpr_dead",
    "gdpr_rights",
    "human_rights",
    "freedoms",
    "social_rights",
    "europe_unesco",
    "prc_lists",
    "prc_terms",
    "prc_data",
    "us_credit",
    "due_process",
    "due_lockin",
    "due_cliff",
    "due_effects",
    "due_remedy",
)


def load_all() -> None:
    """Import every module of rules, so that they register themselves."""
    for name in MODULES:
        import_module(f"vitropolis.lint.rules.{name}")
