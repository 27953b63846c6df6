"""A small newsroom's articles, and hits made of them, for tests of claims."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.articles import Article, ArticleInfo, Hit
from retrieval.structure.blocks import structure
from retrieval.structure.passages import split

STRIKE = """Harbour strike ends after 45 days

The dockers of Port Vell ended their strike on Tuesday after 45 days. The port authority agreed to raise wages by four
percent, Mayor Ada Quill said. About 1,200 dockers had walked out on 9 January.

Quill accused the shipping company Norsea of prolonging the dispute. Norsea did not comment on the agreement. The
company had sued the union in February, and the court rejected the lawsuit.

The strike cost the city an estimated $3.5 million. “It was the longest winter of my life,” said Tomas Reyes, who leads
the union. Reyes may run for the city council next year, two of his colleagues said.
"""

ORCHARD = """Frost hits the orchards

A late frost destroyed half of the cherry harvest in Kestrel Valley, growers said on Friday. Temperatures fell to minus
6 degrees, the lowest in 20 years. Lena Okafor, who owns 300 trees, lost all of her blossom.

The ministry of agriculture has not promised any aid. Minister Paul Brandt will visit the valley in May.
"""


def make_article(text: str, published: str = "") -> Article:
    """Return an article read as the program reads a file."""
    read = structure(text)
    title = read.title
    return Article(origin=f"news/{title}.txt", text=text, title=title, blocks=read.blocks, published=published)


def hits_of(articles: Sequence[Article]) -> list[Hit]:
    """Return every passage of the articles as if search had found it."""
    found = []
    for article in articles:
        passages = split(article)
        info = ArticleInfo(
            article.id,
            article.origin,
            article.title,
            "",
            "",
            "",
            "",
            article.published,
            len(article.text),
            len(passages),
        )
        found += [(passage, info) for passage in passages]
    return [Hit(passage, info, 1.0 / rank, rank) for rank, (passage, info) in enumerate(found, 1)]
