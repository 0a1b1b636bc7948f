"""Which parts of a studio live, seen from outside: locks and answers count, process ids do not.

`python -m studio.health web|worker|model` ends with 0 where that part does its work: the health check of a container.
"""

import ssl
import sys
from typing import Any

import httpx

from jobs.models.endpoint import find_endpoint
from storage.errors import ModelUnavailable
from storage.locks import Locks
from storage.sample import sample_is_open
from storage.settings import Settings

READY = "ready"
RUNNING = "running"
LOADING = "loading"
LENT = "lent"
STOPPED = "stopped"
_PATIENCE_S = 2.0
# Our own parts speak plain HTTP on this computer. Reading the authorities' certificates for them would take 22 ms of
# processor time a look, and every open page looks all the time.
_UNREAD = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def health(settings: Settings) -> dict[str, Any]:
    """Return the state of each part, as `/healthz` shows it; the order service is one while the sample is open."""
    parts = {
        "web": {"state": RUNNING},
        "worker": {"state": RUNNING if worker_runs(settings) else STOPPED},
        "model": {"state": model_state(settings)},
    }
    if sample_is_open(settings.home):
        parts["orders"] = {"state": RUNNING if orders_run(settings) else STOPPED}
    return {"parts": parts}


def page_answers(settings: Settings) -> bool:
    """Whether the web process answers by now, at whichever address it binds."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    url = f"http://{f'[{name}]' if ':' in name else name}:{settings.port}/healthz"
    try:
        told = httpx.get(url, headers={"Host": "localhost"}, timeout=2, trust_env=False, verify=_UNREAD)
    except httpx.TransportError:
        return False
    return told.status_code == httpx.codes.OK


def worker_runs(settings: Settings) -> bool:
    """Whether a worker holds its lock in this home."""
    return _held(settings, "worker")


def model_server_runs(settings: Settings) -> bool:
    """Whether a model server holds its lock in this home; it may still be loading."""
    return _held(settings, "server")


def orders_run(settings: Settings) -> bool:
    """Whether an order service of the sample company holds its lock in this home."""
    return _held(settings, "orders")


def _held(settings: Settings, name: str) -> bool:
    folder = settings.home.expanduser() / "locks"
    return folder.is_dir() and Locks(folder).held(name)


def model_state(settings: Settings) -> str:
    """Return what the model server says it is doing: `ready` when it can answer, `stopped` where none listens."""
    try:
        endpoint = find_endpoint(settings)
        headers = {"Authorization": f"Bearer {endpoint.token}"} if endpoint.token else {}
        told = httpx.get(
            f"{endpoint.url}/healthz",
            headers=headers,
            timeout=_PATIENCE_S,
            trust_env=not endpoint.ours,
            verify=_UNREAD if endpoint.ours else True,
        )
    except ModelUnavailable:
        return STOPPED
    except httpx.TimeoutException:
        return LOADING  # somebody listens and is busy
    except httpx.TransportError:
        return STOPPED
    return _phase(told)


def _phase(told: httpx.Response) -> str:
    """Another server has no word for its phase: that it answers is all there is to know."""
    try:
        document = told.json()
    except ValueError:
        return READY
    return str(document.get("phase", READY)) if isinstance(document, dict) else READY


def well(part: str, settings: Settings) -> bool:
    """Whether a part does its work. A model server that loads, or makes room for a training, is as it should be."""
    match part:
        case "web":
            return page_answers(settings)
        case "worker":
            return worker_runs(settings)
        case "model":
            return model_state(settings) in {READY, LOADING, LENT}
        case _:
            return False


if __name__ == "__main__":
    sys.exit(0 if well("".join(sys.argv[1:2]), Settings()) else 1)
