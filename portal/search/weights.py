"""What counts how much; chosen with B and K1 on labelled English, misspelt and Chinese questions,
half of them kept back to check, and flat around these values.
"""

WEIGHTS = {"title": 1.3, "body": 1.0, "trigrams": 0.15}
B, K1 = {"title": 0.75, "body": 0.7, "trigrams": 0.7}, 0.8
"""BM25's share of the length norm by field, and its saturation."""
TITLE_FLOOR = 0.8
"""Added to a term's rarity in a title: where few words stand, each of them tells something."""
SYNONYM = 0.7
"""What a word counts that another one stands for."""
ASIDE = 0.5
"""Weight of an English stop word in a title."""
PHRASE = 1.5
"""Weight of a synonym of several words: more than one word, less than each of its words."""
BEGINNING = 0.5
"""Weight of a word that only begins as asked, against a whole one."""
OTHER_LANGUAGE = 0.8
"""Factor for an item that has no version in the reader's language."""
