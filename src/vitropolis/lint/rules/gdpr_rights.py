"""GDPR: what people are told, may see, correct and contest; decisions by machine."""
