# ruff: noqa: RUF001  other scripts are the subject

import pytest

from fanin.text.sentences import sentences

ENGLISH = [
    ["The ferry leaves at 6 p.m. on Sundays.", "Tickets are sold on board."],
    ["Mr. and Mrs. Hale moved to St. Ives in Feb. 2019.", "They stayed."],
    ["It weighs approx. 3 t, i.e. more than a car.", "Use a crane."],
    ["The firm Kade Inc. sold it for $3.5 million.", "Nobody knew."],
    ["See Fig. 4 and pp. 12–14.", "They show the lock."],
    ["Lt. Col. A. B. Corran wrote it.", "It was printed in the U.K. in 1931."],
    ["The U.S. Navy came.", "It left soon."],
    ["She asked: “Is it open?”", "He nodded.", "Then they went in."],
    ["Bring ropes, fenders, etc.", "The harbour sells none."],
    ["Gates vs. sluices is an old debate.", "Both leak."],
    ["Version 3.2.1 was released.", "Version 4 was not."],
]
GERMAN = [
    ["Die Brücke wird am 3. Oktober 2026 gesperrt.", "Danach ist sie frei."],
    ["Nach § 12 Abs. 3 HafenG ist das verboten.", "Es kostet bis zu 80 Euro."],
    ["Im 19. Jahrhundert stand hier ein Kran.", "Er brannte ab."],
    ["Erlaubt sind z. B. Ruderboote, d. h. Boote ohne Motor.", "Andere warten."],
    ["Das Büro (Inh. Dr. Mai) liegt in der Hafenstr. 5.", "Es hat bis 18 Uhr offen."],
    ["Wir sind vom 1. bis 15. August zu.", "Rufen Sie an."],
    ["Es gibt Tee, Kaffee usw.", "Die Küche schließt um 20 Uhr."],
    ["Er gewann den 2. Preis.", "Sie kam auf Platz 1.", "Das war knapp."],
    ["Friedrich II. ließ sie bauen.", "Ludwig XIV. sah sie nie."],
    ["Laut Art. 5 Nr. 2 gilt das ggf. Auswärtigen zuerst."],
    ["Der Preis inkl. MwSt. beträgt ca. 40 Euro.", "Kinder zahlen nichts."],
    ["Am 24.12. Heiligabend ist zu.", "Am 27.12.", "Danach wieder offen."],
]
FRENCH = [
    ["M. Roux et Mme Petit tiennent le café.", "Il ouvre à 8 h."],
    ["Le phare date du XVIIe s.", "Il mesure 30 m.", "On le visite."],
    ["Voir p. 12, art. 4 et fig. 3.", "Tout y est."],
    ["Le port (env. 40 places) est plein, cf. la carte.", "Revenez demain."],
    ["On y vend du pain, du vin, etc.", "Le marché ferme à midi."],
    ["« C'est ouvert.\u00a0»", "Elle est entrée.", "Puis plus rien."],
    ["Le Dr. Morel habite au 5, av. Foch.", "Il est absent."],
    ["J.-C. Blanc a dessiné le quai.", "Il est beau."],
    ["Y a-t-il un bac ?", "Oui, à 9 h !", "Merci."],
    ["Né en 50 av. J.-C. à Rome, il y mourut.", "Il écrivit peu."],
]
SPANISH = [
    ["El Sr. Gil y la Sra. Ruiz viven en la Avda. Mayor.", "Son vecinos."],
    ["Ud. debe llamar al tel. 555.", "Contestan pronto."],
    ["Hay barcos, p. ej. Botes de remo, en el lago.", "Son gratis."],
    ["Véase la pág. 12 y el art. 4.", "No hay más."],
    ["EE. UU. firmó el acuerdo.", "España también."],
    ["¿Cuándo abre?", "¡A las nueve!", "Gracias."],
    ["Venden pan, queso, etc.", "El mercado cierra a las dos."],
    ["El Dr. Pérez llegó el 3 de mayo.", "Se fue el 5."],
    ["La Dra. Vega y el Lic. Soto firmaron.", "Nadie más."],
    ["Pesa aprox. 30 kg y cuesta 1.200 euros.", "Es caro."],
]
ITALIAN = [
    ["Il sig. Rossi e la sig.ra Bianchi arrivano alle 9.", "Poi partono."],
    ["Il dott. Verdi lavora dal 3 maggio.", "È bravo."],
    ["Si veda pag. 12 e l'art. 4 del regolamento.", "Basta così."],
    ["L'ing. Neri e l'avv. Costa non c'erano.", "Nessuno lo sa."],
    ["Vendono pane, vino, ecc.", "Il mercato chiude alle due."],
    ["Cfr. Dante, Inferno, cap. 3.", "È noto."],
    ["La Porto S.p.A. ha chiuso.", "Riapre domani."],
    ["Quando apre?", "Alle nove!", "Grazie."],
    ["V. De Sica nacque a Sora.", "Fu regista."],
    ["Nel sec. XIX era un faro.", "Ora è un bar."],
]
PORTUGUESE = [
    ["O Sr. Silva e a Sra. Costa moram na Av. Central.", "São vizinhos."],
    ["A Dra. Lima chega às 9 h.", "Ela fica até as 17 h."],
    ["Veja a pág. 12 e o art. 4.", "Não há mais."],
    ["Há barcos, p. ex. Canoas, no lago.", "São grátis."],
    ["O Prof. Melo e o Eng. Dias assinaram.", "Ninguém mais."],
    ["Vendem pão, queijo, etc.", "O mercado fecha às duas."],
    ["Pesa aprox. 30 kg e custa 1.200 euros.", "É caro."],
    ["A Porto Ltda. Norte fechou.", "Reabre amanhã."],
    ["Quando abre?", "Às nove!", "Obrigado."],
    ["Nasceu a 3 de maio de 1931.", "Morreu em 1999."],
]
DUTCH = [
    ["Dhr. Bakker en mevr. Smit wonen in de Kerkstr. 5.", "Zij zijn buren."],
    ["Er zijn boten, bijv. Kano's, te huur.", "Ze zijn gratis."],
    ["Zie blz. 12 en art. 4.", "Meer is er niet."],
    ["Drs. Mulder en ir. De Wit tekenden.", "Niemand anders."],
    ["Ze verkopen brood, kaas, enz.", "De markt sluit om twee uur."],
    ["Het kost ca. 40 euro incl. Btw.", "Kinderen betalen niets."],
    ["Prof. dr. Visser kwam op 3 mei.", "Hij bleef kort."],
    ["Het weegt 30 kg, d.w.z. Meer dan een fiets.", "Wees sterk."],
    ["Wanneer gaat hij open?", "Om negen uur!", "Dank u."],
    ["Haven B.V. Rotterdam is dicht.", "Morgen niet."],
]
OTHER_SCRIPTS = [
    ["متى يفتح الميناء؟", "يفتح في التاسعة."],
    ["هل القارب جاهز؟", "نعم!", "شكرا."],
    ["بندرگاہ کب کھلتی ہے؟", "نو بجے۔", "شکریہ۔"],
    ["بندرگاہ بند ہے۔", "کل کھلے گی۔"],
    ["बंदरगाह कब खुलता है?", "नौ बजे।", "धन्यवाद।"],
    ["नाव चली गई।", "दूसरी कल आएगी।"],
    ["Նավահանգիստը փակ է։", "Վաղը կբացվի։"],
    ["Ե՞րբ է բացվում։", "Ժամը իննին։"],
    ["ወደቡ ተዘግቷል።", "ነገ ይከፈታል።"],
    ["መቼ ይከፈታል፧", "በሦስት ሰዓት።"],
    ["港口关闭了。", "明天开放！", "几点？", "九点。"],
    ["港は閉まっています。", "明日開きます。"],
    ["「開いていますか？」", "はい。"],
    ["ท่าเรือปิดทำการในวันอาทิตย์", "วันจันทร์เปิดเก้าโมงเช้า"],
]


def read(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected", [*ENGLISH, *GERMAN, *FRENCH, *SPANISH, *ITALIAN, *PORTUGUESE, *DUTCH], ids=" ".join
)
def test_sentences_of_latin_scripts_go_on_after_abbreviations_ordinals_and_dates(expected: list[str]) -> None:
    assert read(" ".join(expected)) == expected


@pytest.mark.parametrize("expected", OTHER_SCRIPTS, ids=" ".join)
def test_sentences_of_other_scripts_end_at_their_own_stops(expected: list[str]) -> None:
    assert read(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "unit", ["1. ", "am 1. ", "z. B. ", "ก ", "กขค ", "؟", "։ ", "etc. ", "\u00a0»", ".\u00a0»", "12.12. "]
)
def test_each_rule_takes_work_in_proportion_to_the_text(unit: str, grows_in_proportion) -> None:
    grows_in_proportion(sentences, unit)


WRITTEN_LATER = (
    *(
        "She met Dr. Alice Brown at 5 p.m. on Friday.|They left early.",
        "The Smith v. Jones case closed in Sept. 2019.|Nobody appealed.",
        "He lives on Elm St. near the park.|It is quiet.",
        "See Fig. 3 and Sec. 2.1 for details.|Then read on.",
        "The firm, Acme Inc., was sold.|Its owner retired.",
        "J. R. R. Tolkien wrote it.|Readers loved it.",
        "Use e.g. a hammer.|Be careful!",
        "Is it open?|Yes, until 6 p.m.|Tickets cost $5.50.",
        "The U.S. Army arrived.|We waited.",
        'He said "Stop."|She did not.',
        "Mt. Everest is 8,848 m high.|It is cold there.",
        "Version 2.0.1 is out.|Update now.",
    ),
    *(
        "Am 3. Oktober ist Feiertag.|Alles ist zu.",
        "Das kostet ca. 20 Euro inkl. MwSt.|Bitte zahlen Sie bar.",
        "Dr. Müller und Prof. Weber kommen z. B. am Montag.|Alle sind da.",
        "Kaiser Karl V. starb 1558.|Sein Sohn erbte.",
        "Siehe S. 12 ff. und Abs. 3.|Danach weiter.",
        "Er wohnt in der Hauptstr. 5.|Sie nicht.",
        "Die Sitzung ist am 24.12.2025 um 10 Uhr.|Kommen Sie bitte.",
        "Der 1. FC Köln gewann.|Die Fans feierten.",
        "Das gilt u. a. für Kinder.|Erwachsene zahlen mehr.",
        "Sie kam im 19. Jahrhundert an.|Das Haus steht noch.",
        "Bitte ggf. anrufen.|Die Nr. lautet 123.",
        "Wir treffen uns am 5. Mai.|Es regnet.",
    ),
    *(
        "M. Dupont habite au 12 av. Foch.|Il est absent.",
        "Mme Durand arrive à 8 h.|Elle repart demain.",
        "Voir p. 12 et chap. 3.|Ensuite, lisez la suite.",
        "Le prix est de 3,50 euros env.|C'est peu.",
        "Il est né en janv. 1990.|Sa sœur aussi.",
        "Le Dr. Martin est là.|Il opère.",
        "J.-C. est une abréviation.|On la lit souvent.",
        "« C'est fini. »|Elle partit.",
        "Quoi ?|Rien !|Tant mieux.",
        "Les fruits, p. ex. les pommes, sont mûrs.|Mangez-en.",
        "La loi du 1er juil. 1901 reste.|Elle est connue.",
        "Napoléon Ier régna.|Il perdit.",
    ),
    *(
        "El Sr. García vive en la Avda. Central 5.|No está.",
        "La Dra. López llega a las 8 a. m. y sale.|Luego vuelve.",
        "Véase pág. 12 y cap. 3.|Después siga.",
        "EE. UU. firmó el acuerdo.|México no.",
        "¿Está abierto?|Sí, hasta las 6.|¡Venga!",
        "Cuesta aprox. 20 euros.|Es barato.",
        "El art. 5 lo dice.|Nadie lo lee.",
        "Ud. puede pasar.|Gracias.",
        "Nació en ene. de 1990.|Murió ayer.",
        "La empresa S.A. cerró.|Hubo despidos.",
        "Felipe II. reinó.|Murió en 1598.",
        "Compró pan, leche, etc.|Luego salió.",
    ),
    *(
        "Il sig. Rossi abita in via Roma n. 5.|Non c'è.",
        "Il dott. Bianchi arriva alle 8.|Poi esce.",
        "Vedi pag. 12 e cap. 3.|Poi continua.",
        "Costa ca. 20 euro.|È poco.",
        "L'art. 5 è chiaro.|Nessuno lo legge.",
        "La prof.ssa Verdi insegna.|Gli alunni ascoltano.",
        "È aperto?|Sì, fino alle 6.|Venga!",
        "Vittorio De Sica, V. De Sica per gli amici, era regista.|Girò molti film.",
        "Nacque nel sec. XIX a Roma.|Morì a Milano.",
        "La ditta S.p.A. chiuse.|Fu triste.",
        "Comprò pane, latte, ecc.|Poi uscì.",
        "Sono 1.500 persone.|Tutte sedute.",
    ),
    *(
        "O Sr. Silva mora na Av. Central 5.|Não está.",
        "A Dra. Costa chega às 8.|Depois sai.",
        "Ver pág. 12 e cap. 3.|Depois continue.",
        "Custa aprox. 20 euros.|É barato.",
        "O art. 5 diz isso.|Ninguém lê.",
        "Está aberto?|Sim, até às 6.|Venha!",
        "O Eng. Sousa saiu.|Voltou tarde.",
        "V. Exa. pode entrar.|Obrigado.",
        "Comprou pão, leite, etc.|Depois saiu.",
        "Nasceu no séc. XIX em Lisboa.|Morreu no Porto.",
        "A firma Lda. fechou.|Foi triste.",
        "D. João VI. regressou.|Era 1821.",
    ),
    *(
        "Dhr. Jansen woont op nr. 5.|Hij is weg.",
        "Mevr. de Vries komt om 8 uur.|Daarna gaat ze.",
        "Zie blz. 12 en hfdst. 3.|Lees verder.",
        "Het kost ca. 20 euro.|Dat is weinig.",
        "Neem bijv. een hamer.|Wees voorzichtig!",
        "Is het open?|Ja, tot 6 uur.|Kom maar!",
        "Prof. dr. Bakker spreekt.|Iedereen luistert.",
        "Dit geldt o.a. voor kinderen.|Anderen betalen.",
        "Hij kocht brood, melk, enz.|Toen ging hij.",
        "De firma B.V. sloot.|Het was triest.",
        "Op 3 sept. 2020 begon het.|Nu is het klaar.",
        "Het is d.w.z. klaar.|Ga maar.",
    ),
)
"""Twelve texts of each language, which were written after the rules; "|" stands between sentences."""

LATER_IN_OTHER_SCRIPTS = (
    "هل المكتب مفتوح؟ |نعم، حتى السادسة. |شكرا!",
    "یہ دکان بند ہے۔|کل کھلے گی۔",
    "दुकान बंद है।|कल खुलेगी।",
    "Խանութը փակ է։|Վաղը կբացվի։",
    "ሱቁ ተዘግቷል።|ነገ ይከፈታል።",
    "商店关门了。|明天开门！|几点？",
    "店は閉まっています。|明日開きます。",
    "「閉まっています。」と言った。|帰った。",
    "ร้านปิดทุกวันจันทร์ตลอดทั้งปี |เปิดอีกครั้งในวันอังคารตอนเช้า",
    "वह आया॥|फिर गया॥",
    "កន្លែងនេះបិទ។|ស្អែកបើក។",
    "ပိတ်ထားသည်။|မနက်ဖြန်ဖွင့်မည်။",
)


@pytest.mark.parametrize("marked", WRITTEN_LATER)
def test_sentences_of_texts_that_were_written_after_the_rules(marked: str) -> None:
    assert read(marked.replace("|", " ")) == marked.split("|")


@pytest.mark.parametrize("marked", LATER_IN_OTHER_SCRIPTS)
def test_sentences_of_other_scripts_that_were_written_after_the_rules(marked: str) -> None:
    assert read(marked.replace("|", "")) == [each.strip() for each in marked.split("|")]
