"""An account's adoption as the reader sees it: sentences, tiles and drawings from figures.

Champions and the vendor's desk look at the same page, so it is composed here, above the services
and below the rooms.
"""
