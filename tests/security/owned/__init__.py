"""One object of each kind for one account, by the room that shows it."""
