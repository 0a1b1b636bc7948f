"""A small shop as a SQLite database and as a PostgreSQL one, for tests of tools that ask databases."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

_TABLES = """
CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, name TEXT NOT NULL, city VARCHAR(40), phone TEXT);
CREATE TABLE purchase (purchase_id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer (customer_id),
                       placed TIMESTAMP, total NUMERIC(10, 2));
CREATE TABLE secrets (secret_id INTEGER PRIMARY KEY, word TEXT);
INSERT INTO customer VALUES (1, 'Ana Silva', 'Lisbon', NULL), (2, 'Bo Berg', 'Oslo', '555'),
                            (3, 'Cy Cole', 'Lisbon', NULL);
INSERT INTO purchase VALUES (1, 1, '2024-03-01 10:00:00', 10.10), (2, 1, '2025-05-01 10:00:00', 20.20),
                            (3, 2, '2025-06-01 10:00:00', 5.05);
INSERT INTO secrets VALUES (1, 'heliotrope');
"""


def sqlite_shop(folder: Path, more: str = "") -> Path:
    """Write the shop into a new file and return it; `more` is run after it."""
    file = folder / "shop.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(_TABLES + more)
    return file


def postgres_shop(url: str) -> str:
    """Write the shop into an empty database and return its address."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in filter(str.strip, _TABLES.split(";")):
            connection.execute(statement.encode())
    return url
