"""Tasks of the vendor's people for the accounts in reach."""

from portal.services.tasks.acts import (
    TaskText,
    complete_task,
    create_task,
    due_range,
    edit_task,
    reopen_task,
    snooze_task,
    wake_task,
)
from portal.services.tasks.listing import (
    EVERYBODY,
    MINE,
    TaskPage,
    TaskQuestion,
    TaskRow,
    TaskTab,
    count_tasks,
    every_task,
    find_tasks,
    show_task,
    tasks_of_account,
    tasks_of_alert,
    today_tasks,
)
from portal.services.tasks.owners import owners_for, possible_owners

__all__ = [
    "EVERYBODY",
    "MINE",
    "TaskPage",
    "TaskQuestion",
    "TaskRow",
    "TaskTab",
    "TaskText",
    "complete_task",
    "count_tasks",
    "create_task",
    "due_range",
    "edit_task",
    "every_task",
    "find_tasks",
    "owners_for",
    "possible_owners",
    "reopen_task",
    "show_task",
    "snooze_task",
    "tasks_of_account",
    "tasks_of_alert",
    "today_tasks",
    "wake_task",
]
