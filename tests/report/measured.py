"""Keep the numbers of a run with ranges for the page of headlines: `python -m tests.report.measured FOLDER`.

The kept run is `vitropolis run beijing-2018-press --filling middle --size 200k`. Then write the page anew:
`vitropolis odd --headlines > docs/headlines.md`.
"""

from __future__ import annotations

import json
import sys

from vitropolis.report.headline_page import KEPT, measured_in
from vitropolis.results import open_run


def main(folder: str) -> None:
    """Open a run, which checks it, and keep what the page needs."""
    said = measured_in(open_run(folder))
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in said.pop("headlines").items())
    head = json.dumps(said, indent=1).removesuffix("\n}")
    KEPT.write_text(f'{head},\n "headlines": {{\n{rows}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
