"""A Modelfile: how Ollama takes a GGUF file in, with the template that the model was trained with."""

from typing import Any

_SYSTEM, _USER, _ANSWER = "\x01system\x01", "\x01user\x01", "\x01answer\x01"


def modelfile(tokenizer: Any, file: str) -> str:
    """Return the Modelfile of `file`; the template is found by rendering the tokenizer's own one.

    Where the template has another form than one block for each role, Ollama is left to the one inside the file.
    """
    lines = [f"FROM ./{file}", "PARAMETER temperature 0", f'PARAMETER stop "{tokenizer.eos_token}"']
    template = _template(tokenizer)
    if template is not None:
        lines.append(f'TEMPLATE """{template}"""')
    return "\n".join(lines) + "\n"


def _template(tokenizer: Any) -> str | None:
    def rendered(*messages: tuple[str, str]) -> str:
        told = [{"role": role, "content": content} for role, content in messages]
        return str(tokenizer.apply_chat_template(told, tokenize=False, add_generation_prompt=True))

    with_system = rendered(("system", _SYSTEM), ("user", _USER))
    opening, _, rest = with_system.partition(_SYSTEM)
    end = rest.partition("\n")[0] + "\n"
    if "system" not in opening or not rest.startswith(end):
        return None
    before, _, after = opening.rpartition("system")
    block = f"{before}{{{{ .Role }}}}{after}{{{{ .Content }}}}{end}"
    plain = rendered(("user", _USER))
    asked = block.replace("{{ .Role }}", "user").replace("{{ .Content }}", _USER)
    default, found, last = plain.partition(asked)
    if not found or with_system != f"{opening}{_SYSTEM}{end}{asked}{last}":
        return None
    standing_in = f"{{{{- if not .System }}}}{default}{{{{ end }}}}" if default else ""
    return f"{standing_in}{{{{- range .Messages }}}}{block}{{{{ end }}}}{last}"
