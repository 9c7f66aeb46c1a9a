"""`python -m verification [residents]`: every table of known answers; the exit code is 1 if a case is outside.

`residents` is the size for the base rates (default: the published 21,500,000).
"""

from __future__ import annotations

import sys

from verification import base_rates, cascades, contagion, list_chain, queue, refusals, switches, ten_and_ten


def main(arguments: list[str]) -> int:
    """Print all tables."""
    residents = int(arguments[0].replace(",", "")) if arguments else base_rates.N
    held = [list_chain.main(), base_rates.main(residents), queue.main(), contagion.main(), refusals.main()]
    held += [cascades.main(), switches.main(), ten_and_ten.main()]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
