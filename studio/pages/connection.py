"""The model servers that the settings name, a part of Home: whether they answer, and what they can do."""

import gradio as gr

from jobs.models.connection import named_servers, try_connection
from studio.bench import Bench
from studio.views import connection as view
from studio.wording import connection as words


def build(bench: Bench) -> None:
    """Lay the part out; it is shown only where the settings name a server. Nobody can point it anywhere else."""
    servers = named_servers(bench.workspace.settings)

    def tried() -> str:
        return view.as_markdown([try_connection(*server) for server in servers])

    with gr.Accordion(words.TITLE, open=False, visible=bool(servers), elem_id="connection"):
        gr.Markdown(words.HELP, elem_classes="quiet")
        button = gr.Button(words.TRY, size="sm", elem_id="try-connection", elem_classes="modest")
        came = gr.Markdown(elem_id="connection-came", latex_delimiters=[])
    button.click(tried, None, came, show_progress="minimal")
