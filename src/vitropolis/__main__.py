"""`python -m vitropolis` is the same as `vitropolis`."""

from vitropolis.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
