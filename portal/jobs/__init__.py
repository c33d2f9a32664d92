"""Kinds of jobs: one module per subject, found by the registry, called by a worker."""
