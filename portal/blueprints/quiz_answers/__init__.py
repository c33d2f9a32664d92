"""Answers in own words, to be read by those who look after the account."""

from portal.blueprints.quiz_answers.views import blueprint

__all__ = ["blueprint"]
