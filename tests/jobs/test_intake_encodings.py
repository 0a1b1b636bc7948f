"""Files of any encoding are read with the right letters, and what was guessed is said."""

import time
from pathlib import Path

import pytest

from jobs.intake.encodings import encoding_of
from storage.errors import UnreadableFile

TEXTS = {
    "cp1252": "frage,antwort\nWie groß ist das Zelt?,Für drei Personen; Größe über 2 m\n",
    "mac_roman": "question,réponse\nOù puis-je l’acheter ?,Dans les magasins – à Paris\n",
    "cp1250": "pytanie,odpowiedź\nJak zwrócić artykuł?,W ciągu trzydziestu dni można zwrócić książkę\n",
    "cp1251": "вопрос,ответ\nКак вернуть товар?,В течение тридцати дней вы можете вернуть товар\n",
    "cp1253": "id,name\n1,Λεωνιδας\n2,Αλεξανδρος\n3,Μυρων\n",
    "cp1254": "soru,cevap\nÜrünü nasıl iade edebilirim?,Otuz gün içinde şubeye götürün, değiştirin\n",
    "cp932": "質問,回答\n返品はできますか?,三十日以内なら返品できます。送料はお客様負担です\n",
    "gb18030": "问题,答案\n如何退货?,三十天之内可以退货,运费由客户承担\n",
}


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "faq.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("codec", TEXTS)
def test_an_older_code_page_is_recognised_and_said(tmp_path: Path, codec: str) -> None:
    path = written(tmp_path, TEXTS[codec].encode(codec))
    found, note = encoding_of(path, "faq.csv")
    assert path.read_text(found) == TEXTS[codec]
    assert "not in UTF-8" in note


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_recognised_with_and_without_a_mark(tmp_path: Path, codec: str) -> None:
    path = written(tmp_path, "question,answer\nHow big?,Größe 2 m €\n".encode(codec))
    found, note = encoding_of(path, "faq.csv")
    assert path.read_text(found) == "question,answer\nHow big?,Größe 2 m €\n"
    assert note == ""


def test_curly_quotes_and_the_euro_are_western_and_not_japanese(tmp_path: Path) -> None:
    text = "q,a\nHow much is “one”?,It is 30 €\n"
    assert encoding_of(written(tmp_path, text.encode("cp1252")), "faq.csv")[0] == "cp1252"


def test_the_telling_line_may_stand_far_below(tmp_path: Path) -> None:
    data = b"question,answer\n" + b"plain,text\n" * 20_000 + "Größe,Übergröße für Füße\n".encode("cp1252")
    codec, note = encoding_of(written(tmp_path, data), "faq.csv")
    assert (codec, "“Größe”" in note) == ("cp1252", True)


def test_a_broken_byte_in_utf8_names_the_line(tmp_path: Path) -> None:
    data = "question,answer\nGrößenänderung?,Natürlich über fünf Größen\n".encode() + b"And this \xfc?,No\n"
    with pytest.raises(UnreadableFile, match=r"Line 3 of faq\.csv holds bytes that are not UTF-8"):
        encoding_of(written(tmp_path, data), "faq.csv")


def test_a_mark_without_its_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="UTF-16"):
        encoding_of(written(tmp_path, b"\xff\xfea"), "faq.csv")


def test_bytes_of_no_code_page_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no encoding"):
        encoding_of(written(tmp_path, bytes(range(129, 255)) * 40), "faq.csv")


def test_an_endless_word_is_read_in_no_time(tmp_path: Path) -> None:
    begun = time.monotonic()
    data = b"9" * 60_000 + " Größe über Füße für alle\n".encode("cp1252")
    assert "not in UTF-8" in encoding_of(written(tmp_path, data), "faq.csv")[1]
    assert time.monotonic() - begun < 2
