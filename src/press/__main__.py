"""The command line of a book that gives it no other name: ``python -m press``."""

from press.desk.command import run_and_exit

run_and_exit()
