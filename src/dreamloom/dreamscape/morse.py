"""How is a text tapped out? International Morse code as units of sound and silence (ITU-R M.1677-1, 2009)."""

_TABLE = """
A .-    B -...  C -.-.  D -..   E .     F ..-.  G --.   H ....  I ..    J .---  K -.-   L .-..  M --
N -.    O ---   P .--.  Q --.-  R .-.   S ...   T -     U ..-   V ...-  W .--   X -..-  Y -.--  Z --..
1 .----  2 ..---  3 ...--  4 ....-  5 .....  6 -....  7 --...  8 ---..  9 ----.  0 -----
. .-.-.-  , --..--  : ---...  ? ..--..  ' .----.  - -....-  / -..-.  ( -.--.  ) -.--.-  = -...-  + .-.-.  @ .--.-.
"""
ALPHABET = dict(zip(_TABLE.split()[::2], _TABLE.split()[1::2], strict=True))
"""Section 1 of the recommendation; small letters mean the same."""
UNITS = {".": 1, "-": 3}
BETWEEN_SIGNALS, BETWEEN_LETTERS, BETWEEN_WORDS = 1, 3, 7
"""Silences in units of a dot (section 2)."""
SHORTEST_UNIT_S = 0.04
"""A dot at 30 words a minute, the speed of a practised ear; quicker ones are noise to everybody else. Ours."""


def unknown(text: str) -> list[str]:
    """The letters of a text that Morse code does not have, once each."""
    return [letter for letter in dict.fromkeys(text.upper()) if not letter.isspace() and letter not in ALPHABET]


def tapped(text: str) -> list[tuple[int, bool]]:
    """The text as (units, sounds) in turn; it begins and ends with sound, and letters that Morse lacks are left out."""
    said: list[tuple[int, bool]] = []
    for word in text.upper().split():
        gap = BETWEEN_WORDS
        for letter in word:
            for signal in ALPHABET.get(letter, ""):
                said += [(gap, False), (UNITS[signal], True)]
                gap = BETWEEN_SIGNALS
            gap = BETWEEN_LETTERS
    return said[1:]


def units(text: str) -> int:
    """How many dots long the text is, its silences included."""
    return sum(length for length, _ in tapped(text))
