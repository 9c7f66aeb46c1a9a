"""GDPR: which data may be used, on what basis, how long and how exact."""
