"""Ways to ask for what a tool does, and to say something that only looks like it; `{…}` is filled with values."""

# Of a look-up table: its rows by their key, and what stands in them.
OF_A_ROW = (
    "What do we know about {key}?",
    "What is the {column} of {key}?",
    "Can you look up {key} for me?",
    "I need the {column} of {key}.",
    "Tell me the {column} for {key}, please.",
    "Show me what is kept on {key}.",
    "{key} – what is its {column}?",
    "Please check {key}.",
    "Do you have the {column} of {key} at hand?",
    "Which {column} does {key} have?",
)
OF_A_DATABASE = (
    "How many {table} are there?",
    "How many {table} do we have?",
    "What is the number of {table}?",
    "List the {table}.",
    "How many {table} are there per {column}?",
    "Show all {table}.",
)
# By the name of a tool of Triptych's own.
BUILT_IN = {
    "calculator": (
        "What is {a} plus {b}?",
        "How much is {a} times {b}?",
        "{a} - {b} = ?",
        "What is {n}% of {a}?",
        "Please divide {a} by {n}.",
        "What is the average of {a}, {b} and {n}?",
        "I bought {n} boxes at {b} each. What do I pay?",
        "What do I pay for {a} with {n}% off?",
    ),
    "date_and_time": (
        "What time is it now?",
        "Which weekday is {date}?",
        "How many days are there between {date} and {other}?",
        "Which date is {n} days after {date}?",
        "What is today's date?",
        "How many days lie between {date} and {other}?",
        "What day of the week was {date}?",
        "What date is {n} weeks before {other}?",
    ),
    "convert_units": (
        "How many {unit} are {a} {of}?",
        "Convert {a} {of} to {unit}.",
        "What is {n} {of} in {unit}?",
        "{b} {of} in {unit}, please.",
    ),
    "read_aloud": (
        "Read this aloud: {sentence}",
        'Please read "{sentence}" out loud.',
        'Say "{sentence}" out loud.',
        "Could you read aloud: {sentence}",
    ),
}
UNITS = (("miles", "km"), ("pounds", "kg"), ("inches", "cm"), ("litres", "gallons"), ("hours", "minutes"))
SENTENCES = (
    "Good morning, how can I help you?",
    "Your parcel will arrive on Tuesday.",
    "We are closed on Sundays.",
    "Thank you for waiting.",
    "The meeting begins at ten.",
)
# Around a question that stands for itself.
AROUND = (
    "{question}",
    "{question} Thanks!",
    "Hello! {question}",
    "A customer asks: {later}",
    "I would like to know: {later}",
    "One more thing, please. {question}",
    "Could you help me with this? {question}",
    "Quick question: {later}",
)
# What holds the same values and wants no call.
NO_CALL = (
    "Translate this into German: {question}",
    "How could I ask this more politely? {question}",
    "Thank you, I have heard enough of {value}.",
    "Is this good English? {question}",
    "Write a short poem about {value}.",
    "Say this in fewer words: {question}",
    "My friend mentioned {value} yesterday and smiled.",
    "Why would somebody want to know this? {question}",
)
