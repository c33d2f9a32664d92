"""What lessons are called among the texts that are searched."""

from flask_babel import lazy_gettext as _l

from portal.domain.knowledge import LESSON
from portal.web.search_sources import KindWords, name_texts

name_texts({LESSON: KindWords(_l("Lesson"), _l("Lessons"), "play")})
