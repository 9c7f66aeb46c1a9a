"""The rules, one function each, a module for each body of law or kind of ground."""

from importlib import import_module

MODULES = (
    "consistency",
    "ai_act_scoring",
    "ai_act_duties",
    "gdpr_data",
    "gdpr_rights",
    "human_rights",
    "social_rights",
    "europe_unesco",
    "prc_lists",
    "prc_data",
    "us_credit",
    "due_process",
    "due_effects",
)


def load_all() -> None:
    """Import every module of rules, so that they register themselves."""
    for name in MODULES:
        import_module(f"vitropolis.lint.rules.{name}")
