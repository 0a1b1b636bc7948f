"""llama.cpp in an environment of its own: `python llamacpp_child.py MODEL THREADS`, prompts in, seconds out, as JSON.

Each line of the input is {"prompt": token ids, "tokens": how many to write, "fresh": forget what was read before}; the
answer to it is one line {"seconds", "written": token ids}. Needs llama-cpp-python only.
"""

import itertools
import json
import sys
import time

from llama_cpp import Llama

_LONGEST = 4096


def main() -> None:
    """Answer until the input ends."""
    path, threads = sys.argv[1], int(sys.argv[2])
    # Left alone it writes with half of the processor's cores.
    llama = Llama(path, n_ctx=_LONGEST, n_threads=threads, n_threads_batch=threads, verbose=False)
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["fresh"]:
            llama.reset()
        begun = time.monotonic()
        # Greedy; what the prompt shares with the one before is not read again, as everywhere in llama.cpp.
        written = list(itertools.islice(llama.generate(asked["prompt"], temp=0.0), asked["tokens"]))
        told = {"seconds": time.monotonic() - begun, "written": written}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
