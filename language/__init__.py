"""Which of the two languages a message is in: French or English, from one word on.

A library for the gateway and the bot (Python 3.10 and later). It decides between two languages only, never asks, and keeps
the conversation's language where the message says nothing ("ok", a number, a name, an address).
"""

from language.detect import Decision, Detector

__all__ = ["Decision", "Detector"]
