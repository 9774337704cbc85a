"""What a message names: accounts, bills, dates, amounts, machines …, each with the value that the rest of the program works with.

A library for the actions and the bot (Python 3.10 and later), for French and English. It reads text and knows nothing else: no
account is looked up, and nothing that is found proves who writes.
"""

from entities.find import find
from entities.reading import KINDS, LONGEST, Entity

__all__ = ["KINDS", "LONGEST", "Entity", "find"]
