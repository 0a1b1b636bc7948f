"""The studio's own endpoint: ways of answering as models of the OpenAI API, for a person's own programs."""
