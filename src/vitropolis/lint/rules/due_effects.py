"""Due process in effects: lock-in, stacking, cliffs, spill-over, remedies that come too late."""
