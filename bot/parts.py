"""Makes the app's parts, each from the settings and the parts it stands on, importing what it needs only then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.settings import ConfigurationError, Settings

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.answers import Answer
    from bot.app import App
    from bot.chain import Answerer
    from bot.conversation.store import Conversations
    from bot.providers.chat import ChatModel
    from bot.reader import Reader
    from bot.writing.checking import Verifier
    from bot.writing.rewriting import Rewriter
    from retrieval.chroma import Address
    from retrieval.embedding import Embedder
    from retrieval.quotes.desk import QuoteDesk
    from retrieval.search import Searcher
    from retrieval.vectors import Host, VectorIndex

VECTORS = "vectors"
"""Chroma's folder in the store; it may be deleted at any time."""


def make_embedder(app: App) -> Embedder:
    """Return the embedding model of the settings, its fast copy in the cache folder."""
    from retrieval.embedding import load_embedder  # noqa: PLC0415 (late: nothing heavy is imported before it is needed)

    exports = app.settings.cache_dir.expanduser()
    return load_embedder(app.settings.embedding_model, cache=app.folder, exports=exports)


def make_vectors(app: App) -> VectorIndex:
    """Return the index by meaning, in the store or on a Chroma server."""
    from retrieval.vectors import SMALL, VectorIndex  # noqa: PLC0415 (late, as above)

    return VectorIndex(app.library, _host(app), app.tell, small=SMALL)


def _host(app: App) -> Host:
    from retrieval.embedded import EmbeddedHost  # noqa: PLC0415 (late, as above)
    from retrieval.served import ServerHost  # noqa: PLC0415

    address = _chroma_address(app.settings)
    return ServerHost(address) if address else EmbeddedHost(app.folder / VECTORS)


def _chroma_address(settings: Settings) -> Address | None:
    from retrieval.chroma import Address  # noqa: PLC0415 (late, as above)

    if not settings.chroma_url:
        return None
    name, colon, value = settings.chroma_header.get_secret_value().partition(":")
    if name and not (colon and name.strip() and value.strip()):
        raise ConfigurationError('CHROMA_HEADER is not a header: write "Name: value"')
    headers = {name.strip(): value.strip()} if name else {}
    key = settings.chroma_api_key.get_secret_value()
    return Address(settings.chroma_url, headers, settings.chroma_tenant, settings.chroma_database, key)


def make_searcher(app: App) -> Searcher:
    """Return the search.

    Raises:
        FingerprintMismatch: The library was embedded with another model.
    """
    from retrieval.search import Searcher  # noqa: PLC0415 (late, as above)

    app.library.require(app.embedder.fingerprint)
    return Searcher(app.library, app.vectors, app.embedder)


def make_reader(app: App) -> Reader:
    """Return the fitted reader, which knows who speaks and who is who."""
    from bot.identified import IdentifyingReader  # noqa: PLC0415 (late, as above)
    from bot.reader import FittedReader  # noqa: PLC0415
    from bot.reading.weights import TermWeights  # noqa: PLC0415
    from bot.spoken import SpokenReader  # noqa: PLC0415

    fitted = FittedReader(app.embedder, TermWeights(app.library), wrong_costs=app.settings.wrong_costs)
    return SpokenReader(IdentifyingReader(fitted))


def make_answerer(app: App) -> Answerer:
    """Return the chat model's answerer where one is set, else the offline one."""
    from bot.extractive import Extractive  # noqa: PLC0415 (late, as above)

    offline = Extractive(app.reader, app.library, sentences=app.settings.answer_sentences)
    if not app.settings.chat_model:
        return offline
    from bot.writing.generative import Generative  # noqa: PLC0415 (only with a chat model)
    from bot.writing.writing import Limits  # noqa: PLC0415

    return Generative(app.chat, app.verifier, offline, app.library, Limits.of(app.settings))


def make_verifier(app: App) -> Verifier:
    """Return what checks claims, with a second opinion where one is set."""
    from bot.claims.verifier import ClaimVerifier  # noqa: PLC0415 (late, as above)

    verifier = ClaimVerifier(app.embedder)
    if not app.settings.verify_model:
        return verifier
    from bot.writing.second_opinion import SecondOpinion  # noqa: PLC0415 (only with such a model)

    return SecondOpinion(verifier, make_chat(app, app.settings.verify_model))


def make_rewriter(app: App) -> Rewriter | None:
    """Return the chat model's rewriter; None without one."""
    if not app.settings.chat_model:
        return None
    from bot.writing.rewriting import Rewriter  # noqa: PLC0415 (only with a chat model)

    return Rewriter(app.chat)


def make_chat(app: App, named: str) -> ChatModel:
    """Return the chat model that is ``named``.

    Raises:
        ConfigurationError: Its package is missing, its key is not set, or it refuses the settings.
    """
    from bot.providers.loading import open_chat  # noqa: PLC0415 (only with a chat model)

    return open_chat(app.settings, app.folder, named)


def make_quotes(app: App) -> QuoteDesk:
    """Return the quote desk."""
    from retrieval.quotes.desk import QuoteDesk  # noqa: PLC0415 (late, as above)

    return QuoteDesk(app.library)


def make_conversations(app: App) -> Conversations:
    """Return the kept conversations, closed with the app."""
    from bot.conversation.store import Conversations  # noqa: PLC0415 (late, as above)

    kept = Conversations(app.folder, retention_days=app.settings.retention_days)
    app.at_close(kept.close)
    return kept


def make_chain(app: App) -> Runnable[Any, Answer]:
    """Return the chain from question to answer; the model's fast copy loads while LangChain is imported."""
    load_ahead = getattr(app.embedder, "load_ahead", None)
    if load_ahead:
        load_ahead()
    from bot.chain import build_chain  # noqa: PLC0415 (imports LangChain)
    from bot.conversation.follow import FollowUps  # noqa: PLC0415 (late, as above)

    def near(text: str, others: Sequence[str]) -> Sequence[float]:
        rows = app.embedder.embed_passages([text, *others])
        return [float(row @ rows[0]) for row in rows[1:]]

    return build_chain(
        app.searcher,
        app.answerer,
        app.searched,
        passages=app.settings.passages,
        shelf=app.library,
        follow_ups=FollowUps(app.rewriter, app.library, near),
        sentences=app.settings.answer_sentences,
    )
