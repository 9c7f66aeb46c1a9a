"""Numbers of the model beside observed ones: whether it meets data, which is not whether it computes what it says.

Nothing here is fitted. What a comparison can show, and what it cannot, is part of every page. Run a script as
`python -m vitropolis.validation.NAME`: it prints its page.
"""
