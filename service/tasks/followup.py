"""What a worker does with what comes in, and with the end of a wave."""

from __future__ import annotations

import structlog

from service.usecases.close_waves import close_waves
from service.usecases.collect_mail import MailboxDown, collect_mail
from service.usecases.escalate_alerts import escalate_alerts
from service.usecases.plan_encouragement import plan_encouragement
from service.usecases.receive_replies import receive_replies
from service.usecases.record_receipts import record_receipts
from service.usecases.send_staff_notices import send_staff_notices
from service.usecases.services import Services

MOST_ROUNDS = 20


def receive(services: Services) -> int:
    """Work through replies and provider reports that were stored. How many."""
    total = 0
    for _ in range(MOST_ROUNDS):
        done = receive_replies(services) + record_receipts(services)
        total += done
        if done == 0:
            break
    return total


def collect(services: Services) -> int:
    """Read the mailbox. How many mails; a mailbox that is down is said in the log, and read at a later tick."""
    total = 0
    try:
        for _ in range(MOST_ROUNDS):
            done = collect_mail(services)
            total += done
            if done == 0:
                break
    except MailboxDown as down:
        structlog.get_logger("peil.worker").warning("mailbox_unavailable", kind=str(down))
    return total


def warn(services: Services) -> int:
    """Tell staff about alerts. How many notices were tried."""
    return send_staff_notices(services)


def escalate(services: Services) -> int:
    """Pass alerts on that nobody took on. How many."""
    return escalate_alerts(services)


def encourage(services: Services) -> int:
    """Write the next words of encouragement, and the reminders of activities that are near. How many."""
    return plan_encouragement(services)


def close(services: Services) -> int:
    """Open, close and mark the waves whose moment has come. How many changed."""
    return close_waves(services)
