"""Known answers: theory and published results to their digits, played through the engine itself.

`python -m verification` prints every table; each script can be run alone. Each script names its source.
"""
