"""What is said of an uploaded file that is not there any more."""

CLEARED_AWAY = "{name} is no longer here: an upload is cleared away after a day, and when the studio starts anew."
CHOOSE_AGAIN = "Choose the file once more."
