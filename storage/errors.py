"""Every error that a person may read: one tree, each with a sentence and a next step."""


class TriptychError(Exception):
    """Something a person can be told in one sentence, with what to do next.

    `str(error)` is the sentence. `next_step` says what to press or change; a class may give a usual one.
    """

    next_step = "Try again. If it happens again, run `triptych doctor`."

    def __init__(self, sentence: str, next_step: str | None = None) -> None:
        super().__init__(sentence)
        if next_step is not None:
            self.next_step = next_step


class UserFault(TriptychError):
    """What was given can't be used as it is; the person can mend it (exit code 1)."""

    next_step = "Change what you gave and try again."


class UnreadableFile(UserFault):
    """A file that can't be read as what it claims to be."""

    next_step = "Save the file again in one of the formats named on the page and upload it once more."


class UnusableRows(UserFault):
    """A table was read, but too few of its rows can be used."""

    next_step = "Add rows with a question and an answer each, and upload the file again."


class TooLarge(UserFault):
    """Something exceeds a limit that protects this computer."""

    next_step = "Split it into smaller parts."


class NotFound(UserFault):
    """A name or id that this workspace does not hold."""

    next_step = "Look at the list of what there is and choose from it."


class Deleted(NotFound):
    """Something that was here and that the person has deleted since."""

    next_step = "Bring it back where it was deleted, or choose another one."


class Missing(UserFault):
    """A way of answering or a job lacks a part that the person has not made yet."""

    next_step = "Make the missing part first."


class NotAllowed(UserFault):
    """Refused for safety; the sentence says by which rule."""

    next_step = "Read the rule in the sentence, then change the settings."


class OurFault(TriptychError):
    """Something of ours does not work (exit code 3)."""


class ModelUnavailable(OurFault):
    """The model server does not answer."""

    next_step = "Press Again in a few seconds. If it stays so, restart Triptych."


class ModelBusy(ModelUnavailable):
    """The model server is full or has lent its memory to a training."""

    next_step = "Wait until the training ends, or press Again in a moment."


class ModelFull(ModelBusy):
    """The model server answers and has as many questions waiting as it takes."""

    next_step = "Ask again in a moment."


class NoSpace(OurFault):
    """The disk is too full to go on safely."""

    next_step = "Free some space; nothing that was kept is harmed."


class Damaged(OurFault):
    """A kept file or row fails its check."""

    next_step = "Run `triptych doctor`; it names what is damaged and how to mend it."


class ClaimLost(TriptychError):
    """A job's row moved on to another owner; the work of this owner no longer counts."""

    next_step = "Nothing to do: the job goes on elsewhere."
