"""Quality and speed of search, against Whoosh's own ranking and SQLite's FTS5, in one run."""
