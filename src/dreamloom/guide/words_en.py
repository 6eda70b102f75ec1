"""What does the guide say in English?"""

from dreamloom.guide.wording import Asked, EveningWords, Wording

ENGLISH = Wording(
    code="en",
    machine="I am a program, not a person, and no therapist. I ask; I do not explain dreams. You may stop "
    "at any moment.",
    asked={
        "anything_else": Asked("Anything else?", 'Anything else about "{quote}"?'),
        "around": Asked("What was around you?", 'You said "{quote}". What was around you there?'),
        "before": Asked("What came before that?", 'What came just before "{quote}"?'),
        "after": Asked("What came next?", 'What came after "{quote}"?'),
        "felt_like": Asked("What was that like for you?", 'You said "{quote}". What was that like for you?'),
        "who_was_there": Asked("Was anybody with you?", 'You said "{quote}". Was anybody with you?'),
        "how_it_began": Asked("How did it begin?", 'How did you come to "{quote}"?'),
        "how_it_ended": Asked("How did it end?", 'How did "{quote}" end?'),
        "like_to_add": Asked(
            "Is there anything you would like to add?", 'Is there anything you would like to add about "{quote}"?'
        ),
        "like_to_dream": Asked(
            "Is there anything you would like to dream of?", 'What would you like to dream of "{quote}"?'
        ),
        "draws_you": Asked("What draws you to it?", 'What draws you to "{quote}"?'),
        "see_first": Asked(
            "Picture being there. What do you see first?",
            'Picture "{quote}". What do you see first?',
        ),
        "hear_there": Asked("What can you hear there?", 'Picture "{quote}". What can you hear there?'),
        "dream_sign": Asked(
            "What in it could have told you that it was a dream?",
            'Could "{quote}" have told you that it was a dream? Or something else in it?',
        ),
        "what_for": Asked(
            "What should somebody have of this night?", 'You wrote "{quote}". What should somebody have of it?'
        ),
        "who_for": Asked("Who is this for, and who should not take part?", 'You wrote "{quote}". Who is that for?'),
        "what_if_it_wakes": Asked(
            "What should happen if it wakes somebody?", 'You wrote "{quote}". And if it wakes somebody?'
        ),
        "how_will_you_know": Asked(
            "How will you know in the morning whether it did anything?",
            'You wrote "{quote}". How will you know in the morning?',
        ),
    },
    reflected='You said: "{quote}".',
    drafted="So far, in your own words: {quote}",
    tag='This could bear the tag "{quote}". You decide.',
    phrase='A sentence for tonight, of your own words: "{quote}" You decide.',
    stop="Shall we stop here? What you told is kept, and nothing is missing.",
    human="Would you like to talk to a person? Say so to whoever is in charge of this night.",
    human_named="{quote} is there to talk to you, by your own wish.",
    resources="Here is where to find somebody to talk to.",
    saved="Kept as you told it, for you alone.",
    end="Thank you. That is all from me.",
    all_right="Are you all right to start the day?",
    yes_fine="Yes, I am",
    want_to_talk="I would like to talk to someone",
    emergency="If anybody is in danger, call the local emergency number.",
    expired="Other numbers are not shown: nobody has called them lately to see that they are right.",
    evening=EveningWords(
        greeting="I am a program, not a person. A few questions before the night; leave out whatever you like.",
        wish="Is there anything you would like to dream of tonight? A few words are enough. Or nothing, "
        "which is as good.",
        draws="What draws you to it? You need not say.",
        picture="Picture being there, as if you had just come in. What do you see first?",
        phrase='Shall this be your sentence for tonight? "{quote}"',
        change="How would you say it?",
        practise="Would you like to practise noticing that you dream? It takes a few minutes.",
        past="Think of a dream that you remember, a kind or a curious one. What happened, in a few words?",
        sign="What in it could have told you that it was a dream?",
        sign_again="Say it in a few words.",
        rehearse='Close your eyes and go through that dream again. This time you come to "{quote}", and know '
        "that you "
        "dream. Picture what you do then. Take your time.",
        rehearse_plain="Close your eyes and go through that dream again. This time you know that you dream. Picture "
        "what "
        "you do then. Take your time.",
        resolve='Now say it to yourself and mean it: "{quote}" Say it until it is the last thing on your mind.',
        waking="When you wake, lie still for a moment and let what there was come back before you move.",
        close="Are you ready for the night?",
        go_on="Go on",
        done="Done",
        leave_out="Leave it out",
        yes="Yes",
        no="No",
        enough="That is enough",
        good_night="Good night.",
        back="Back to the morning",
        wish_phrase="Tonight I would like to dream of {quote}.",
        openings=(
            "i would like to dream of",
            "i would like to dream about",
            "i want to dream of",
            "i want to dream about",
            "i'd like to dream of",
            "i'd like to dream about",
            "to dream of",
            "to dream about",
            "about",
            "of",
        ),
        resolution="When I dream tonight, I will notice that I am dreaming.",
    ),
)
