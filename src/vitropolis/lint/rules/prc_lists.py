"""China: what may be recorded and listed, by whom, for how long, and how one gets off."""
