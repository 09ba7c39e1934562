"""Forms that the wizard, the deal page and the answer page share.

Each takes what the browser sent and gives what the services take; rules of the domain stay there.
"""
