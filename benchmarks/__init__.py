"""How fast and how small: the yardstick beside other libraries, and the whole model beside a fixed kernel.

`make bench` runs both (docs/benchmarks.md). Nothing here is part of the package, and no test asserts a time.
"""
