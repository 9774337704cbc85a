"""The billing backend: accounts, bills, payments and enrolments, with its own database and its own HTTP interface.

It knows nothing of conversations, languages of understanding or agents. Its callers reach it over HTTP only, with a
token that says on whose account they act.
"""
