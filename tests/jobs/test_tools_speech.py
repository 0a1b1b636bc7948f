"""Read aloud makes real sound of a text that stands in the question, and it goes with its comparison."""

import wave
from pathlib import Path

import pytest

from jobs.intake.limited import run_limited
from jobs.queue import Queue
from jobs.removing.everything import delete_everything
from jobs.removing.things import Removing
from jobs.tools.builtin import speech
from jobs.tools.builtin.speaking import can_speak
from jobs.tools.builtin.speech import NAME, VOICES, read_aloud, sound_file, sound_name
from jobs.tools.registry import Registry, try_tool
from storage.errors import UserFault
from storage.records import Column, Json, ToolCall
from storage.workspace import Workspace

GREETING: Json = {"text": "Good morning from the workshop.", "language": "English"}
needs_voice = pytest.mark.skipif(not can_speak(), reason="espeakng-loader is not installed")


def wanted(workspace: Workspace, question: str) -> tuple[str, str] | None:
    tool = read_aloud(workspace)
    schema = tool.narrow(question)
    assert tool.sure(question) is (schema is not None)
    if schema is None:
        return None
    (text,), (language,) = (schema["properties"][name]["enum"] for name in ("text", "language"))
    return text, language


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ('Read "Good morning" aloud.', ("Good morning", "English")),
        ("Please read this aloud: Good morning,\nmy friend!", ("Good morning,\nmy friend!", "English")),
        ('Say out loud in German: "Guten Morgen"', ("Guten Morgen", "German")),
        ('Read aloud "This was said in French."', ("This was said in French.", "English")),
        ("Recite: Shall I compare thee?", ("Shall I compare thee?", "English")),
        ("How do I pronounce “Larkspur”?", ("Larkspur", "English")),
        ("Read this aloud:", None),
        ('What does "aloud" mean?', None),
        ("What does the manual say: is it waterproof?", None),
        ("Where is order LC-4101?", None),
        (f"Read this aloud: {'a' * (speech.LONGEST + 1)}", None),
    ],
)
def test_what_is_read_stands_in_the_question(workspace: Workspace, question: str, text: tuple[str, str] | None) -> None:
    assert wanted(workspace, question) == text


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Write a poem about a broom and recite it.", " Broom,\nold friend.\n", ("Broom,\nold friend.", "English")),
        ("Write a poem in German, then read the poem out loud", "Besen.", ("Besen.", "German")),
        ("Write a poem and read it to me.", "One line. " * 59 + "b" * 99, (("One line. " * 59).strip(), "English")),
        ("Write a poem and read it to me.", "a" * (speech.LONGEST + 1), None),
        ("Write a poem about a broom.", "Broom.", None),
        ("Did you read it?", "Yes.", None),
        ('Read "Good morning" aloud, then recite it.', "Good morning.", None),
    ],
)
def test_an_answer_is_read_where_the_question_wants_to_hear_it(
    workspace: Workspace, question: str, answer: str, said: tuple[str, str] | None
) -> None:
    given = read_aloud(workspace).after(question, answer)
    assert given == (None if said is None else {"text": said[0], "language": said[1]})


@needs_voice
def test_a_call_makes_a_sound_that_can_be_played(workspace: Workspace) -> None:
    call = try_tool(Registry(workspace), NAME, GREETING)
    assert call.error is None
    file = sound_file(workspace, sound_name(GREETING))
    assert file.stat().st_mode & 0o777 == 0o600
    with wave.open(str(file)) as sound:
        frames, rate = sound.getnframes(), sound.getframerate()
        loudest = max(abs(int.from_bytes(pair, "little", signed=True)) for pair in _pairs(sound.readframes(frames)))
    assert (sound.getnchannels(), sound.getsampwidth(), rate) == (1, 2, 22050)
    assert 1 < frames / rate < 6
    assert loudest > 1_000, "it is not silence"
    assert call.result == f"{frames / rate:.1f} seconds of sound in English."
    before = file.stat().st_mtime_ns
    assert try_tool(Registry(workspace), NAME, GREETING).result == call.result
    assert file.stat().st_mtime_ns == before, "the same text is not spoken twice"


def _pairs(sound: bytes) -> list[bytes]:
    return [sound[at : at + 2] for at in range(0, len(sound), 2)]


@needs_voice
def test_every_language_has_a_voice_and_they_differ() -> None:
    sounds = {voice: in_a_child("Banana 12", voice) for voice in VOICES.values()}
    assert len(set(sounds.values())) == len(VOICES)
    with pytest.raises(UserFault, match="no voice 'nobody'"):
        in_a_child("Banana", "nobody")


def in_a_child(text: str, voice: str) -> str:
    """Speak as the tool does: the library is made for one start in a process."""
    return run_limited("jobs.tools.builtin.speaking:spoken", text, voice, name="this text")


@needs_voice
@pytest.mark.parametrize("text", ["'; rm -rf ~; '", "<audio src=x>", "--version", "😀 ok", "a" * 600])
def test_any_text_is_only_text(workspace: Workspace, text: str) -> None:
    call = try_tool(Registry(workspace), NAME, {"text": text})
    assert call.error is None
    assert [path.name for path in workspace.folder("audio").iterdir()] == [f"{sound_name({'text': text})}.wav"]


def test_without_the_engine_it_says_so(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "can_speak", lambda: False)
    call = try_tool(Registry(workspace), NAME, GREETING)
    assert call.error == "Nothing here can speak: the package espeakng-loader is not installed."


def compared(workspace: Workspace, arguments: Json) -> tuple[str, Path]:
    """Keep a comparison whose column made this sound."""
    comparison = workspace.comparisons.start("Read it aloud", [Column("tools", "tools", tools=(NAME,))])
    attempt = workspace.comparisons.begin(comparison.id, "tools", "web")
    call = ToolCall(NAME, arguments, "1.0 seconds of sound in English.")
    body = {"type": "called", "call": {"tool": call.tool, "arguments": call.arguments, "result": call.result}}
    workspace.comparisons.append(comparison.id, "tools", attempt, "called", body)
    file = sound_file(workspace, sound_name(arguments))
    workspace.folder("audio")
    file.write_bytes(b"RIFF")
    return comparison.id, file


def test_a_sound_goes_with_the_last_comparison_that_has_it(workspace: Workspace) -> None:
    removing = Removing(workspace, Queue(workspace.database, workspace.clock))
    (first, file), (second, _) = compared(workspace, GREETING), compared(workspace, GREETING)
    other = compared(workspace, {"text": "Good night."})[1]
    removing.comparisons([first])
    assert file.exists()
    removing.comparisons([second])
    assert not file.exists()
    assert other.exists()
    removing.comparisons()
    assert not other.exists()


def test_deleting_everything_leaves_no_sound(workspace: Workspace) -> None:
    file = compared(workspace, GREETING)[1]
    delete_everything(workspace, Queue(workspace.database, workspace.clock))
    assert not file.exists()
