"""What keeps pages current: which to read and write again, and what is changed of Sphinx for it."""
