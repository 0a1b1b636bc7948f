"""What columns are called that hold a question, an answer or another role, in the languages of most files."""

from typing import Literal, get_args

Role = Literal["question", "answer", "instruction", "context", "kind", "conversation", "turn"]
ROLES: tuple[Role, ...] = get_args(Role)

NAMES: dict[Role, str] = {
    "question": "question questions q query prompt ask asked frage fragen pregunta preguntas domanda pergunta vraag "
    "fråga spørgsmål spørsmål kysymys pytanie otázka kérdés soru întrebare вопрос питання ερώτηση 質問 问题 問題 질문 "
    "سؤال שאלה प्रश्न",
    "answer": "answer answers a response reply completion output antwort antworten respuesta réponse risposta resposta "
    "antwoord svar vastaus odpowiedź odpověď válasz cevap yanıt răspuns ответ відповідь απάντηση 回答 答案 답변 جواب "
    "תשובה उत्तर",
    "instruction": "instruction instructions system anweisung instrucción consigne istruzione",
    "context": "context passage kontext contexte contexto contesto abstract input",
    "kind": "kind type category qtype topic intent art thema categoría catégorie categoria kategorie",
    "conversation": "conversation dialogue dialog session thread chat gespräch unterhaltung",
    "turn": "turn",
}
# Names that say something only where nothing better is found.
WEAK_NAMES: dict[Role, str] = {
    "question": "instruction input user customer message utterance title",
    "answer": "target label intent category class assistant agent text content body description",
}
# A text alone is what is asked where a label stands beside it.
TEXT = "text"
NO_TEXTS = frozenset({"id", "ids", "nr", "no", "number", "date", "url", "start", "end", "count", "length"})
# What may follow the name of a conversation or a turn.
NUMBERING = frozenset({"id", "nr", "no", "number", "index", "idx"})
