"""Main text: which blocks of a page are the article's, given the text nodes that trafilatura chose."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from retrieval.loaders.html_blocks import BlockForm, Container, HtmlBlock
from retrieval.loaders.html_data import word_count
from retrieval.structure.boilerplate import byline, is_boilerplate, is_date
from retrieval.structure.lines import ends_sentence
from retrieval.text.lazy_pattern import LazyPattern

_POINTER = LazyPattern(
    r"(?:related(?: (?:article|story|stories|content|coverage|links?))?|(?:read|see|learn) (?:more|also|next)|"
    r"also (?:read|on|see)|more (?:from|on|stories)|don'?t miss|recommended|you may also like|up next|watch|"
    r"trending|most (?:read|popular)|click here)\b.{0,140}",
    re.IGNORECASE,
)
"""Lines that point to another article; removed when most of the line is a link."""

_PROMOTION = LazyPattern(
    r"(?:(?:sign|signed) up (?:for|to)\b.{0,80}newsletter|subscribe (?:to|now|today)\b|follow \w+ on |"
    r"like (?:us on|this (?:story|article))|share this|click here (?:to|for)|get (?:the latest|our (?:free|daily))\b"
    r".{0,60}(?:inbox|newsletter)|have a tip\?|tell us what you think|filed under|posted in|tagged(?: with)?:|"
    r"(?:leave|post|add) a comment|comments?$|advertisement$|story continues|share (?:this|on)|all rights reserved|"
    r"copyright |©|join the conversation|download (?:the|our) .{0,30}\bapp\b|sources?: |tags?: |related\b.{0,20}: |"
    r"\[(?:related|read|see|watch|more|button)\b|(?:get|subscribe|sign up) .{0,160}click here\b)",
    re.IGNORECASE,
)
"""Beginnings of short paragraphs that are promotion."""

_SUBSCRIPTION = LazyPattern(
    r"\b(?:subscribers?[- ]only|(?:for|to|of) (?:our )?(?:paid |paying )?(?:subscribers|members)\b|"
    r"subscribe (?:now|today|to)\b|"
    r"already (?:a |an )?(?:subscriber|subscribed|member)|(?:sign|log) in to (?:read|continue)|"
    r"(?:continue|keep) reading\b|register (?:for free|now|to (?:read|continue)))",
    re.IGNORECASE,
)
"""Words of a prompt in the place of an article that is not free."""

_MAX_PROMOTION_WORDS = 30
_LINK_SHARE = 0.75
"""Mean share of links above which a list is one of links, and share below which a line is more than a link."""

_POINTER_LINK_SHARE = 0.5
_CHOSEN_SHARE = 0.5
"""Share of a block's characters that trafilatura must have chosen."""

_AROUND_SHARE = 0.6
"""Share of a container's text that must have been chosen before a sentence between is taken, too (F1 on the pages of
the article-extraction-benchmark: .976 at .6, .974 at .75)."""

_FURNITURE_TAGS = frozenset({"aside", "figcaption", "figure", "footer", "form", "menu", "nav"})
_FURNITURE = LazyPattern(
    r"(?<![a-z])(?:nav|menu|side-?bar|shar(?:e|ing)|social|related|recommend|promo|advert|ads?(?![a-z])|sponsor|"
    r"newsletter|subscri|sign-?up|comment|respon[ds]|disqus|bread-?crumb|cookie|consent|privacy|embed|placeholder|donat|"
    r"widget|tags?(?![a-z])|tag-?list|author|by-?line|bio(?![a-z])|meta(?![a-z])|date|time|caption|credit|copyright|"
    r"teaser|popular|trending|most-|carousel|gallery|slide|banner|modal|pop-?up|e?mail|inbox|overlay|pagination|pager|"
    r"log-?in|regist|rating|tool-?bar|print|info-?box|footer|disclaimer|legal|paywall|notice|read-?more|more-?on|also|"
    r"next|prev)"
)
"""Names of containers whose text is not the article's, unless trafilatura chose it."""

_REMOTE = LazyPattern(
    r"(?<![a-z])(?:comment|cookie|consent|privacy|related|newsletter|footer|side-?bar|disclaimer|modal)"
)
"""Names of containers that are not taken for the article's, however much text they hold."""

_DENSE_FACTOR = 3
"""How many times as many words the densest container must have as what trafilatura chose."""

_FEW_WORDS = 200
"""Words that trafilatura chose from which on it is right about the container."""

_STANDFIRST = LazyPattern(
    r"(?:(?<![a-z])(?:stand-?first|lead|lede|intro|deck?(?![a-z])|sub-?(?:title|head|line)|summary|chapo|preface|"
    r"teaser|excerpt|abstract|vorspann|description|ingress|sapo|entradilla|bajada|copete|sumario))"
)
"""Names of standfirsts, in the languages of the outlets whose pages were read."""

_PROSE_WORDS = 6
_STANDFIRST_WORDS = 8
_NAMED_STANDFIRST_WORDS = 4


def select(blocks: Sequence[HtmlBlock], chosen: set[int], title: str) -> list[HtmlBlock]:
    """Return the blocks of the article, in order.

    Left out are those that repeat the title, pointers to other articles, lists of nothing but links, promotion, and
    headings over nothing. Added are the standfirst, and sentences, quotations and headings between chosen blocks.

    Args:
        blocks: The blocks of the page.
        chosen: The numbers of the text nodes that trafilatura chose.
        title: The article's.
    """
    repeated = _folded(title)
    picked = [block.chosen_share(chosen) > _CHOSEN_SHARE and not is_elsewhere(block) for block in blocks]
    link_lists = set(_link_lists(blocks, picked))
    for at, block in enumerate(blocks):
        picked[at] = picked[at] and block.group not in link_lists and _folded(block.text) != repeated
    words = sum(_words(block, is_picked) for block, is_picked in zip(blocks, picked, strict=True))
    if words < _FEW_WORDS:
        dense = _densest(blocks)
        if sum(word_count(blocks[at].text) for at in dense) > words * _DENSE_FACTOR:
            for at in dense:
                picked[at] = True
    if any(picked):
        _recover(blocks, picked, repeated)
    found = [block for block, is_picked in zip(blocks, picked, strict=True) if is_picked]
    while found and found[-1].form is BlockForm.HEADING:
        found.pop()
    return found


def _words(block: HtmlBlock, is_picked: bool) -> int:
    return word_count(block.text) if is_picked and is_text(block) else 0


def _densest(blocks: Sequence[HtmlBlock]) -> list[int]:
    """Return the places of the sentences in the container that has most of them, whatever its name."""
    places: dict[Container, list[int]] = {}
    for at, block in enumerate(blocks):
        if block.form is BlockForm.TEXT and _is_prose(block) and not is_elsewhere(block):
            around = block.container.parent if block.container.tag == "p" else block.container
            if around is not None and not any(
                each.tag in _FURNITURE_TAGS or _REMOTE.search(each.names) for each in around.ancestors()
            ):
                places.setdefault(around, []).append(at)
    return max(places.values(), key=lambda found: sum(len(blocks[at].text) for at in found), default=[])


def _recover(blocks: Sequence[HtmlBlock], picked: list[bool], title: str) -> None:
    """Pick what trafilatura drops of an article: its standfirst, and sentences between and after those it chose."""
    prose = [at for at, block in enumerate(blocks) if picked[at] and _is_prose(block)] or [picked.index(True)]
    first, last = prose[0], len(picked) - 1 - picked[::-1].index(True)
    headline = next(
        (at for at in range(first, -1, -1) if _is_headline(blocks[at], title)),
        next((at for at in range(first, -1, -1) if blocks[at].container.tag == "h1"), None),
    )
    if headline is not None:
        picked[:headline] = [False] * headline
    shares = _ChosenShares(blocks, picked)
    texts = {_folded(block.text) for block, is_picked in zip(blocks, picked, strict=True) if is_picked} | {title}
    for at in range(first if headline is None else headline + 1, len(blocks)):
        block = blocks[at]
        if at > last and not (_are_siblings(block, blocks[last]) or _is_layout_cell(block)):
            continue
        around = shares.around(block)
        if picked[at] or around is None or block.form is BlockForm.ROW or is_elsewhere(block):
            continue
        is_lead = at < first
        if _is_furniture(block, around, lead=is_lead) or _folded(block.text) in texts:
            continue
        if is_lead:
            fits = _is_standfirst(block)
        elif at > last:
            fits = _is_prose(block)
        else:
            share = 1.0 if around.tag == "blockquote" else shares.of(around)
            fits = _fits_between(blocks, picked, at, share)
        if fits:
            picked[at] = True
            texts.add(_folded(block.text))
            if is_lead and block.form is BlockForm.HEADING:
                block.form, block.prefix = BlockForm.TEXT, ""


def _fits_between(blocks: Sequence[HtmlBlock], picked: Sequence[bool], at: int, share: float) -> bool:
    """Return whether a block between chosen ones is text of the article: prose, or beside chosen text."""
    block = blocks[at]
    precedes = at + 1 < len(blocks) and picked[at + 1] and _are_siblings(block, blocks[at + 1])
    if block.form is BlockForm.HEADING:
        return precedes
    if block.link_share > _POINTER_LINK_SHARE:
        is_reference = block.link_share < _LINK_SHARE or block.text.startswith(("http://", "https://", "www."))
        return is_reference and precedes and picked[at - 1] and _are_siblings(block, blocks[at - 1])
    return share >= _AROUND_SHARE and _is_prose(block)


def _are_siblings(one: HtmlBlock, other: HtmlBlock) -> bool:
    return one.container.parent is other.container.parent


def _is_layout_cell(block: HtmlBlock) -> bool:
    return "presentation" in block.container.names.split()


def _is_headline(block: HtmlBlock, title: str) -> bool:
    return block.form is BlockForm.HEADING and _folded(block.text) == title


class _ChosenShares:
    """The share of each container's text that was chosen."""

    def __init__(self, blocks: Sequence[HtmlBlock], picked: Sequence[bool]) -> None:
        self._whole: dict[Container, int] = {}
        self._chosen: dict[Container, int] = {}
        for block, is_picked in zip(blocks, picked, strict=True):
            for container in block.container.ancestors():
                self._whole[container] = self._whole.get(container, 0) + len(block.text)
                if is_picked:
                    self._chosen[container] = self._chosen.get(container, 0) + len(block.text)

    def of(self, container: Container) -> float:
        return self._chosen.get(container, 0) / self._whole[container]

    def around(self, block: HtmlBlock) -> Container | None:
        """Return the innermost container of a block that holds chosen text, too."""
        return next((each for each in block.container.ancestors() if each in self._chosen), None)


def _is_furniture(block: HtmlBlock, around: Container, *, lead: bool) -> bool:
    """Return whether a container of the block, inside of ``around``, is one of page furniture."""
    for container in block.container.ancestors():
        if container is around or (container.tag == "blockquote" and not lead):
            return False
        if container.tag == "footer" and container.parent is not None and container.parent.tag == "blockquote":
            continue  # who is quoted
        if container.tag in _FURNITURE_TAGS or (container.tag == "header" and not lead):
            return True
        if _FURNITURE.search(container.names) and not (lead and _STANDFIRST.search(container.names)):
            return True
    return False


def _is_standfirst(block: HtmlBlock) -> bool:
    """Return whether a block between headline and text is a sentence, or is named a standfirst."""
    if block.link_share > _POINTER_LINK_SHARE or _is_credit(block.text):
        return False
    near = list(itertools.islice(block.container.ancestors(), 3))
    named = any(_STANDFIRST.search(container.names) for container in near)
    named = named or any(container.tag == "header" for container in block.container.ancestors())
    words = word_count(block.text)
    return words >= _NAMED_STANDFIRST_WORDS if named else words >= _STANDFIRST_WORDS and ends_sentence(block.text)


def _is_prose(block: HtmlBlock) -> bool:
    """Return whether a block is a sentence or more, or stands in a block quotation."""
    if block.form is BlockForm.HEADING or block.link_share > _POINTER_LINK_SHARE or _is_credit(block.text):
        return False
    words = word_count(block.text)
    if any(container.tag == "blockquote" for container in itertools.islice(block.container.ancestors(), 3)):
        return words > 1
    return words >= _PROSE_WORDS and ends_sentence(block.text)


def is_text(block: HtmlBlock) -> bool:
    """Return whether a block says something: a sentence, an item or a row; no caption, credit or heading."""
    if block.form is BlockForm.HEADING or _is_credit(block.text):
        return False
    names = list(itertools.islice(block.container.ancestors(), 3))
    return not any(each.tag in {"figure", "figcaption"} or "caption" in each.names for each in names)


def _is_credit(text: str) -> bool:
    return is_boilerplate(text) or bool(byline(text)) or is_date(text)


def _link_lists(blocks: Sequence[HtmlBlock], picked: Sequence[bool]) -> Iterator[Container]:
    """Yield the lists whose items are nothing but links."""
    shares: dict[Container, list[float]] = {}
    for block, is_picked in zip(blocks, picked, strict=True):
        if is_picked and block.form is BlockForm.ITEM and block.group is not None:
            shares.setdefault(block.group, []).append(block.link_share)
    return (group for group, found in shares.items() if sum(found) > _LINK_SHARE * len(found))


def is_elsewhere(block: HtmlBlock) -> bool:
    """Return whether a block is a pointer to another article or promotion."""
    if block.form is BlockForm.ROW:
        return False
    if block.link_share > _POINTER_LINK_SHARE and _POINTER.match(block.text):
        return True
    return len(block.text.split()) <= _MAX_PROMOTION_WORDS and _PROMOTION.match(block.text) is not None


def is_subscription_prompt(block: HtmlBlock) -> bool:
    """Return whether a block is a heading, or asks to subscribe, to register or to sign in."""
    return block.form is BlockForm.HEADING or _SUBSCRIPTION.search(block.text) is not None


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
