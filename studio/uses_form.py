"""Fields of Compare and Scores that decide in which words columns answer."""

import gradio as gr

from jobs.requests import Choices
from studio.wording import compare as words


def label_switch(elem_id: str) -> gr.Checkbox:
    """Return the switch that lets a model which was taught labels answer with one of them only."""
    known = Choices.model_fields["labels"]
    return gr.Checkbox(True, label=known.title, info=known.description, elem_id=elem_id)


def freedom_choice(elem_id: str) -> gr.Radio:
    """Return the choice of how freely all columns word their answers: a temperature, said in words."""
    known = Choices.model_fields["temperature"]
    return gr.Radio(words.FREEDOMS, value=0.0, label=known.title, info=words.FREEDOM_HELP, elem_id=elem_id)


def wording_choice(elem_id: str) -> gr.Radio:
    """Return the choice between answers in the documents' words and in the model's own."""
    known = Choices.model_fields["wording"]
    return gr.Radio(words.WORDINGS, value=known.default, label=known.title, info=known.description, elem_id=elem_id)
