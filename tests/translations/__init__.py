"""The catalogues: whole, consistent, and written as one writes Chinese."""
