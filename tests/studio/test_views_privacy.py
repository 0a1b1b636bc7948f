"""What leaves the computer is computed from the settings, and told without secrets."""

import pytest

from storage.settings import Settings
from studio.views.privacy import elsewhere, exceptions, privacy


def test_a_database_elsewhere_that_a_tool_asks_is_an_exception() -> None:
    said = privacy(Settings(), "", ["db.example.org", "localhost", "", "db.example.org"])
    assert said.count("the database at db.example.org") == 1
    assert "localhost" not in said
    assert privacy(Settings(), "", ["127.0.0.1", "", "/run/postgresql"]).startswith("**Nothing leaves this computer.**")


def test_pages_that_were_fetched_are_an_exception() -> None:
    pages = [f"https://site{number}.example/{page}" for number in range(7) for page in "ab"]
    said = privacy(Settings(), "", [], pages)
    assert said.startswith("**Nothing leaves this computer, except")
    assert "fetched from site0.example, site1.example, site2.example, site3.example, site4.example and 2 more;" in said


def test_services_that_tools_ask_are_an_exception() -> None:
    said = privacy(Settings(), "", [], [], ["/usr/bin/desk", "/usr/bin/desk"])
    assert said.count("When a tool starts /usr/bin/desk, the values that stand in the question go to it") == 1
    said = privacy(Settings(), "", [], [], ["api.example", "127.0.0.1", "api.example"])
    assert said.count("the service at api.example") == 1
    assert privacy(Settings(), "", [], [], ["localhost"]).startswith("**Nothing leaves this computer.**")


def test_without_settings_nothing_leaves() -> None:
    assert exceptions(Settings()) == []
    assert privacy(Settings(), "").startswith("**Nothing leaves this computer.**")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v1",
        "http://localhost:11434",
        "http://[::1]:9",
        "http://127.0.0.53",
        "postgresql:///triptych",
        "postgresql://user:word@/triptych?host=/run/postgresql",
        "sqlite:////home/a/b.db",
    ],
)
def test_an_address_of_this_computer_is_no_exception(url: str) -> None:
    assert elsewhere(url) == ""
    assert exceptions(Settings(model_url=url, database_url=url)) == []


def test_a_model_server_elsewhere_is_named_without_its_secrets() -> None:
    (told,) = exceptions(Settings(model_url="https://me:secret@models.example.org:8000/v1"))
    assert "go to the model server at models.example.org (TRIPTYCH" in told.replace("\\", "")
    assert "secret" not in told


def test_a_server_that_drafts_elsewhere_is_named() -> None:
    (told,) = exceptions(Settings(draft_url="https://me:secret@big.example.org/v1"))
    assert "drafted from documents, the passages go to the model server at big.example.org" in told
    assert "secret" not in told
    assert exceptions(Settings(draft_url="http://127.0.0.1:9")) == []


def test_a_server_that_judges_elsewhere_is_named() -> None:
    (told,) = exceptions(Settings(judge_url="https://me:secret@big.example.org/v1"))
    assert "judge answers, these go with their questions and wanted answers to the model server at big" in told
    assert "secret" not in told


def test_a_database_elsewhere_is_named_without_its_password() -> None:
    (told,) = exceptions(Settings(database_url="postgresql://triptych:secret@db:5432/triptych"))
    assert "are kept by the database at db" in told
    assert "secret" not in told


def test_a_database_whose_host_is_a_parameter_is_found() -> None:
    assert elsewhere("postgresql:///x?host=db.example.org") == "db.example.org"
    assert elsewhere("postgresql://localhost/x?hostaddr=10.0.0.7") == "10.0.0.7"


def test_a_studio_on_the_network_says_so() -> None:
    (told,) = exceptions(Settings(host="0.0.0.0"))
    assert "over the network" in told


def test_all_exceptions_stand_under_one_heading() -> None:
    everything = Settings(host="0.0.0.0", model_url="http://10.0.0.7", database_url="postgresql://db/x")
    said = privacy(everything, "https://huggingface.co")
    assert said.startswith("**Nothing leaves this computer, except what you have set:**\n\n- Questions")
    assert said.count("\n- ") == 3
    assert said.endswith("asked for at huggingface.co or at the Python package index; nothing of yours is sent along.")


def test_a_hub_of_this_computer_needs_no_word() -> None:
    assert "fetched" not in privacy(Settings(), "http://localhost:5000")
