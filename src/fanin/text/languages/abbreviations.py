"""Abbreviations, and what goes on after them, in English, German, French, Spanish, Italian, Portuguese and Dutch.

The languages are in one set each, since a text does not say what it is written in, and its parts may differ. The lists
were collected for fanin. What is also a word that ends English sentences ("art", "no") counts only before a number.
"""

from fanin.text.word_lists import word_set

# After these a full stop ends no sentence: a name, an example or an amount follows.
NEVER_LAST = word_set(
    """adm attn brig capt cf cmdr col comdr cpl dr e.g eg gen gov hon i.e ie lieut lt maj messrs mme mr mrs ms msgr mt
    prof pvt rep rev sen sgt sr supt viz vs
    ausschl betr bspw bzgl bzw d.h dipl ehem einschl entspr evtl exkl ggf hr hrn inh inkl insb insbes
    mag sog vgl vorauss wg z.b z.t zzgl
    c.-à-d dép mgr mlle mm mmes p.ex sté
    avda arq cía dña dra ee ej excma excmo gral ing lic p.ej profa sra sras sres srta srtas ud uds vd vds
    avv c.so cfr dott dott.ssa egr f.lli geom p.es p.zza prof.ssa rag sig sig.na sig.ra sigg spett v.le
    av exma exmo eng v.exa
    bijv d.w.z defa dhr drs ds evt excl i.p.v incl ir m.a.w mej mevr mw o.g resp t.a.v zgn
    د أ م أ.د डॉ डा प्रो पं श्री श्रीमती कि.मी मि.मी से.मी कि.ग्रा"""
)

# Nor after these as they are written here; "PR", "pH" and the Italian "fa" are words.
AS_WRITTEN = frozenset(("Fa", "Ph", "Pr"))

# After these neither, if a number follows.
BEFORE_NUMBER = word_set(
    """app approx art bk c ca ch chap cir circa eq fig figs n no nos nr op p para pp pt ref sect sec tel v ver vol vols
    abb abs abschn anm aufl bd bde jg kap lfd max min mind rn s str tab tz ziff
    env éd hab n° tél
    ap apdo apto aprox arts bl cap caps edif ext nro máx mín núm nº pág págs s séc tfno
    artt nn pag pagg
    apr blz hfdst ong"""
)

# After these, initials and letters with stops ("U.S.", "p.m.") it may: then the next word decides.
MAY_BE_LAST = word_set(
    """al apr assoc aug ave blvd bros cent co corp dec dept dist est etc feb fri ft govt hwy inc inst jan jr jul jun km
    lb ltd mar mfg min mon mph nov oct oz ph.d plc rd sat sep sept sq st sun thu thur thurs tue tues univ wed
    allg chr ebd ff geb gest mio mrd mwst jh jhd okt dez str tägl usw uvm zzt
    boul bd cie déc févr janv j.-c juil
    ee.uu s.a ene dic
    ecc s.p.a s.r.l
    lda ltda
    enz b.v n.v"""
)

# These end what they belong to: a capital letter after them begins a sentence, unless it is a day, a month or a zone.
ENDS_A_LIST = word_set("etc ecc enz usw uvm mwst a.m p.m")

# Before an ordinal number with a full stop: "am 1.", "im 19.", "den 2." (German).
BEFORE_ORDINAL = word_set(
    """der die das den dem des am im zum zur beim vom ab bis seit und oder sein seine seinen seinem ihr ihre ihren ihrem
    jeder jede jedes jeden jedem dieser diese diesen kein keine unser unsere mein meine sowie"""
)

# The commonest first words of sentences (the idea of frequent sentence starters: Kiss and Strunk, Unsupervised
# Multilingual Sentence Boundary Detection, Computational Linguistics 32(4), 2006).
STARTERS = word_set(
    """a after all also although an and another as at because before both but by despite during each even every few
    finally first for from he her here his how however i if in instead is it its last later many meanwhile more most
    my no nor not now of on once one only or other our she since so some still such that the their then there these
    they this those though today two under until we what when where while who why with yes yesterday yet you
    your"""
)

# Those of other languages, which are not looked for after an initial: names have them, as in "V. De Sica".
FOREIGN_STARTERS = word_set(
    """aber am auch auf bei beim da damit dann danach das dazu denn der deshalb die dies diese dieser doch
    durch ein eine
    er es für heute hier ihr ihre ist im jetzt man mit nach nur sein seine seit sie so und unter von vor wann
    was weil wenn
    wer wie wir wo zu zum zur
    au aussi avec ce cela ces cet cette comme dans depuis donc elle elles en et il ils je la le les leur leurs
    mais nous
    on ou où par pour puis quand que qui sa selon si son sur un une vous
    al como con cuando de desde después el ella ellos en es esta este esto estos hay hoy la las lo los mientras no
    nosotros para pero por se según si sin su sus también un una y ya
    alla anche che con da dal dopo e gli ha i il in la le lo ma nel nella non oggi per quando questa questo se sono
    ao após as até com da depois do e é ela ele eles em essa esta este isso mas na não no o os para por quando
    se um uma
    daarna dan dat de deze die dit een en er haar het hij hun ik in maar met na naar nu om ook op te van voor
    wat we wie
    wij ze zij zijn zo"""
)
