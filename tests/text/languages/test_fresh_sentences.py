"""Sentences of texts that nobody looked at while the rules were made; some kinds were corrected by them."""

# ruff: noqa: RUF001  other scripts are the subject

import pytest

from fanin.text.sentences import sentences

MARKED = {
    "english": (
        "The depot opens at 7.30 a.m. daily.| Ring twice.",
        "He met Gov. Ruiz and Rep. Oduya.| Both agreed.",
        "Add 2 tbsp. of oil, then stir.| Serve warm.",
        "Room No. 12 is closed.| Use No. 14.",
        "Dr. J. P. Okafor, Ph.D., signed it.| It is valid.",
        "The U.N. voted on Tues. Jan. 6.| Nothing changed.",
        "Is it e.g. a dam?| No.| It is a weir!",
        "The unit costs $4.50 per sq. ft. in bulk.| Order early.",
        "Acme Ltd. was founded by Smith Jr. in 1902.| It closed.",
        "Turn left at St. Mark's Ave. and walk.| You are there.",
        "She said “Stop.”| Then it rained.",
        "It ran on Node.js 20.1 until Sept. 3.| Then it broke.",
        "Wait... what?| Nothing.",
    ),
    "german": (
        "Der Zug hält um 8.15 Uhr in St. Pölten.| Er fährt dann weiter.",
        "Prof. Dr. Lenz sprach am 2. Mai.| Danach gab es Tee.",
        "Die Fa. Grün GmbH & Co. KG liefert i. d. R. in 3 Tagen.| Bestellen Sie bald.",
        "Vgl. S. 14 ff. und Kap. 3.| Dort steht alles.",
        "Das gilt u. a. für Kinder bis einschl. 6 Jahren.| Andere zahlen.",
        "Am 1. Advent ist Markt.| Am 2. Advent nicht.",
        "Er wurde am 5. 3. 1980 geb. und lebt in Bern.| Er malt.",
        "Bitte bis spätestens Mo., 4. Jan., melden.| Danke.",
        "Karl V. regierte lange.| Sein Sohn folgte.",
        "Das Paket wiegt max. 5 kg, mind. 200 g.| Porto zahlt der Käufer.",
        "Siehe Abb. 3 bzw. Tab. 2.| Beide fehlen.",
        "Es kostet 1.250,50 Euro zzgl. Versand.| Das ist viel.",
    ),
    "french": (
        "Mlle Roy arrive le 1er mai à 9 h 30.| Elle repart le 3.",
        "La S.A.R.L. Dupont a déménagé av. Foch.| Le tél. est le 01.02.03.04.05.",
        "Le Dr Morel et le Pr. Blanc opèrent.| Tout va bien.",
        "Il vécut au IVe s. av. J.-C. en Grèce.| On le cite.",
        "C'est ouvert du lun. au ven.| Le sam. on ferme.",
        "Voir chap. 4, p. ex. la note.| Elle est claire.",
        "Il cria : « Partez ! »| Ils restèrent.",
        "Le n° 5 est vendu.| Le n° 6 reste.",
        "St-Malo compte 46 000 hab. en hiver.| L'été, bien plus.",
        "Le vol. 2 paraît en oct. 2026.| Le vol. 3 suivra.",
        "Jean-Paul II y vint en 1980.| La foule aussi.",
    ),
    "spanish": (
        "El Sr. Gil y la Sra. Paz viven en la c/ Mayor, n.º 3.| Son amigos.",
        "Nació el 2 de ene. de 1990 en EE. UU. y creció allí.| Canta.",
        "Cierra a las 8 p. m. los lunes.| Abre el martes.",
        "Véase la pág. 7 y el cap. 2.| Es breve.",
        "Trajo pan, queso, etc.| Comimos bien.",
        "¿Dónde está?| ¡Aquí!| Ya voy.",
        "La Dra. Ríos, Ph. D., firmó.| Vale un año.",
        "Vive en la Avda. del Sol, 4.º B.| Llama antes.",
        "Felipe II mandó construirlo.| Costó mucho.",
        "El art. 5 del R. D. 12/2020 lo prohíbe.| Hay multa.",
        "Pesa aprox. 3,5 kg.| Es ligero.",
    ),
    "italian": (
        "Il sig. Rossi e la dott.ssa Neri arrivano alle 9.30.| Portano i dati.",
        "Vedi pag. 12, art. 3, comma 2.| È chiaro.",
        "Nacque nel sec. XV a Siena.| Morì a Pisa.",
        "La S.p.A. Verdi chiude.| I soci protestano.",
        "Portate acqua, pane ecc.| Si parte alle 6.",
        "Abita in p.zza Dante n. 4.| Suona il campanello.",
        "L'ing. Bo e l'avv. Sala firmarono.| Poi uscirono.",
        "Il 1° maggio è festa.| Il 2 si lavora.",
        "Papa Giovanni XXIII la visitò.| Fu un evento.",
        "Costa ca. 20 euro IVA incl. al pezzo.| Non è poco.",
        "Chiuso dal lun. al mer. mattina.| Riapre giovedì.",
    ),
    "portuguese": (
        "O Sr. Lima e a Sra. Dias moram na R. das Flores, n.º 8.| São gentis.",
        "Abre às 9h30 de seg. a sex.| Fecha ao domingo.",
        "Ver pág. 3 e cap. 4.| É curto.",
        "A Profa. Reis e o Dr. Sá chegaram.| Todos ouviram.",
        "Nasceu em 3 de fev. de 1970.| Vive no Porto.",
        "A Cia. do Mar Ltda. faliu.| Ninguém soube.",
        "D. João VI partiu em 1821.| Voltou tarde.",
        "Traga pão, vinho etc.| O resto há cá.",
        "Fica na Av. Central, apto. 5.| Toque duas vezes.",
        "Custa aprox. R$ 3,50.| É barato.",
        "O art. 2.º aplica-se.| O 3.º não.",
    ),
    "dutch": (
        "Dhr. De Boer en mw. Smit wonen op nr. 12.| Ze zijn aardig.",
        "Het kost ca. 5 euro p.p. per dag.| Kinderen gratis.",
        "Zie blz. 4 t/m 9.| Daar staat het.",
        "Neem o.a. brood en bijv. kaas mee.| Water is er.",
        "Prof. dr. Mulder sprak om 20.00 uur.| Daarna thee.",
        "Zij kwam op 3 jan. 2026 aan.| Hij niet.",
        "De fa. Jansen b.v. levert m.u.v. zondag.| Bel gerust.",
        "Willem III was koning.| Zijn vader ook.",
        "Open van ma. t/m vr. tot 17 uur.| Za. gesloten.",
        "Het gaat om d.w.z. alle boten.| Ook kleine.",
        "Bewaar max. 3 dagen a.u.b. koel.| Eet smakelijk.",
    ),
    "arabic": (
        "افتتح الميناء اليوم.| سيغلق غدا.",
        "هل هو مفتوح؟| نعم!| ادخل.",
        "بلغ السعر 3.5 دولار.| ارتفع قليلا.",
        "قال د. سامي ذلك.| وافق الجميع.",
        "وصلت السفينة؛ ثم غادرت.| انتهى الأمر.",
    ),
    "urdu": (
        "بندرگاہ کھل گئی۔| کل بند ہوگی۔",
        "کیا یہ کھلا ہے؟| جی ہاں۔| آئیے۔",
        "قیمت 3.5 روپے ہے۔| یہ کم ہے۔",
        "کشتی آئی۔| لوگ اترے۔",
    ),
    "hindi": (
        "बंदरगाह खुल गया।| कल बंद होगा।",
        "क्या यह खुला है?| हाँ।| आइए।",
        "दर 3.5 रुपये है।| यह कम है।",
        "डॉ. राय आए।| सब उठे।",
        "यह श्लोक है॥| वह गीत है।",
    ),
    "armenian": (
        "Նավահանգիստը բաց է։| Վաղը փակ է։",
        "Նա եկավ։| Մենք գնացինք։",
        "Գինը 3.5 դրամ է։| Էժան է։",
    ),
    "amharic": (
        "ወደቡ ተከፈተ።| ነገ ይዘጋል።",
        "ዋጋው 3.5 ብር ነው።| ርካሽ ነው።",
        "ክፍት ነው፧| አዎ።",
    ),
    "chinese": (
        "港口今天开放。|明天关闭。",
        "价格是3.5元。|很便宜！",
        "他说：“走吧。”|大家走了。",
        "开了吗？|开了。",
        "版本2.0发布了；很好。|谢谢。",
        "真的？！|是的。",
    ),
    "japanese": (
        "港は今日開きます。|明日は閉まります。",
        "「行こう。」|彼は言った。",
        "本当？！|はい。",
        "価格は3.5円です。|安い。",
        "彼は「はい。」と言った。|帰った。",
    ),
    "thai": (
        "ท่าเรือเปิดแล้ววันนี้ตอนเช้าตรู่| เรือออกตอนเก้าโมงทุกวันจันทร์",
        "ราคา 3.5 บาทต่อหนึ่งกิโลกรัม",
    ),
}
"""A mark stands where a sentence ends."""


@pytest.mark.parametrize("marked", [each for texts in MARKED.values() for each in texts])
def test_sentences_of_fresh_texts(marked: str) -> None:
    text = marked.replace("|", "")
    found = [text[start:end] for start, end in sentences(text)]
    assert found == [each.strip() for each in marked.split("|")]
