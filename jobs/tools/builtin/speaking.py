"""Text to sound by eSpeak NG, run in a child process of its own: the library is native code under another licence."""

import base64
import ctypes
import io
import wave

from storage.errors import UserFault

try:
    import espeakng_loader as _engine  # pyright: ignore[reportMissingTypeStubs]
except ImportError:  # there is no build of it for every kind of computer
    _engine = None

NO_ENGINE = "Nothing here can speak: the package espeakng-loader is not installed."
_RETRIEVE, _BY_CHARACTERS, _UTF8 = 1, 1, 1
_PCM_BYTES = 2
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


def can_speak() -> bool:
    """Whether the engine is installed."""
    return _engine is not None


def spoken(text: str, voice: str) -> str:
    """Return `text` as a WAV file (16 bits, one channel) in base64; raise UserFault where the engine does not speak."""
    if _engine is None:
        raise UserFault(NO_ENGINE)
    library = ctypes.CDLL(str(_engine.get_library_path()))
    rate = library.espeak_Initialize(_RETRIEVE, 0, str(_engine.get_data_path()).encode(), 0)
    if rate <= 0 or library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise UserFault(f"The engine has no voice {voice!r}.", "Choose another language.")
    sound = bytearray()

    def take(samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            sound.extend(ctypes.string_at(samples, count * _PCM_BYTES))
        return 0

    taken = _CALLBACK(take)
    library.espeak_SetSynthCallback(taken)
    said = text.encode() + b"\0"
    library.espeak_Synth(said, len(said), 0, _BY_CHARACTERS, 0, _UTF8, None, None)
    library.espeak_Synchronize()
    return base64.b64encode(_wav(bytes(sound), rate)).decode()


def _wav(sound: bytes, rate: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(_PCM_BYTES)
        written.setframerate(rate)
        written.writeframes(sound)
    return file.getvalue()
