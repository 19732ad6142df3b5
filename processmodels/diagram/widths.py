"""How wide text is, without a browser: the advance widths of Fira Sans Regular.

Source: the `hmtx` tables of static/vendor/fira-sans/fira-sans-latin-400-normal.woff2 and
fira-sans-latin-ext-400-normal.woff2 (SIL Open Font License 1.1, see LICENSE there), read with fontTools
(`font["hmtx"][font.getBestCmap()[code]][0]`, 1000 units to the em), kerning left out.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_CHARACTERS = {
    219: "'",
    228: "‘’‚",
    240: ",.:;·",
    241: "!¡",
    265: " \xa0",
    275: "¸",
    280: "jĵ",
    282: "iìíîïĩīĭįı",
    293: "lĺļľ",
    295: "IÌÍÎÏĨĪĬĮİ",
    300: "`´",
    305: "JĴ",
    312: "ł",
    322: "[]{}",
    324: "()•",
    332: "ŀ",
    333: "¯",
    335: "fſ",
    361: "tţťŧ",
    385: "¨",
    386: "rŕŗř",
    399: '"',
    400: "²³¹",
    403: "-|¦\xad",
    406: "“”„",
    433: "1",
    437: "zźżž",
    439: "*",
    444: "7",
    459: "?¿",
    467: "sśŝşš",
    478: "c¢çćĉċč",
    485: "x",
    488: "~",
    491: "F",
    492: "vyýÿŷ",
    495: "2",
    498: "LĹĻĽĿ",
    499: "+3",
    500: "<=>ª¬±º×÷",
    501: "5",
    509: "ĸ",
    512: "kķ",
    514: "Ł",
    517: "TŢŤŦ",
    518: "#",
    520: "/\\_g£ĝğġģ–",
    522: "ZŹŻŽ",
    523: "°",
    525: "9",
    531: "$",
    532: "4",
    533: "6§",
    535: "EÈÉÊËĒĔĖĘĚ",
    536: "¥",
    540: "X^",
    544: "aàáâãäåāăą",
    545: "SeèéêëēĕėęěŚŜŞŠ",
    550: "YÝŶŸ",
    551: "8",
    556: "V",
    558: "0",
    560: "C¤ÇĆĈĊČ",
    562: "ĳ",
    566: "»",
    570: "ð",
    573: "AÀÁÂÃÄÅĀĂĄ",
    575: "«",
    576: "€",
    581: "PÞ",
    582: "uùúûüũūŭůűų",
    584: "oòóôõöøōŏő",
    586: "hnñĥńņňŋ",
    588: "µ",
    589: "KĶ",
    592: "ħ",
    593: "ß",
    594: "bpþ",
    598: "dqď",
    600: "Ĳ",
    604: "đ",
    605: "RŔŖŘ",
    608: "B",
    631: "GĜĞĠĢ",
    641: "®",
    644: "DĎ",
    656: "ÐĐ",
    657: "ẞ",
    662: "UÙÚÛÜŨŪŬŮŰŲ",
    680: "HĤ",
    683: "NÑŃŅŇŊ",
    688: "Ħ",
    691: "Q",
    692: "OÒÓÔÕÖØŌŎŐ",
    695: "ŉ",
    717: "wŵ",
    729: "&",
    734: "¶",
    738: "…",
    778: "M",
    790: "—",
    810: "©",
    816: "Æ",
    826: "%WŴ",
    849: "æ",
    857: "m",
    897: "Œ",
    916: "œ",
    932: "¼½¾",
    1020: "@",
}
_WIDTHS = {character: width for width, characters in _CHARACTERS.items() for character in characters}
# Arial, the next in the font stack, runs a little wider in some words; so does a browser that rounds.
_SAFETY = 1.03
_OTHER = 600
_WIDE = 1000


def _units(character: str) -> int:
    if (known := _WIDTHS.get(character)) is not None:
        return known
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _OTHER


@lru_cache(maxsize=10_000)
def width_in_em(text: str) -> float:
    """The width of `text` as a multiple of the font size."""
    return sum(map(_units, text)) * _SAFETY / 1000
