"""What a server's refusals and broken connections mean, as errors of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openai

from storage.errors import ModelBusy, ModelFull, ModelUnavailable, NotFound, TooLarge, TriptychError, UserFault


@contextmanager
def translated() -> Iterator[None]:
    """Turn what `openai` raises inside into a sentence with a next step."""
    try:
        yield
    except openai.APIStatusError as error:
        raise _refusal(error) from error
    except openai.APITimeoutError as error:
        raise ModelUnavailable("The model server took too long to answer.") from error
    except openai.APIConnectionError as error:
        raise ModelUnavailable("The model server does not answer.") from error
    except openai.APIError as error:  # an error told in the middle of a stream
        raise ModelUnavailable(f"The model server broke off: {error.message}") from error


def _refusal(error: openai.APIStatusError) -> TriptychError:
    sentence, next_step = _told(error)
    kinds: dict[int, type[TriptychError]] = {404: NotFound, 413: TooLarge, 429: ModelFull, 503: ModelBusy}
    if error.status_code in {401, 403}:
        return ModelUnavailable("The model server does not accept our token.", "Restart Triptych.")
    usual = UserFault if 400 <= error.status_code < 500 else ModelUnavailable
    return kinds.get(error.status_code, usual)(sentence, next_step)


def _told(error: openai.APIStatusError) -> tuple[str, str | None]:
    """Return the server's sentence and, from our own server, its next step."""
    body: Any = error.body
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        return body["message"], body.get("next_step")
    return f"The model server refused the request ({error.status_code}).", None
