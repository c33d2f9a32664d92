"""Training: courses with lessons and a quiz, what people have done of them, certificates."""
