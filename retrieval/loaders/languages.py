"""Languages: letters beyond ASCII and commonest words, by which the encoding of a text is detected."""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """A written language.

    Attributes:
        letters: Its lower-case letters beyond ASCII.
        borrowed: Those of names and loanwords from its neighbours.
        words: Its commonest words, in lower case.
    """

    letters: frozenset[str]
    borrowed: frozenset[str]
    words: frozenset[str]


def _language(letters: str, words: str, borrowed: str = "") -> Language:
    return Language(frozenset(letters), frozenset(borrowed), frozenset(words.split()))


_WESTERN = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿœšžß"
_CENTRAL = "áâăäąćčçďđéęëěíîĺľłńňóôőöŕřśšşťţúůűüýźžżß"

_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"

LANGUAGES = {
    "English": _language(
        "",
        "the of and to in is was that for on with as at by he she it his her from said are be this have has not they"
        " who which were had an will would their been its after we you i can our what more",
        _WESTERN,
    ),
    "Spanish": _language(
        "áéíóúüñ",
        "de la que el en los se del las un por con no una su para es al lo como más pero sus le ha este sí porque esta"
        " entre cuando muy sin sobre también hasta hay dijo está años día fue son",
        _WESTERN,
    ),
    "Portuguese": _language(
        "áâãàçéêíóôõú",
        "de que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou muito"
        " nos já eu também só pelo pela até isso disse são está foi anos",
        _WESTERN,
    ),
    "French": _language(
        "àâæçéèêëîïôœùûüÿ",
        "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec son été"
        " mais comme on aux sa cette ont ses elle à même après où dit selon être",
        _WESTERN,
    ),
    "Italian": _language(
        "àèéìíòóù",
        "di e il la che in a per un del è non una sono le della con si da i come più lo nel al anche ha dei gli alla"
        " delle ma questo dalla suo stato ai perché ed già ancora detto anni",
        _WESTERN,
    ),
    "Catalan": _language(
        "àçéèíïóòúü",
        "de la i que el a les en per els un amb del una es no al més com ha seu va són però també aquest ser fet dels"
        " pel anys dir",
        _WESTERN,
    ),
    "German": _language(
        "äöüß",
        "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat"
        " dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder",
        _WESTERN,
    ),
    "Dutch": _language(
        "ëéïöüè",
        "de van het een en in is dat op te zijn voor met die niet aan er om ook als dan maar bij uit nog naar heeft hij"
        " ze was door over werd worden wordt zich ik",
        _WESTERN,
    ),
    "Swedish": _language(
        "åäöé",
        "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år"
        " säger under också efter eller nu där vid mot ska skulle blir",
        _WESTERN,
    ),
    "Danish": _language(
        "æøåé",
        "og i at det er en til af på for med den de ikke der som et har han om var men sig fra vi så kan når år siger"
        " også efter eller nu hvor ved mod skal blev være",
        _WESTERN,
    ),
    "Norwegian": _language(
        "æøåéòô",
        "og i at det er en til av på for med den de ikke som et har han om var men seg fra vi så kan når år sier også"
        " etter eller nå hvor ved mot skal ble være",
        _WESTERN,
    ),
    "Finnish": _language(
        "äöå",
        "ja on ei että oli se hän mutta ovat kun myös joka mukaan sen olla vuonna niin jos kuin tai hänen nyt vain sitä"
        " ole siitä jo sanoo ennen jälkeen",
        _WESTERN,
    ),
    "Icelandic": _language(
        "áéíóúýþæöð",
        "og að í á er sem til við um en var það hann ekki með fyrir af því hún eru frá verið þar hafa segir eftir",
        _WESTERN,
    ),
    "Czech": _language(
        "áčďéěíňóřšťúůýž",
        "a v na se je že s z do o to i za by ve pro ale k jsou po jako od který být při podle roce aby nebo jeho až co"
        " jak byl již tak které byla uvedl dnes své řekl jen mezi také",
        _CENTRAL,
    ),
    "Slovak": _language(
        "áäčďéíĺľňóôŕšťúýž",
        "a v na sa je že s z do o to aj za by vo pre ale k sú po ako od ktorý byť pri podľa roku aby alebo jeho až už"
        " tak ktoré bola uviedol dnes svoje povedal len medzi bol nie",
        _CENTRAL,
    ),
    "Polish": _language(
        "ąćęłńóśźż",
        "w i na z się do nie to że jest o a jak po od za przez ale dla są tym co był by tego oraz który ze jego już być"
        " roku które może tylko przed lat także jej ich czy powiedział u",
        _CENTRAL,
    ),
    "Hungarian": _language(
        "áéíóöőúüű",
        "a az és hogy nem is egy ez meg de azt volt csak már van ki el szerint még mint mert vagy ha minden fel lesz"
        " után pedig majd azonban kell több lehet sem ők mondta",
        _CENTRAL,
    ),
    "Romanian": _language(
        "ăâîşţșț",
        "de şi în a la că cu o nu pe din este un care se să mai pentru au fost dar sunt după fi ca al ale ai lui prin"
        " când această acest am iar spus fără și unei anul",
        _CENTRAL,
    ),
    "Croatian": _language(
        "čćđšž",
        "i u je na da se za su od s a o koji što ne kao to iz bi će ali sam po do nije kako ili koje biti samo nakon"
        " rekao više godine kada još prema",
        _CENTRAL,
    ),
    "Slovenian": _language(
        "čšž",
        "in je v na da se za so ki bi s tudi z pa po kot ne od pri o iz ali še bo ni kako že bil lahko leta so med le"
        " dejal ker",
        _CENTRAL,
    ),
    "Turkish": _language(
        "çğıöşüâî\u0307",
        "ve bir bu da de için ile olarak çok daha gibi olan o ne kadar sonra en var ama ise göre değil olduğu yeni diye"
        " her oldu dedi türkiye bin",
    ),
    "Latvian": _language(
        "āčēģīķļņšūž",
        "un ir ka no ar par uz kas to bet arī tas lai pēc gada vai jau nav kā bija tika tikai pie viņš",
    ),
    "Lithuanian": _language(
        "ąčęėįšųūž",
        "ir kad yra į su iš tai buvo bet kaip jis o už apie nuo ar dėl tik po jau taip pat per metų sakė savo būti",
    ),
    "Estonian": _language(
        "äõöüšž",
        "ja on et ei oli see ta kui ka aga mis oma selle kes seda siis või mida ning nii olid pärast ütles eest",
    ),
    "Russian": _language(
        _CYRILLIC + "ё",
        "и в не на что он с как по но из у за от о это к его для все так же она бы до был мы они только после при было"
        " этом года сказал которые",
    ),
    "Ukrainian": _language(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "і в на не що до з та у він як за це від про його для але було які є по був року також вона після щоб під або"
        " сказав може",
    ),
    "Bulgarian": _language(
        "абвгдежзийклмнопрстуфхцчшщъьюя",
        "на и да се в за от не с е че по са като до ще но той това при след или има към които между каза беше няма",
    ),
    "Serbian": _language(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        "и у је на да се за су од са о који што не као то из би ће али по до није рекао",
    ),
    "Greek": _language(
        "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
        "και το να του η της με που την για ο τα από οι στο των είναι θα δεν στην τον σε στη ότι στις μια ένα αλλά είπε"
        " έχει τους αυτό",
    ),
}
"""The languages of the code pages for Europe. Others are left to charset-normalizer."""
