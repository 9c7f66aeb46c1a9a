"""Known answers: theory and published results to their digits, played through the engine itself.

`vitropolis verify` prints every case of every script in `known.SCRIPTS`; a script that plays the model can also be run
alone (`python -m vitropolis.verification.queue`) and then shows more of what it did. Each script names its source.
"""
