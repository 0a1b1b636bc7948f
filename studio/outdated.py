"""A press on something that is not there any more: a list drawn anew meanwhile, or a page from before a restart."""

from fastapi import Request
from fastapi.responses import JSONResponse

from studio.wording import failures

_PRESSES = "/queue/join"


def no_longer_there(request: Request, error: Exception) -> JSONResponse:
    """Return what the page shows of a press whose function is unknown; anything else stays the error that it was.

    Lists that are drawn while the page is open have functions of their own, by number, which go when the list is drawn
    again. Gradio looks up the number and lets the KeyError pass.
    """
    if not (request.url.path.endswith(_PRESSES) and error.args and isinstance(error.args[0], int)):
        raise error
    return JSONResponse({"detail": failures.OUTDATED}, 409)
