"""The running application's file store."""

from portal.services.file_store import FileStore
from portal.web.state import state


def file_store() -> FileStore:
    return FileStore(state().settings.files)
