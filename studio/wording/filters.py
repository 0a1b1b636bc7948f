"""The words about searching in some of the documents only."""

TITLE = "Look in some of them only"
NAMES = "Documents"
ENDINGS = "Kinds of files"
HEADING = "Below a heading with these words"
NOTHING = "No passage lies within what you chose."
NO_MATCH = "Nothing above the threshold within what you chose. Leave out a choice, or ask in other words."
CHOOSE_LESS = "Leave out one of the choices."
