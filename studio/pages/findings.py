"""What the checks found in a table before it is kept: each finding with its rows, and what is done about it."""

from typing import Any

import gradio as gr

from jobs.intake.checks import Finding
from jobs.intake.table import Table
from studio.pages.events import QUIET
from studio.views import findings as view
from studio.wording import findings as words


def lay_out(table: gr.State, columns: gr.State, remedies: gr.State) -> gr.State:
    """Put the list on the page and return the state whose findings it draws; a choice changes `remedies`."""
    found = gr.State(())
    with gr.Column(elem_id="problems"):

        @gr.render(inputs=[found, table, columns], triggers=[found.change], show_progress="hidden")
        def listed(findings: tuple[Finding, ...], read: Table | None, chosen: dict[str, str]) -> None:
            gr.Markdown(f"## {words.TITLE}\n\n{words.HELP if findings else words.NOTHING}")
            for finding in findings:
                _finding(finding, read, chosen, remedies)

    return found


def _finding(finding: Finding, read: Table | None, chosen: dict[str, str], remedies: gr.State) -> None:
    with gr.Column(elem_classes="card", elem_id=f"finding-{finding.id}", key=f"finding-{finding.id}"):
        with gr.Row(elem_classes="listed-plain"):
            gr.Markdown(view.line(finding), latex_delimiters=[])
            if len(finding.actions) > 1:
                choice = gr.Dropdown(
                    view.actions(finding), value=finding.chosen, label=words.WHAT_WE_DO, show_label=False,
                    container=False, interactive=True, scale=0, min_width=210, elem_id=f"remedy-{finding.id}",
                )  # fmt: skip
                choice.input(_choose(finding.id), [choice, remedies], remedies, **QUIET)
            else:
                gr.Markdown(words.ACTIONS[finding.chosen], elem_classes="quiet")
        if read is not None and finding.rows:
            with gr.Accordion(words.show_rows(len(finding.rows)), open=False, elem_id=f"rows-of-{finding.id}"):
                gr.Markdown(view.rows_behind(finding, read, chosen), elem_classes="scrolled", latex_delimiters=[])


def _choose(check_id: str) -> Any:
    def choose(action: str, remedies: dict[str, str]) -> dict[str, str]:
        return {**remedies, check_id: action}

    return choose
