"""The demo world: one invented vendor, its customers and 14 months of their usage."""
