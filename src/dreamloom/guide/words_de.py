"""What does the guide say in German? Held to the same tests as English; so is every further language."""

from dreamloom.guide.wording import Asked, EveningWords, Wording

GERMAN = Wording(
    code="de",
    machine="Ich bin ein Programm, kein Mensch und keine Therapie. Ich frage und deute nicht. Du kannst "
    "jederzeit aufhören.",
    asked={
        "anything_else": Asked("Noch etwas?", "Noch etwas zu „{quote}“?"),
        "around": Asked("Was war um dich herum?", "Du hast „{quote}“ gesagt. Was war dort um dich herum?"),
        "before": Asked("Was kam davor?", "Was kam kurz vor „{quote}“?"),
        "after": Asked("Was kam danach?", "Was kam nach „{quote}“?"),
        "felt_like": Asked("Wie war das für dich?", "Du hast „{quote}“ gesagt. Wie war das für dich?"),
        "who_was_there": Asked("War jemand bei dir?", "Du hast „{quote}“ gesagt. War jemand bei dir?"),
        "how_it_began": Asked("Wie fing es an?", "Wie bist du zu „{quote}“ gekommen?"),
        "how_it_ended": Asked("Wie hörte es auf?", "Wie hörte „{quote}“ auf?"),
        "like_to_add": Asked("Möchtest du noch etwas dazu sagen?", "Möchtest du zu „{quote}“ noch etwas sagen?"),
        "like_to_dream": Asked("Möchtest du von etwas träumen?", "Was möchtest du von „{quote}“ träumen?"),
        "draws_you": Asked("Was zieht dich dorthin?", "Was zieht dich zu „{quote}“?"),
        "see_first": Asked(
            "Stell dir vor, du bist dort. Was siehst du zuerst?", "Stell dir „{quote}“ vor. Was siehst du zuerst?"
        ),
        "hear_there": Asked("Was hörst du dort?", "Stell dir „{quote}“ vor. Was hörst du dort?"),
        "dream_sign": Asked(
            "Woran hättest du merken können, dass es ein Traum war?",
            "Hättest du an „{quote}“ merken können, dass es ein Traum war? Oder an etwas anderem?",
        ),
        "what_for": Asked(
            "Was soll jemand von dieser Nacht haben?", "Du hast „{quote}“ geschrieben. Was soll jemand davon haben?"
        ),
        "who_for": Asked(
            "Für wen ist das, und wer soll nicht mitmachen?", "Du hast „{quote}“ geschrieben. Für wen ist das?"
        ),
        "what_if_it_wakes": Asked(
            "Was soll geschehen, wenn es jemanden weckt?", "Du hast „{quote}“ geschrieben. Und wenn es jemanden weckt?"
        ),
        "how_will_you_know": Asked(
            "Woran siehst du am Morgen, ob es etwas bewirkt hat?",
            "Du hast „{quote}“ geschrieben. Woran siehst du das am Morgen?",
        ),
    },
    reflected="Du hast gesagt: „{quote}“.",
    drafted="Bisher, in deinen Worten: {quote}",
    tag="Dazu könnte das Schlagwort „{quote}“ passen. Du entscheidest.",
    phrase="Ein Satz für heute Nacht, aus deinen Worten: „{quote}“ Du entscheidest.",
    stop="Sollen wir hier aufhören? Was du gesagt hast, ist aufgehoben, und es fehlt nichts.",
    human="Möchtest du mit einem Menschen sprechen? Sag es der Person, die heute Nacht da ist.",
    human_named="{quote} ist für ein Gespräch da, so wie du es wolltest.",
    resources="Hier findest du jemanden, mit dem du sprechen kannst.",
    saved="Aufgehoben, wie du es gesagt hast, nur für dich.",
    end="Danke. Das ist alles von mir.",
    all_right="Geht es dir gut genug für den Tag?",
    yes_fine="Ja",
    want_to_talk="Ich möchte mit jemandem sprechen",
    emergency="Ist jemand in Gefahr, wähle die örtliche Notrufnummer.",
    expired="Weitere Nummern stehen hier nicht: niemand hat sie in letzter Zeit angerufen und geprüft.",
    evening=EveningWords(
        greeting="Ich bin ein Programm, kein Mensch. Ein paar Fragen vor der Nacht; lass weg, was du magst.",
        wish="Möchtest du heute Nacht von etwas träumen? Ein paar Worte genügen. Oder von nichts, das ist genauso gut.",
        draws="Was zieht dich dorthin? Du musst es nicht sagen.",
        picture="Stell dir vor, du bist dort, gerade hereingekommen. Was siehst du zuerst?",
        phrase="Soll das dein Satz für heute Nacht sein? „{quote}“",
        change="Wie würdest du es sagen?",
        practise="Möchtest du üben, im Traum zu merken, dass du träumst? Das braucht eine kleine Weile.",
        past="Denk an einen Traum, an den du dich erinnerst, einen freundlichen oder seltsamen. Was geschah, "
        "in wenigen Worten?",
        sign="Woran hättest du merken können, dass es ein Traum war?",
        sign_again="Sag es in wenigen Worten.",
        rehearse="Schließ die Augen und geh noch einmal durch diesen Traum. Diesmal kommst du zu „{quote}“ und "
        "weißt, dass du "
        "träumst. Stell dir vor, was du dann tust. Lass dir Zeit.",
        rehearse_plain="Schließ die Augen und geh noch einmal durch diesen Traum. Diesmal weißt du, dass du träumst. "
        "Stell dir "
        "vor, was du dann tust. Lass dir Zeit.",
        resolve="Sag es nun zu dir und mein es so: „{quote}“ Sag es, bis es das Letzte ist, woran du denkst.",
        waking="Wenn du aufwachst, bleib einen Moment still liegen und lass kommen, was da war, bevor du dich rührst.",
        close="Bist du bereit für die Nacht?",
        go_on="Weiter",
        done="Getan",
        leave_out="Auslassen",
        yes="Ja",
        no="Nein",
        enough="Das genügt",
        good_night="Gute Nacht.",
        back="Zurück zum Morgen",
        wish_phrase="Heute Nacht möchte ich von {quote} träumen.",
        openings=("ich möchte von", "ich will von", "ich würde gern von", "von"),
        resolution="Wenn ich heute Nacht träume, merke ich, dass ich träume.",
    ),
)
