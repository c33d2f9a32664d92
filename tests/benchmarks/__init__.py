"""Figures to compare one state of the code with another; no test asserts a time."""
