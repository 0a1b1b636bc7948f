"""Files that somebody has bent: none of thousands may end in anything but a table or a sentence."""
