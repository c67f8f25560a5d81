"""The built book, the commands that build it, and what its authors need.

``extension`` is what Sphinx loads. Nothing is imported here: a command should not wait for the parts it does not use.

Not here: execution and the result store (``crossroads.runs``), what is published (``crossroads.exhibits``).
"""
