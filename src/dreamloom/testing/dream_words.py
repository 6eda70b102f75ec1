"""Of which words are synthetic dreams made? Lists and sentence shapes of our own; no person's dream is in them."""

from dreamloom.weave.languages import listed

PEOPLE = listed(
    "mother father sister brother cousin uncle aunt neighbour teacher colleague stranger child girl boy woman man "
    "doctor baker driver guard singer farmer clerk nurse twin grandfather grandmother classmate landlord carpenter "
    "waiter librarian conductor painter gardener postman dancer officer student visitor guest shopkeeper"
)
PLACES = listed(
    "kitchen corridor station market school garden attic cellar bridge bus office hotel theatre hospital field forest "
    "beach river harbour street village church library swimming-pool stadium lift staircase bathroom balcony courtyard "
    "factory museum airport train tunnel supermarket classroom campsite yard bakery barn ferry roof square cinema "
    "playground workshop valley hill car-park"
)
THINGS = listed(
    "table door window chair suitcase letter coat shoe bottle mirror ladder bicycle camera blanket ticket key box lamp "
    "book newspaper ring bag umbrella phone clock knife plate cup curtain piano guitar picture map rope bucket hammer "
    "basket pillow carpet cake bread apple soup egg orange hat glove scarf button needle paper pencil desk bell candle "
    "wheel engine fence gate statue balloon puppet stone feather coin wallet machine cable screen drum bench tent tray "
    "drawer shelf brush towel jacket sandwich parcel notebook stamp spoon vase toy mask cart tool wire pipe"
)
ANIMALS = listed("dog cat horse bird cow mouse fish rabbit goat snake bear duck spider pig crow sheep fox")
LOOKS = listed(
    "old small huge green broken strange empty wet bright dusty heavy yellow quiet narrow golden cold round crooked "
    "tiny black white soft rusty wooden tall unfinished familiar faded noisy red blue warm thin loose clean dirty"
)
DID = listed(
    "opened carried found lost watched painted hid repaired dropped sold lifted washed kept folded counted followed "
    "moved wanted turned pulled pushed closed needed borrowed threw bought cleaned touched forgot broke measured "
    "wrapped filled emptied copied saved looked-for waited-for talked-about pointed-at reached-for"
)
WENT = listed(
    "walked ran drove climbed crept flew swam hurried wandered went came moved stepped jumped slipped drifted crawled "
    "rode sailed returned escaped turned"
)
WAYS = listed("into through past towards behind around under over across along near outside beyond")
MANNERS = listed(
    "slowly|again|somehow|quietly|at once|by mistake|for hours|without a word|in the dark|carefully|backwards|as usual|"
    "twice|on my own|before anyone noticed|all night|with both hands|for no reason|once more|from far away"
)
FELT = listed(
    "afraid calm happy sad angry confused ashamed proud curious worried relieved tired nervous surprised lonely "
    "guilty cheerful annoyed bored jealous"
)
TIMES = listed(
    "then|after that|a bit later|next|at some point|in the end|meanwhile|all of a sudden|now|soon|for a while|"
    "later on|before long|by then|at first"
)
HEDGES = listed(
    "I think|I believe|as far as I remember|it seems|I am not sure but|somehow|apparently|maybe|as I recall|of course|"
    "in the dream|you could say|strangely"
)
OPENINGS = listed(
    "I was in the {place}|we had come to the {place}|it began in a {look} {place}|there was a {look} {place}|"
    "I dreamt of the {place}|I remember a {place}|my {person} and I stood in the {place}|"
    "I found myself in some {look} {place}|I had to go to the {place}|somebody brought me to a {place}"
)
SHAPES = listed(
    "{who} {did} the {thing}|{who} {did} a {look} {thing}|{who} {went} {way} the {place}|{who} said that the {thing} "
    "was {look}|the {thing} was {look} and {look2}|there was a {look} {thing} {way} the {place}|I felt {felt}|"
    "{who} seemed {felt}|{who} gave me a {thing}|I could not find my {thing}|{who} {did} {whom} {manner}|"
    "{who} and {whom} {did} the {thing}|nobody saw the {thing}|{who} {went} {way} the {place} {manner}|"
    "I asked {whom} about the {thing}|a {animal} {went} {way} the {place}|the {place} was full of {look} {thing}s|"
    "I knew that {who} had {did} it|{who} turned into a {animal}|it was really the {place} of {whom}|"
    "{who} told me to bring the {thing}|I tried to call {whom}|we ate {look} {thing}s|the {place} kept changing|"
    "{who} had on a {look} {thing}|my {thing} fell {way} the {thing2}|I looked at the {thing} {manner}|"
    "{who} laughed|we waited {manner}|I had no {thing} with me|{who} wanted the {thing} back"
)
THEME_SHAPES = listed(
    "there was a {t} {way} the {place}|{who} {did} the {t}|I saw a {look} {t}|{who} showed me the {t}|"
    "everything smelled of {t}|we were near the {t}|the {t} was {look}|I thought about the {t} {manner}|"
    "{who} spoke of some {t}|I {did} the {t} with {whom}|behind the {thing} I noticed a {t}|"
    "a {look} {t} belonged to {whom}|my {person} {went} {way} the {t}|the {place} had turned into a {t}|"
    "I kept the {t} beside the {thing}"
)
LINKS = (". ", ". ", ". ", ", and ", ", but ", " while ", " because ", ". ")

THEMES: dict[str, tuple[str, ...]] = {
    "lighthouse": ("lighthouse", "beacon", "foghorn", "breakwater", "lantern", "headland"),
    "pottery": ("kiln", "clay", "glaze", "potter", "earthenware", "terracotta"),
    "glacier": ("glacier", "crevasse", "icicle", "moraine", "meltwater", "avalanche"),
    "chess": ("chessboard", "pawn", "checkmate", "bishop", "rook", "gambit"),
    "telescope": ("telescope", "comet", "eyepiece", "nebula", "observatory", "constellation"),
    "windmill": ("windmill", "millstone", "flour", "granary", "wheat", "sails"),
    "volcano": ("volcano", "lava", "crater", "ash", "eruption", "pumice"),
    "embroidery": ("embroidery", "tapestry", "loom", "yarn", "bobbin", "weaver"),
    "orchard": ("orchard", "blossom", "plum", "cider", "pruning", "pear"),
    "submarine": ("submarine", "periscope", "torpedo", "sonar", "hatch", "ballast"),
}
"""A registration names the first three words of a theme; who dreams of it may use any of the six."""
REGISTERED = 3
BOILERPLATE = "please tell me everything that went through your {} just before you woke up in the order it happened"
"""Nineteen words of an interviewer, with a word of the theme or another one among them."""
