"""Keyword rules: a ticket goes where its words point, and to a person when they point nowhere or apart."""

import re
from dataclasses import dataclass

from .ticket import Category, Decision, Route, Ticket, Urgency


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A category, the queue that answers it, and the words that speak for it."""

    category: Category
    route: Route
    words: tuple[str, ...]


RULES = (
    Rule(
        category=Category.SECURITY,
        route=Route.SECURITY,
        words=("breach", "hacked", "leaked", "phishing", "stolen", "vulnerability"),
    ),
    Rule(
        category=Category.ACCESS,
        route=Route.ACCOUNTS,
        words=("locked out", "log in", "login", "mfa", "password", "sign in", "two-factor"),
    ),
    Rule(
        category=Category.BILLING,
        route=Route.FINANCE,
        words=("charged", "invoice", "payment", "receipt", "refund", "subscription"),
    ),
    Rule(
        category=Category.BUG,
        route=Route.ENGINEERING,
        words=("bug", "crash", "crashes", "error", "exception", "outage", "stack trace"),
    ),
    Rule(
        category=Category.HOW_TO,
        route=Route.HELP,
        words=("documentation", "guide", "how can i", "how do i", "tutorial", "where do i"),
    ),
)

URGENT_WORDS = ("asap", "breach", "data loss", "down", "hacked", "outage", "production", "stolen", "urgent")


def decide(ticket: Ticket) -> Decision:
    """Route a ticket by the rule with the most words in it; no word, or a draw, needs a person."""
    text = f"{ticket.subject}\n{ticket.body}".casefold()
    scores = {rule: len(_found(rule.words, text)) for rule in RULES}
    best = max(scores.values())
    leaders = [rule for rule, score in scores.items() if score == best]
    urgency = Urgency.HIGH if _found(URGENT_WORDS, text) else Urgency.NORMAL
    if best == 0:
        return _to_a_person(ticket, urgency, "no rule knows a word of this ticket")
    if len(leaders) > 1:
        names = ", ".join(sorted(rule.category for rule in leaders))
        return _to_a_person(ticket, urgency, f"the rules draw between {names}")
    rule = leaders[0]
    words = ", ".join(_found(rule.words, text))
    return Decision(
        ticket_id=ticket.id,
        category=rule.category,
        urgency=urgency,
        route=rule.route,
        needs_human=False,
        reason=f"{rule.category} by the words: {words}",
    )


def _to_a_person(ticket: Ticket, urgency: Urgency, reason: str) -> Decision:
    return Decision(
        ticket_id=ticket.id,
        category=Category.UNKNOWN,
        urgency=urgency,
        route=Route.FRONT_DESK,
        needs_human=True,
        reason=reason,
    )


def _found(words: tuple[str, ...], text: str) -> list[str]:
    return [word for word in words if re.search(rf"\b{re.escape(word)}\b", text)]
