"""Set-up and launching: the environments, the model and the four processes, from one command.

Runs before anything is installed: the standard library only, Python 3.9 or later, and no import of the program that it
launches.
"""
