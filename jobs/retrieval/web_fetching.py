"""The job that fetches a web page: when it is here, the page is named, kept as a file, and its reading is asked for."""

import threading

from jobs.context import JobContext, Made
from jobs.fetching.fetch import Network
from jobs.queue import Queue
from jobs.requests import Fetch
from jobs.retrieval.web import ask_for_page, keep_page, reading_of, waiting_pages

# Pages of a site may share a title; two that come at once must not both find the same name free.
_naming = threading.Lock()


def fetch(request: Fetch, context: JobContext) -> Made:
    """Fetch the page of the request; raise FetchFault in a sentence where none comes."""
    return fetch_through(None, request, context)


def fetch_through(network: Network | None, request: Fetch, context: JobContext) -> Made:
    """Do the work of `fetch` over the given network. Of a page that was fetched twice one reading is asked for."""
    workspace, queue = context.workspace, Queue(context.workspace.database, context.workspace.clock)
    context.report(phase="fetch")
    context.check()
    asked = ask_for_page(request.address, network)
    context.check(fresh=True)
    with _naming:
        page = keep_page(workspace, request.collection, asked, waiting_pages(queue, request.collection))
        job = queue.enqueue(reading_of(page, request.collection), f"page of {context.job.id}")
    if (page.path, page.name) not in {(path, name) for path, name in job.spec["files"]}:
        (workspace.home / page.path).unlink()  # an attempt that was cut off has brought it already
    return Made({"reading": job.id})
