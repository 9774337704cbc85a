"""What a process tells of itself: log lines, the request that they belong to, figures for Prometheus, traces.

A library for all four processes, Rasa's among them: it runs on Python 3.10 and knows nothing of the program.
"""
