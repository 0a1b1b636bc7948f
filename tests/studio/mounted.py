"""The whole web application for tests, with a scripted model and pages of the test's own."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.testclient import TestClient

from jobs.answering.compare import Comparing
from jobs.queue import Queue
from storage.workspace import Workspace
from studio.app import build_app
from studio.bench import Bench
from tests.fakes import ScriptedModel

BASE_URL = "http://127.0.0.1:7860"


def reading_pages(seen: list[Any]) -> gr.Blocks:
    """One page: a file that is read as soon as it is uploaded, and what was in it."""

    def read(path: str) -> str:
        seen.append(path)
        with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - as any page might
            return file.read(40)

    with gr.Blocks(analytics_enabled=False) as pages:
        file, text = gr.File(), gr.Textbox()
        file.upload(read, file, text)
    return pages


@contextmanager
def mounted(
    workspace: Workspace, pages: Callable[[], gr.Blocks] = lambda: reading_pages([]), door: ScriptedModel | None = None
) -> Iterator[TestClient]:
    """Serve the application in this process."""
    door = door or ScriptedModel()
    bench = Bench(workspace, Queue(workspace.database, workspace.clock), door, Comparing(workspace, door))
    app = asyncio.run(_built(bench, pages))
    with TestClient(app, base_url=BASE_URL, follow_redirects=False) as client:
        yield client


async def _built(bench: Bench, pages: Callable[[], gr.Blocks]) -> FastAPI:
    # Inside a running loop; outside of one Gradio opens loops that it never closes.
    return build_app(bench, pages())
