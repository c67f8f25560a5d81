"""What stands on a page: directives and roles, numbers, citations, terms, formulae, the reference of functions."""
