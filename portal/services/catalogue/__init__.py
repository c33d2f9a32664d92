"""The feature catalogue: what the product can do, which events tell of its use, who bought what.

Every change raises the catalogue's version, leaves an audit row and commits. All of it needs a
scope over all accounts.
"""
