"""Orthography: the British and American spelling of a word, with accents or without, have one form here.

Rules where a suffix is productive (organise, travelled, colour, centre), a list for the rest. No rule makes two words
one: "prise" and "prize", "refilled" and "refiled", "four" and "for" stay apart.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from retrieval.text.lazy_pattern import LazyPattern
from retrieval.text.lexicon import alternation, word_set

_OUR = alternation(
    word_set(
        """arb ard arm behavi cand clam col demean endeav enam fav ferv flav glam harb hon hum lab neighb od parl ranc
        rig rum sav savi splend succ tum val vap vig"""
    )
)
_RE = alternation(word_set("calib cent fib goit lit lust meag met mit och sab scept somb spect theat"))
_OGUE = alternation(word_set("anal catal demag dial epil monol pedag prol synag travel"))
_LL_SUFFIX = "ll(?=(?:ed|ings?|ingly|ers?|est|ors?|ists?|ous|ously|able)$)"

_RULES = tuple(
    (LazyPattern(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=[a-z]{3}i)s(?=(?:e[drs]?|ers|ings?|ations?|ational|ingly|abl[ey])$)", "z"),
        (r"(?<=[a-z]ly)s(?=(?:e[drs]?|ers|ing)$)", "z"),
        (rf"^((?:un|dis|mis|re|be|multi|over|out|mono)?(?:{_OUR}))our", r"\1or"),
        (rf"^((?:kilo|centi|milli|deci|micro|amphi|epi|lack)?(?:{_RE}))re(?=$|s$|d$|goer|glass|fold|piece)", r"\1er"),
        (rf"^((?:epi)?(?:{_RE})er)d$", r"\1ed"),
        (r"^((?:epi|re)?cent)ring$", r"\1ering"),
        (rf"^((?:{_OGUE})og)u(?:e(?=s?$)|(?=ed$|ing$))", r"\1"),
        (rf"^([a-z]*[aeiouy][^aeiouy]+[aeiouy]+)(?<!fi)(?<!ti)(?<!po){_LL_SUFFIX}", r"\1l"),
        (rf"^((?:re)?(?:fue|due|dia|tria|grue|crue)){_LL_SUFFIX}", r"\1l"),
        (r"(?<=[a-z]en)c(?=es?$|eless$)", "s"),
        (r"(?<=an)ae(?=sth|mi)|(?<=[kx])ae(?=mi)|^ae(?=sthet)|(?<=[mi])ae(?=val)|(?<=p)ae(?=d)", "e"),
        (r"(?<=^arch)ae(?=o)|(?<=^c)ae(?=sar[ei]an)|(?<=^f)ae(?=c)|(?<=^gyn)ae|(?<=^h)ae(?=m)|(?<=^pal)ae(?=o)", "e"),
        (r"^oe(?=str|soph|dem)|(?<=^f)oe(?=t)|(?<=rrh)oe(?=a)|(?<=^hom)oe(?=o)", "e"),
        (r"(?<=man)oe?(?=uv(?:re|ri|er))", "e"),
        (r"(?<=maneuv)re?(?=$|s$|ing|ab)|(?<=maneuv)re(?=d)", "er"),
        (r"(?<=maneuver)(?=d$)", "e"),
    )
)

_STEMS = dict(
    pair.split("/")
    for pair in """sceptic/skeptic plough/plow mould/mold moult/molt smoulder/smolder aluminium/aluminum sulph/sulf
    moustach/mustach cosi/cozi phoney/phony pyjama/pajama skilful/skillful wilful/willful
    fulfilment/fulfillment enrolment/enrollment instalment/installment judgement/judgment
    acknowledgement/acknowledgment artefact/artifact enquir/inquir despatch/dispatch
    tranquillity/tranquility yoghurt/yogurt doughnut/donut carcase/carcass cypher/cipher draught/draft
    snowplough/snowplow remould/remold sheikh/sheik fibreglass/fiberglass orientat/orient
    disorientat/disorient ageing/aging""".split()  # noqa: SIM905 (readable)
)
_WORDS = dict(
    pair.split("/")
    for pair in """tyre/tire tyres/tires kerb/curb kerbs/curbs grey/gray greys/grays greyed/grayed greying/graying
    greyish/grayish cheque/check cheques/checks jewellery/jewelry cosy/cozy furore/furor axe/ax
    storey/story storeys/stories disc/disk discs/disks gaol/jail tsar/czar tsars/czars advisor/adviser
    advisors/advisers protestor/protester protestors/protesters whisky/whiskey okay/ok mum/mom mums/moms
    mum's/mom's towards/toward forwards/forward backwards/backward afterwards/afterward upwards/upward
    downwards/downward inwards/inward outwards/outward onwards/onward learnt/learned burnt/burned
    dreamt/dreamed spelt/spelled spilt/spilled spoilt/spoiled leapt/leaped leant/leaned fulfil/fulfill
    fulfils/fulfills enrol/enroll enrols/enrolls distil/distill distils/distills instil/instill
    instils/instills enthral/enthrall appal/appall appals/appalls practise/practice practised/practiced
    practises/practices practising/practicing programme/program programmes/programs gramme/gram
    grammes/grams kilogramme/kilogram kilogrammes/kilograms focussed/focused focusses/focuses
    focussing/focusing benefitted/benefited benefitting/benefiting kidnaped/kidnapped kidnaping/kidnapping
    worshiped/worshipped worshiping/worshipping biassed/biased gipsy/gypsy gipsies/gypsies chilli/chili
    omelette/omelet woollen/woolen sizeable/sizable likeable/likable liveable/livable moveable/movable
    pedlar/peddler pedlars/peddlers""".split()  # noqa: SIM905 (readable)
)
_STEM = LazyPattern(f"^(?:{alternation(_STEMS)})")
_MARK = LazyPattern("[\u0300-\u036f]")


@lru_cache(maxsize=20_000)
def american(word: str, *, is_name: bool = False) -> str:
    """Return the American spelling of a folded word, as near as the rules come; the word itself where they say nothing.

    Not every form is a word ("otherwize"): forms are compared with one another, never shown.

    Args:
        word: In lower case.
        is_name: Whether it is written as a name: "Grey" is not "Gray", but a "Labour Centre" a "Labor Center".
    """
    stem, mark, ending = word.partition("'")
    if mark and word not in _WORDS:
        return american(stem, is_name=is_name) + mark + ending
    if not is_name:
        word = _WORDS.get(word, word)
        word = _STEM.sub(lambda stem: _STEMS[stem.group()], word)
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=50_000)
def american_term(term: str) -> str:
    """Return an analysed term, which may have lost an "e", as terms of both spellings are compared: "defenc"."""
    whole = f"{term}e"
    return changed.removesuffix("e") if (changed := american(whole)) != whole else american(term)


def without_accents(word: str) -> str:
    """Return a word without the accents of its Latin letters."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _MARK.sub("", unicodedata.normalize("NFD", word)))
