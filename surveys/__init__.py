"""Surveys as data, and the arithmetic on their answers. A pure library."""
