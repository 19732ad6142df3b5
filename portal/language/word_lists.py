"""Word lists of our own: words that carry no meaning for a search, and what may be a part of a compound."""

from __future__ import annotations

# Asked in every question and found in every text. "nicht", "ohne", "mit" stay out of a search as well:
# whoever means them writes a phrase in quotes.
STOP_WORDS = frozenset(
    """
    aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf aus
    bei beim bereits bevor bin bis bist bitte da dabei dadurch dafür dagegen daher dahin damit danach daneben dann daran
    darauf daraus darf darin darüber darum darunter das dass davon davor dazu dein deine deinem deinen deiner dem den
    denen denn der deren des dessen desto die dies diese diesem diesen dieser dieses doch dort du durch dürfen
    ein eine einem einen einer eines einige einigen einmal er es etwa etwas euch euer eure für gab gar gegen geht gehen
    gibt gilt gelten genau gern ging habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren
    ihrer ihres im in indem ins ist ja jede jedem jeden jeder jedes jetzt je kann kannst kein keine keinem keinen keiner
    können könnte könnten lassen lässt machen macht man mehr mein meine meinem meinen meiner mich mir mit muss
    müssen musst nach nachdem neben nicht nichts noch nun nur ob oder oft ohne per pro schon sehr sein seine seinem
    seinen seiner seines seit seitdem sich sie sind so sobald sofern solche solchen solcher soll sollen sollte sollten
    sondern sonst soweit sowie sowohl statt tun über um und uns unser unsere unserem unseren unserer unter vom von vor
    wann war waren warum was weder wegen weil weiter weitere welche welchem welchen welcher welches wem wen wenig wenn
    wer werde werden werdet weshalb wessen wie wieder wieso will wir wird wirst wo wobei wodurch wofür woher wohin womit
    woran worauf woraus worin worüber wurde wurden würde würden wusste zu zudem zum zur zwar zwischen
    brauche brauchen braucht möchte möchten mag benötige benötigen benötigt welch wieviel viel viele vielen
    """.split()  # noqa: SIM905 - a list to read
)

# Nouns of three letters that stand in the compounds of a town hall; others of that length are mostly chance.
SHORT_PARTS = frozenset(
    """
    akt amt art bau bus ehe erb gas hof kfz lkw pkw müll not öko ort rad rat see tag tor tür uhr weg zug ehr bad
    eis neu ozg zoo
    """.split()  # noqa: SIM905
)

# What the dictionary has as a noun, but is a syllable or a preposition inside a longer word.
NO_PARTS = frozenset(
    """
    unter über nach vor wider wieder zusammen gegen hinter zwischen durch außer ober nieder
    schaft heit keit lich isch bar sam haft ling tion ismus ität ation nung rung lung dung sung tung kung
    inne innen rinne rinnen ster regie erin ende enden sind ihre eine sein esse esser ente enten erst ungen
    """.split()  # noqa: SIM905
)
