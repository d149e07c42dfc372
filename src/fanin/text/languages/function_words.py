"""Function words of other languages than English, and which language a text has them of (pure).

They are the closed classes of each grammar, collected for fanin: articles, pronouns, prepositions, conjunctions,
auxiliaries and words that ask. Words that also name things ("trabajo", "temps", "Zeit") are left out, unlike in the
lists of stopwords-iso (MIT) and of the package stop-words (BSD), which were read beside.
"""

# ruff: noqa: E501, RUF001  letters of other scripts look like ours and some are wide, and both are meant

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from fanin.text.folding import without_accents
from fanin.text.word_lists import STOP_WORDS

_WORDS: Mapping[str, str] = {
    "de": """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner und oder aber denn
    sondern dass weil wenn als ob obwohl während bis in im ins an am auf aus bei beim mit nach von vom zu zum zur für
    über unter vor hinter neben zwischen durch gegen ohne um seit wegen trotz ich du er sie es wir ihr mich dich ihn uns
    euch mir dir ihm ihnen sich mein meine meinen dein deine sein seine seinen seiner ihre ihren ihrem ihrer unser unsere
    dieser diese dieses diesen diesem jener jene jenes jeder jede jedes jeden welcher welche welches welchen welchem wer
    wen wem wessen was wann wo woher wohin wie warum wieso weshalb wozu womit wofür worin wieviel ist sind war waren bin
    bist seid sei wäre wären gewesen hat haben habe hatte hatten hätte wird werden werde wurde wurden würde worden kann
    können kannst könnte konnte muss müssen soll sollen sollte darf dürfen mag möchte will wollen wollte lässt lassen
    nicht noch nur auch schon sehr so doch mal da dort hier dann man etwas alle allen alles also mehr gibt es""",
    "fr": """le la les l un une des du de d au aux et ou mais donc or ni car que qu qui quoi dont où quand comment pourquoi
    combien quel quelle quels quelles lequel laquelle je j tu il elle on nous vous ils elles me m te t se s lui leur leurs
    y en moi toi soi eux mon ma mes ton ta tes son sa ses notre nos votre vos ce c cet cette ces celui celle ceux celles
    cela ça ceci dans sur sous par pour avec sans chez vers entre depuis pendant avant après contre dès jusque jusqu est
    sont était étaient être été suis es sommes êtes sera seront serait soit ai as a avons avez ont avait avaient avoir eu
    aura auront peut peuvent pouvoir doit doivent devoir faut fait faire ne n pas plus aussi très si comme même tout toute
    tous toutes lorsque puisque parce ainsi alors""",
    "es": """el la los las lo un una unos unas de del al a y e o u pero sino ni que qué quien quién quienes quiénes cual
    cuál cuales cuáles cuando cuándo donde dónde como cómo cuanto cuánto cuanta cuánta cuantos cuántos cuantas cuántas por
    para con sin sobre entre desde hasta hacia según contra durante tras en ante bajo yo tú él ella nosotros vosotros
    ellos ellas usted ustedes me te se nos os le les mi mis tu tus su sus nuestro nuestra nuestros nuestras este esta
    estos estas ese esa esos esas aquel aquella esto eso aquello es son era eran fue fueron ser sido soy eres somos será
    está están estaba estaban estar estoy he has ha han había habían haber hay hubo tiene tienen tengo puede pueden
    poder debe deben no sí ya más muy también tan si porque aunque mientras pues todo toda todos todas""",
    "it": """il lo la i gli le l un uno una di del dello della dei degli delle d a al allo alla ai agli alle da dal dallo
    dalla dai dagli dalle in nel nello nella nei negli nelle con col su sul sullo sulla sui sugli sulle per tra fra e ed o
    ma se che chi cui qual quale quali quando dove come perché quanto quanta quanti quante cosa io tu lui lei noi voi loro mi
    ti si ci vi ne lo gli mio mia miei mie tuo tua suo sua suoi sue nostro nostra vostro questo questa questi queste
    quello quella quelli quelle è sono era erano essere stato stata stati state sei siamo siete sarà saranno sia ho hai ha
    abbiamo avete hanno aveva avevano avere può possono potere deve devono non più anche già molto ancora però quindi
    mentre dopo prima senza c""",
    "pt": """o a os as um uma uns umas de do da dos das em no na nos nas num numa por pelo pela pelos pelas para pra com sem
    sob sobre entre desde até após ante contra durante e ou mas nem que quê quem qual quais quando onde como porque porquê
    quanto quanta quantos quantas eu tu ele ela nós vós eles elas você vocês me te se lhe lhes meu minha meus minhas teu
    tua seu sua seus suas nosso nossa nossos nossas este esta estes estas esse essa esses essas aquele aquela isto isso
    aquilo ao à aos às é são era eram foi foram ser sido sou somos será está estão estava estavam estar há tem têm tinha
    tinham ter pode podem poder deve devem não sim já mais muito também se então ainda tudo todo toda todos todas""",
    "nl": """de het een en of maar want dus dat die dit deze wat wie waar wanneer hoe waarom welk welke hoeveel waarvoor
    waarmee in op aan bij met van voor naar uit over onder tussen door tegen zonder om tot sinds tijdens na te ten ter ik
    jij je hij zij ze wij we jullie u men mij me jou hem haar ons hun hen zich mijn jouw zijn uw onze is was waren ben
    bent geweest heb hebt heeft hebben had hadden wordt worden werd werden kan kun kunt kunnen kon moet moeten mag mogen
    zal zullen zou zouden wil willen wilt niet geen ook nog wel al dan als er daar hier toch heel zeer meer""",
    "ar": """في من إلى الى على عن مع حتى منذ بعد قبل بين تحت فوق عند لدى ضد خلال حول دون بدون و أو او ثم لكن بل أن ان إن أنّ
    إذا اذا لو لأن كي ما ماذا من متى أين اين كيف لماذا كم أي اي هل هو هي هم هن نحن أنا انا أنت انت أنتم هذا هذه هؤلاء ذلك تلك
    الذي التي الذين كان كانت كانوا يكون تكون ليس ليست قد لقد سوف لا لم لن كل بعض غير هناك هنا كما أيضا ايضا فقط إلا الا يمكن""",
    "ur": """کا کی کے کو نے سے میں پر تک اور یا لیکن مگر کہ اگر تو جب تب جو جس جن یہ وہ اس ان ہم آپ تم میں مجھے مجھ اسے انہیں
    ہمیں میرا میری میرے آپ کا ہمارا ہماری اپنا اپنی اپنے ہے ہیں تھا تھی تھے ہو ہوں ہوا ہوئی ہوئے ہوتا ہوتی ہوتے ہونا گا گی گے
    کیا کون کہاں کیسے کیوں کتنا کتنی کتنے کب کونسا کونسی نہیں نہ بھی ہی ساتھ لیے لئے ایک کر کرتا کرتی کرتے سکتا سکتی سکتے والا
    والی والے رہا رہی رہے گیا گئی گئے""",
    "hi": """का की के को ने से में पर तक और या लेकिन मगर कि अगर यदि तो जब तब जो जिस जिन यह वह ये वे इस उस इन उन हम आप तुम मैं मुझे
    मुझ उसे उन्हें हमें मेरा मेरी मेरे आपका आपकी हमारा हमारी अपना अपनी अपने है हैं था थी थे हो हूँ हुआ हुई हुए होता होती होते
    होना गा गी गे क्या कौन कहाँ कहां कब कैसे क्यों कितना कितनी कितने कौनसा नहीं न भी ही साथ लिए एक कर करता करती करते सकता
    सकती सकते वाला वाली वाले रहा रही रहे गया गई गए एवं तथा द्वारा""",
    "hy": """է են էր էին եմ ես ենք եք եղել և ու կամ բայց իսկ որ որը որոնք որի թե եթե երբ որտեղ ինչ ինչպես ինչու ով ովքեր քանի
    որքան այս այդ այն սա դա նա նրա նրանք մենք դուք դու իր իրենց մեր ձեր իմ քո մի համար հետ մեջ վրա մասին ըստ մինչև հետո առանց
    նաև էլ ոչ չի չեն պետք կա կան""",
    "am": """እና ወይም ግን ነው ናቸው ነበር ነበሩ ነች ነኝ አለ አለው አላት አሉ ውስጥ ላይ ወደ ከ በ ለ ስለ እንደ ጋር መካከል በኋላ በፊት ይህ ያ ይህን
    እነዚህ እነዚያ እሱ እሷ እነሱ እኔ እኛ አንተ አንቺ እናንተ ምን ማን የት መቼ እንዴት ለምን ስንት የትኛው አይደለም ሁሉ ብቻ ደግሞ""",
    "ja": """です ます ませ した して する され れる から まで ので のは には では とは もの こと ある あり いる おり ない この その あの
    どの これ それ あれ どれ ここ そこ どこ いつ なに だれ なぜ どう より など また という いう って ても でも だっ った
    ため よう すか んか りま いま した てい るの たの でし しょ うか いつ つで 何で 何時 何を 何が は何 が何""",
    "zh": """什么 时候 怎么 哪里 哪儿 哪个 哪些 为什 如何 是否 多少 几个 这个 那个 这些 那些 我们 你们 他们 她们 它们 可以 因为 所以 但是
    没有 还是 或者 以及 如果 虽然 而且 的是 是什 么时 么是 了吗 的吗 吗 呢 吧 的 了 是 在 和 与 或 也 都 就 被 把
    什麼 時候 怎麼 哪裡 哪個 為什 麼時 麼是 這個 那個 這些 我們 你們 他們 因為 沒有 還是 嗎""",
    "th": """ที่ และ ของ ใน เป็น ได้ ให้ ไม่ ว่า จะ มี การ ความ อยู่ คือ หรือ กับ จาก โดย แต่ ก็ นี้ นั้น ซึ่ง ถึง แล้ว อะไร ที่ไหน เมื่อไหร่
    เมื่อไร อย่างไร ทำไม ใคร เท่าไร เท่าไหร่ ครับ ค่ะ ไหม""",
}
_ENOUGH = 2
"""Function words of a language by which a text is one of it."""

_SCRIPTS = ("ar", "ur", "hi", "hy", "am", "ja", "zh", "th")
"""Languages whose function words mean nothing in any that is written in Latin letters."""


@cache
def _sets() -> Mapping[str, frozenset[str]]:
    """The words of each language, in Latin letters also as they are written without their accents."""
    found = {code: frozenset(words.split()) for code, words in _WORDS.items()}
    latin = {code: words | set(map(without_accents, words)) for code, words in found.items() if code not in _SCRIPTS}
    return found | latin | {"th": found["th"] | {word[:2] for word in found["th"]}}  # Thai is read in pairs


@cache
def _languages() -> Mapping[str, Sequence[str]]:
    """The languages of which each word is a function word."""
    found: dict[str, list[str]] = {}
    for code, words in _sets().items():
        for word in words:
            found.setdefault(word, []).append(code)
    return found


def function_words(words: Iterable[str]) -> frozenset[str]:
    """The function words of the language that these folded words are of; none for English or when it is not clear.

    A language in Latin letters needs two that English has not, and more than twice as many as English has.
    """
    distinct = frozenset(words)
    known = _languages()
    found = [code for word in distinct if word in known for code in known[word] if word not in STOP_WORDS]
    if not found:
        return frozenset()
    most = max(found, key=found.count)
    english = len((distinct & STOP_WORDS) - _sets()[most])
    sure = most in _SCRIPTS or found.count(most) >= max(_ENOUGH, 2 * english + 1)
    return _sets()[most] if sure else frozenset()


def are_german(words: frozenset[str]) -> bool:
    """Whether these function words are those of German, in which each noun begins with a capital letter."""
    return bool(words) and words is _sets()["de"]
