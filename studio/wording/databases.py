"""The words about databases that tools ask."""

ADD = "Ask a database"
HELP = (
    "The model fills in a form, never SQL; code makes the query, which can only read what you tick. A SQLite file is "
    "copied. Of a PostgreSQL database the address is kept and never shown again; give it a user that may only read."
)
FILE = "A SQLite file (up to 50 MB)"
ADDRESS = "or the address of a PostgreSQL database"
ADDRESS_HELP = "postgresql://user:password@host/database"
LOOK = "Look inside"
TABLES = "Which tables may be asked?"
COLUMNS = "Which of their columns?"
NAME = "Name"
NAME_HELP = "What it holds, for example shop."
OWN_WORDS = "Your own words (optional)"
OWN_WORDS_HELP = (
    "One line for each: revenue = Line.Price * Line.Quantity, or cost, price = Track.UnitPrice, or sold = InvoiceLine. "
    "A question is put to the database only where each of its words is explained: by such a line, a table, a column or "
    "a value."
)
ADD_BUTTON = "Add this database"
ONE_OF_THEM = "Choose a SQLite file or write the address of a PostgreSQL database."
NOT_BOTH = "There is a file and an address."
EXAMPLE = "Ask, for example: How many {table} are there?"
