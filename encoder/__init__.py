"""Makes the bilingual sentence encoder: French taught to an English one, then phrasings of one outcome drawn together.

Runs in an environment of its own and imports nothing of the program but the readers of phrasings.
"""
