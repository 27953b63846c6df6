"""What is derived inside the library, made anew: vectors for another model, the word index for another analyser."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from retrieval import rows, schema, stories
from retrieval.quotes import index as quote_index
from retrieval.weights import Fingerprint
from retrieval.writing import Writer, analysed, set_meta, text_key

if TYPE_CHECKING:  # late, as in rows.py
    import numpy as np
    from numpy.typing import NDArray


def restage(
    writer: Writer,
    fingerprint: Fingerprint,
    embed: Callable[[list[str]], NDArray[np.float32]],
    on_batch: Callable[[int], None],
    batch: int,
) -> None:
    """Embed every passage anew, then change models at one stroke.

    Until the stroke, everything stays as it was; what was embedded is kept, so that an interrupted rebuild goes on
    where it stopped. ``embed`` gets texts, ``on_batch`` the number of passages done.
    """
    connection = writer.connection
    if rows.meta(connection, "staging") != fingerprint.digest:
        with writer.transaction():
            abandoned = [row[0] for row in connection.execute("SELECT vector FROM staged")]
            connection.execute("DELETE FROM staged")
            writer.drop_vectors(abandoned)
            set_meta(connection, "staging", fingerprint.digest)
    last = 0
    while found := connection.execute(
        'SELECT p.key, p.article, p.start, p."end", p.context FROM passages p '
        "WHERE p.key > ? AND NOT EXISTS (SELECT 1 FROM staged WHERE passage = p.key) ORDER BY p.key LIMIT ?",
        (last, batch),
    ).fetchall():
        bodies = [rows.text(connection, article, start, end) for _, article, start, end, _ in found]
        texts = [f"{row[4]}\n{body}" if row[4] else body for row, body in zip(found, bodies, strict=True)]
        vectors = embed(texts)
        with writer.transaction():
            connection.executemany(
                "INSERT INTO staged VALUES (?, ?)",
                (
                    (row[0], writer.keep_vector(text_key(text, fingerprint), vector))
                    for row, text, vector in zip(found, texts, vectors, strict=True)
                ),
            )
        last = found[-1][0]
        on_batch(len(found))
    _switch(writer, fingerprint)


def _switch(writer: Writer, fingerprint: Fingerprint) -> None:
    connection = writer.connection
    with writer.transaction():
        connection.execute(
            "UPDATE passages SET vector = (SELECT vector FROM staged WHERE passage = passages.key), revision = ?",
            (writer.revision,),
        )
        connection.execute("DELETE FROM staged")
        connection.execute("DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages WHERE vector = vectors.key)")
        set_meta(connection, "staging", "")
        writer.adopt(fingerprint)
        writer.touched = True


def reindex(connection: sqlite3.Connection) -> None:
    """Make the word index anew with the present analyser, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("DROP TABLE IF EXISTS vocabulary")
        connection.execute("DROP TABLE IF EXISTS word_index")
        for statement in filter(str.strip, schema.WORD_INDEX.split(";")):
            connection.execute(statement)
        for key, article, start, end, context in connection.execute(
            'SELECT key, article, start, "end", context FROM passages'
        ):
            connection.execute(
                "INSERT INTO word_index (rowid, context, body) VALUES (?, ?, ?)",
                (key, *analysed(context, rows.text(connection, article, start, end))),
            )
        set_meta(connection, "analyser", schema.ANALYSER)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def reindex_quotes(connection: sqlite3.Connection) -> None:
    """Make the quote desk's index anew, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        keys = [key for (key,) in connection.execute("SELECT key FROM articles ORDER BY key")]
        quote_index.rebuild(connection, ((key, rows.text(connection, key)) for key in keys))
        set_meta(connection, "quotes", quote_index.INDEX_VERSION)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def resketch(connection: sqlite3.Connection) -> None:
    """Make the sketches of all articles anew, in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        keys = [key for (key,) in connection.execute("SELECT key FROM articles ORDER BY key")]
        stories.rebuild(connection, ((key, quote_index.stored(connection, key).split()) for key in keys))
        set_meta(connection, "sketches", stories.SKETCH_VERSION)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
