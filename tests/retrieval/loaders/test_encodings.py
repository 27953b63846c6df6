from __future__ import annotations

import pytest

from retrieval.loaders.encodings import detect

SENTENCES = [
    ("cp1252", "El alcalde José Muñoz anunció que la ciudad construirá un nuevo puente en Logroño."),
    ("cp1252", "O prefeito de São Paulo, João Gonçalves, não aceitou a proposta."),
    ("cp1252", "Les élus ont dénoncé une décision « précipitée », a déclaré François Lefèvre."),
    ("cp1252", "Der Bürgermeister erklärte, die Brücke müsse geschlossen werden."),
    ("cp1252", "Vägen mellan Malmö och Göteborg är avstängd, säger Åsa Öberg."),
    ("cp1252", "Broen mellem Sjælland og Fyn er lukket, siger Søren Kjær."),
    ("cp1252", "Il sindaco ha detto che la città non può più aspettare."),
    ("cp1252", "Það er ekki hægt að bíða lengur, sagði Þórður."),
    ("cp1252", "“We can’t wait,” said the owner of the café – and José Muñoz of São Paulo paid £300."),
    ("mac_roman", "“We can’t wait,” said the owner of the café – and José Muñoz of São Paulo paid £300."),
    ("mac_roman", "El alcalde José Muñoz anunció que la ciudad construirá un nuevo puente."),
    ("cp1250", "Předseda vlády řekl, že most bude příští rok uzavřen. „Nemůžeme čekat,“ uvedl Dvořák."),
    ("cp1250", "Premier powiedział, że most zostanie zamknięty. Wójt gminy złożył wniosek."),
    ("cp1250", "A miniszterelnök azt mondta, hogy a győri hidat jövőre lezárják."),
    ("cp1250", "Locuitorii din Iaşi aşteaptă hotărârea instanţei, a spus preşedintele."),
    ("cp1250", "Građani čekaju odluku suda, a policija istražuje nesreću kod Šibenika."),
    ("iso8859_2", "Žádost podal už v červnu, řekl mluvčí školy v Českých Budějovicích."),
    ("cp1251", "Президент заявил, что мост будет закрыт в следующем году."),
    ("koi8_r", "Президент заявил, что мост будет закрыт в следующем году."),
    ("cp1251", "Поліція розслідує обставини аварії, жителі міста чекають на рішення суду."),
    ("cp1253", "Ο πρωθυπουργός είπε ότι η γέφυρα θα κλείσει τον επόμενο χρόνο."),
    ("cp1254", "Başbakan köprünün gelecek yıl kapatılacağını söyledi, İstanbul’da çok bir yer."),
    ("cp1257", "Premjeras sakė, kad tiltas kitais metais bus uždarytas ir gyventojai laukia sprendimo."),
]


@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize(("encoding", "text"), SENTENCES)
def test_the_encoding_is_the_one_that_gives_letters_and_words_of_a_language(
    encoding: str, text: str, times: int
) -> None:
    """Of a sentence as of an article; another code page with the same letters in these places is as good."""
    data = "\n".join([text] * times).encode(encoding)
    found = detect(data)
    assert found is not None
    assert data.decode(found) == data.decode(encoding)


@pytest.mark.parametrize("name", ["Muñoz", "São João", "Åsa Öberg", "naïve façade", "Zoë Lefèvre"])
def test_a_name_in_english_is_western(name: str) -> None:
    data = f"The mayor of the town met {name} on Monday, the council said.".encode("cp1252")
    assert detect(data) == "cp1252"


def test_other_scripts_are_left_to_charset_normalizer() -> None:
    text = "首相は来年、橋を閉鎖すると述べた。市民は裁判所の判断を待っている。警察は事故を調べている。" * 3
    assert detect(text.encode("cp932")) == "cp932"
    assert detect(bytes(range(128, 256)) * 40) is None
