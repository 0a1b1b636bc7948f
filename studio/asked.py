"""From what a person wrote to a request: what can't be used becomes a sentence that names the field as they know it."""

from typing import Any, TypeVar

from pydantic import ValidationError

from jobs.requests import Request
from storage.errors import UserFault
from studio.wording.failures import invalid

Asked = TypeVar("Asked", bound=Request)


def checked(request: type[Asked], values: dict[str, Any], next_step: str) -> Asked:
    """Return the request; raise UserFault with `next_step` where a value can't be used."""
    try:
        return request(**values)
    except ValidationError as error:
        titles = {name: field.title or name for name, field in request.model_fields.items()}
        raise UserFault(invalid(error, titles), next_step) from error
