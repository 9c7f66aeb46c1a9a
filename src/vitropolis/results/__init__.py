"""What a run leaves on disk, and how it is read back: tape, lists, indicators, and the replay that checks a folder."""

from vitropolis.results.again import Rerun, rerun, resume
from vitropolis.results.progress import Progress, RunReport
from vitropolis.results.reader import OpenRun, open_run
from vitropolis.results.show import run_lines
from vitropolis.results.writer import play_to_folder

__all__ = ["OpenRun", "Progress", "Rerun", "RunReport", "open_run", "play_to_folder", "rerun", "resume", "run_lines"]
