"""Accounts of requests as text: one in full, many in a table, or all for scripts."""
