"""What stands on the Home page."""

TITLE = "Which way answers best for your questions?"
INTRO = (
    "Teach a language model with your examples, your documents and your tools. Then ask one question and read five "
    "answers side by side, each with the evidence that made it."
)
STEPS = "Where you are"
RUNS = "At work now, and what went wrong"
NOT_YET = "◌ Not yet"
NEXT_WORDS = {
    "/examples": "Start with your own file",
    "/train": "Train on your examples",
    "/documents": "Add documents",
    "/tools": "Choose tools",
    "/compare": "Ask a question",
    "/scores": "Score the ways",
}
