"""For every kind of job: how it is asked for, and what must stand once after it, by subject."""
