"""`python -m studio`: the same as `triptych`."""

from studio.cli import main

if __name__ == "__main__":
    main()
