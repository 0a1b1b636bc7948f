"""The two tools of the sample company: look up an order, and refund one, which runs only after a person's yes."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import httpx
from pydantic import BaseModel, ValidationError

from jobs.tools.approving import UNKNOWN
from jobs.tools.order_questions import numbers_in, wishes_refund
from jobs.tools.tool import Arguments, Tool, ToolFault
from storage.announcing import note_of, read_note
from storage.records import Json, Permission, ToolRecord
from storage.workspace import Workspace

KIND = "sample"
LOOK_UP, REFUND = "order_status", "refund_order"
TITLES = {LOOK_UP: "Look up an order", REFUND: "Refund an order"}

SCHEMA: Json = {
    "type": "object",
    "properties": {"order": {"type": "string", "maxLength": 20, "description": "Its number, such as LC-4101"}},
    "required": ["order"],
    "additionalProperties": False,
}

_TIMEOUT = httpx.Timeout(5, connect=2)
_AWAY = (
    "The order service is not running. `triptych up` starts it; a studio in containers has none. "
    "Wait a moment and ask again."
)
_BROKEN = "The order service gave no answer that can be read. Wait a moment and ask again."
_UNSURE = f"The order service broke off. {UNKNOWN}. Look the order up before you ask again."


class _Order(BaseModel):
    """What the order service tells of an order."""

    order: str
    customer: str
    product: str
    total: float
    placed: date
    carrier: str
    status: str
    refunded_at: datetime | None


def add_order_tools(workspace: Workspace) -> None:
    """Keep the two tools in the workspace; where they are there already, what they may do stays as it is."""
    kept = {record.name for record in workspace.tools.list()}
    for tool in order_tools(workspace.home):
        if tool.name not in kept:
            workspace.tools.keep(ToolRecord(tool.name, KIND, tool.permission, tool.schema_sha256))


def remove_order_tools(workspace: Workspace) -> None:
    """Forget the two tools, where they are there."""
    for record in workspace.tools.list():
        if record.kind == KIND:
            workspace.tools.remove(record.name)


def order_tools(home: Path) -> tuple[Tool, Tool]:
    """Return the two tools for the order service of a home."""
    service = _Service(home)
    look_up = Tool(
        name=LOOK_UP,
        title=TITLES[LOOK_UP],
        description="Looks up where an order is: its state, product, total, carrier, and whether it was refunded.",
        schema=SCHEMA,
        run=service.look_up,
        narrow=_narrow,
        sure=lambda question: bool(numbers_in(question)),
        examples=(("Where is order LC-4101?", {"order": "LC-4101"}),),
    )
    refund = Tool(
        name=REFUND,
        title=TITLES[REFUND],
        description="Gives a customer the money of an order back.",
        schema=SCHEMA,
        run=service.refund,
        effect="acts",
        permission=Permission.ASK,
        narrow=lambda question: _narrow(question) if wishes_refund(question) else None,
        examples=(("Please refund order LC-4109.", {"order": "LC-4109"}),),
    )
    return look_up, refund


def _narrow(question: str) -> Json | None:
    found = numbers_in(question)
    return {**SCHEMA, "properties": {"order": {"enum": found}}} if found else None


class _Service:
    """The order service of a home, wherever it listens just now."""

    def __init__(self, home: Path) -> None:
        self._note = note_of(home, "orders")

    def look_up(self, arguments: Arguments) -> str:
        """Return an order in sentences."""
        number = _number(arguments)
        told = _order(self._answered(lambda at: at.get(f"/orders/{number}"), broken=_BROKEN), broken=_BROKEN)
        refunded = "is not refunded" if told.refunded_at is None else f"was refunded on {_day(told.refunded_at)}"
        return f"Order {told.order}: {told.status}. {_facts(told)} It {refunded}."

    def refund(self, arguments: Arguments) -> str:
        """Refund an order and return what was done in sentences."""
        number = _number(arguments)
        told = _order(self._answered(lambda at: at.post(f"/orders/{number}/refund"), broken=_UNSURE), broken=_UNSURE)
        return f"Order {told.order} is refunded: {told.total:.2f} euros go back to {told.customer}. {_facts(told)}"

    def _answered(self, ask: Callable[[httpx.Client], httpx.Response], *, broken: str) -> httpx.Response:
        """Return the service's answer; raise ToolFault where none came: with `broken` once it may have been heard."""
        at = read_note(self._note)
        if at is None:
            raise ToolFault(_AWAY)
        headers = {"Authorization": f"Bearer {at.token}"}
        try:
            # Between two programs of one computer there is no proxy, and an address that moves is none of ours.
            with httpx.Client(
                base_url=at.url, headers=headers, timeout=_TIMEOUT, trust_env=False, follow_redirects=False
            ) as client:
                return ask(client)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise ToolFault(_AWAY) from error
        except httpx.HTTPError as error:
            raise ToolFault(broken) from error


def _order(answer: httpx.Response, *, broken: str) -> _Order:
    """Read the service's answer; raise ToolFault with what it says, or with `broken`."""
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise ToolFault(f"{_said(answer)} Check the number and ask again.")
    if answer.status_code == httpx.codes.CONFLICT:
        raise ToolFault(f"{_said(answer)} Nothing was changed.")
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise ToolFault(_AWAY)  # another service has taken the place of the one that wrote the note
    try:
        answer.raise_for_status()
        return _Order.model_validate_json(answer.content)
    except (httpx.HTTPStatusError, ValidationError) as error:
        raise ToolFault(broken) from error


def _said(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"])
    except (ValueError, KeyError, TypeError):
        return "The order service refused."


def _number(arguments: Arguments) -> str:
    given = str(arguments["order"])
    found = numbers_in(given) or numbers_in(f"order {given}")
    if len(found) != 1:
        raise ToolFault(f"{given!r} is no order number. Write one such as LC-4101.")
    return found[0]


def _facts(told: _Order) -> str:
    return (
        f"Product: {told.product}. Total: {told.total:.2f} euros. Customer: {told.customer}. "
        f"Placed on {_day(told.placed)}. Carrier: {told.carrier}."
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
