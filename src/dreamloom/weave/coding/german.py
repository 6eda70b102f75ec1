"""By which words are German reports coded? Fewer lists than for English: they prove that a language is data."""

from dreamloom.weave.coding.rules import CodeBook, rule

BOOK = CodeBook(
    "de",
    "1",
    (
        rule(
            "character",
            "familiar person",
            "mutter|mama|vater|papa|eltern|bruder|schwester|sohn|tochter|oma|opa|großmutter|großvater|onkel|"
            "tante|cousin|cousine|mann meiner|frau meines|ehemann|ehefrau|freund|freundin|nachbar|nachbarin|"
            "kollege|kollegin",
        ),
        rule(
            "character",
            "person",
            "mann|männer|frau|frauen|mädchen|junge|kind|kinder|baby|person|herr|dame|lehrer|lehrerin|arzt|"
            "ärztin|polizist",
        ),
        rule("character", "stranger", "fremder|fremde|unbekannter|unbekannte|jemand|einbrecher|gestalt"),
        rule("character", "group", "leute|menschen|menge|gruppe|mannschaft|familie|klasse|publikum"),
        rule(
            "character",
            "animal",
            "tier|tiere|hund|katze|pferd|vogel|vögel|fisch|maus|schlange|spinne|wolf|bär|löwe|kuh|ziege|"
            "schwein|ente|fuchs",
        ),
        rule("character", "imagined", "monster|gespenst|geist|hexe|vampir|drache|fee|engel|teufel|riese|roboter"),
        rule(
            "interaction",
            "friendly",
            "half|hilft|geholfen|umarmt*|bedankt*|tröstet*|eingeladen|gerettet|beschützt*|begrüßt*",
        ),
        rule(
            "interaction",
            "aggressive",
            "schlug|geschlagen|angegriffen|greift an|verfolgt*|bedroht*|getötet|tötet|schrie mich|gestohlen|"
            "gebissen|gestritten|streit",
        ),
        rule("interaction", "sexual", "sex|sexuell|miteinander geschlafen|liebe gemacht"),
        rule("emotion", "anger", "wütend|wut|zornig|zorn|verärgert|ärger|genervt"),
        rule(
            "emotion",
            "apprehension",
            "angst|ängstlich|furcht|erschrocken|panik|besorgt|sorge|nervös|schuldig|peinlich|geschämt",
        ),
        rule("emotion", "sadness", "traurig|trauer|einsam|geweint|weinte|tränen|enttäuscht|unglücklich"),
        rule("emotion", "confusion", "verwirrt|überrascht|erstaunt|verwundert|ratlos"),
        rule("emotion", "happiness", "glücklich|froh|freude|fröhlich|erleichtert|stolz|begeistert|zufrieden|gefreut"),
        rule(
            "setting",
            "indoors",
            "haus|zimmer|küche|bad|keller|dachboden|flur|büro|schule|krankenhaus|laden|kirche|theater|kino|"
            "museum|hotel|bahnhof|zug|bus|auto|wohnung",
        ),
        rule(
            "setting",
            "outdoors",
            "garten|wald|feld|strand|fluss|see|meer|berg|hügel|tal|straße|park|wiese|wüste|insel|hafen|"
            "brücke|dorf|platz|hof|dach",
        ),
        rule(
            "setting",
            "familiar",
            "mein zimmer|meinem zimmer|unser haus|unserem haus|meine schule|zu hause|zuhause|meiner wohnung|"
            "meine wohnung",
        ),
        rule(
            "fortune",
            "misfortune",
            "verloren|verpasst|unfall|gefallen|fiel|kaputt|verletzt|krank|gestorben|tot|ertrunken|feuer|"
            "brannte|überschwemmung|gefangen|vergessen|zu spät",
        ),
        rule("fortune", "success", "gewonnen|gewann|geschafft|erfolg|bestanden|gelöst|preis|entkommen"),
        rule(
            "threat",
            "threat",
            "verfolgt*|angegriffen|bedroht*|waffe|pistole|messer|bombe|krieg|explosion|feuer|monster|"
            "einbrecher|gefangen|geflohen|versteckte mich",
        ),
        rule("sense", "sight", "sah|gesehen|sehe|hell|dunkel|farbe|rot|blau|grün|gelb|weiß|schwarz|licht|schatten"),
        rule("sense", "hearing", "hörte|gehört|geräusch|lärm|musik|lied|stimme|laut|leise|stille"),
        rule("sense", "touch", "berührt*|kalt|warm|heiß|nass|weich|schmerz|schmerzen"),
        rule("sense", "smell and taste", "roch|gerochen|geruch|duft|schmeckte|geschmack|süß|bitter|salzig"),
        rule(
            "sense",
            "movement",
            "flog|geflogen|fliegen|schwebte|fiel|gefallen|schwamm|geschwommen|rannte|gerannt|kletterte",
        ),
        rule(
            "lucidity",
            "lucid",
            "klartraum|luzid|wusste dass ich träume|wusste dass ich träumte|merkte dass ich träume|"
            "ist nur ein traum|war nur ein traum",
        ),
    ),
    ("nicht", "kein", "keine", "keinen", "nie", "niemals", "ohne", "niemand", "weder"),
)
