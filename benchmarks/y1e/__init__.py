"""The yardstick: one small scenario, its exact law, its versions by this engine, NumPy, Polars, starsim and Mesa."""
