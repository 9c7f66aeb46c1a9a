"""More than one run: ranges over assumptions, the curve over error rates, channels of a disparity, what would reverse.

Everything here plays the run's own policies again, in memory and at a modest size, under other assumption values; what
comes out lies in the run's `study/` folder and never changes a number of the run itself. No study looks for a policy,
and none treats what people say or believe as something to be moved.
"""
