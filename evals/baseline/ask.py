"""The baseline script as a process of its own: ``python -m evals.baseline.ask FOLDER [QUESTION]``.

With a question it prints the nearest chunk in FOLDER; without, it stores the texts on stdin, one per line.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Run."""
    from langchain_chroma import Chroma  # noqa: PLC0415 (what a whole process costs is what is measured)
    from langchain_core.documents import Document  # noqa: PLC0415
    from langchain_huggingface import HuggingFaceEmbeddings  # noqa: PLC0415
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # noqa: PLC0415

    from retrieval.embedding.model_files import DEFAULT_MODEL, find_model  # noqa: PLC0415

    embeddings = HuggingFaceEmbeddings(model_name=str(find_model(DEFAULT_MODEL).folder))
    store = Chroma("plain", embeddings, persist_directory=str(Path(arguments[0])))
    if len(arguments) > 1:
        sys.stdout.write(store.as_retriever().invoke(arguments[1])[0].page_content + "\n")
        return
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    store.add_documents(splitter.split_documents([Document(line) for line in sys.stdin]))


if __name__ == "__main__":
    main(sys.argv[1:])
