"""`make bench`: this program and stock Rasa, one after the other on the same machine, several times. See `__main__`."""
