"""What to do about what the doctor finds."""

from collections.abc import Mapping

MEND: Mapping[str, str] = {
    "database": "Stop Triptych and bring back your latest backup with `triptych restore`.",
    "migrations": "Use the newest Triptych; it brings an older database up to date when it starts.",
    "jobs": "This should never be. Make a backup with `triptych backup` and report what this says.",
    "adapters": "Train again, or bring back your latest backup; the other trained models are not affected.",
    "checkpoints": "There is nothing to do: the training goes on from the checkpoint before it, or from its beginning.",
    "models": "Fetch the model again with `triptych models fetch ID`.",
    "disk": "Free some space; waiting jobs then go on by themselves.",
}
