"""Lessons of due process: SyRI, Robodebt, technological due process."""
