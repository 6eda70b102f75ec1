"""By which words are English reports coded? Lists of our own, as stems are met; `*` stands for any ending."""

from dreamloom.weave.coding.rules import CodeBook, rule

FAMILY = (
    "mother|mum|mom|mommy|father|dad|daddy|parent|brother|sister|sibling|twin|son|daughter|grandmother|grandma|"
    "grandfather|grandpa|grandparent|uncle|aunt|cousin|niece|nephew|husband|wife|stepmother|stepfather|in-law"
)
FRIENDS = "friend|boyfriend|girlfriend|partner|roommate|flatmate|neighbour|neighbor|colleague|co-worker|classmate|boss"
ROLES = (
    "teacher|doctor|nurse|police|policeman|policewoman|officer|soldier|driver|guard|waiter|waitress|baker|farmer|"
    "singer|dancer|clerk|judge|lawyer|priest|king|queen|actor|actress|student|carpenter|gardener|librarian|painter|"
    "postman|shopkeeper|conductor|landlord|visitor|guest|thief|burglar|captain|president"
)
PEOPLE = "man|men|woman|women|girl|boy|child|children|baby|kid|person|lady|guy|gentleman|teenager|adult"
STRANGERS = "stranger|intruder|unknown man|unknown woman|unknown person|somebody|someone|figure"
GROUPS = "people|crowd|group|team|family|class|army|gang|audience|crew|band|everybody|everyone|passengers|guests"
ANIMALS = (
    "animal|dog|puppy|cat|kitten|horse|bird|fish|mouse|mice|rat|rabbit|snake|spider|insect|wolf|bear|lion|tiger|"
    "elephant|cow|sheep|goat|pig|chicken|duck|fox|deer|frog|shark|whale|crow|monkey|butterfly|bee|ant|beetle"
)
IMAGINED = (
    "monster|ghost|witch|wizard|vampire|zombie|alien|dragon|fairy|angel|demon|devil|giant|robot|unicorn|spirit|elf"
)
FRIENDLY = (
    "help|helped|hug|hugged|kiss on the cheek|thank*|comfort|comforted|invite|invited|gave me|gives me|smiled at|"
    "protect|protected|rescue|rescued|visit|visited|greet|greeted|welcome|welcomed|praise|praised|shared|"
    "took care|shook hands|congratulat*|cheered"
)
AGGRESSIVE = (
    "hit|attack|attacked|kick|kicked|punch|punched|fight|fought|stab|stabbed|shoot|shot at|kill|killed|murder*|"
    "threaten|threatened|chase|chased|yell|yelled|shouted at|scream at|screamed at|insult|insulted|steal|stole|"
    "bite|bit me|slap|slapped|rob|robbed|argue|argued|quarrel*|destroy|destroyed|strangle|strangled|beat me|"
    "locked me|pushed me|pulled me|hunt|hunted"
)
SEXUAL = "sex|sexual|sexually|make love|made love|making love|naked together|erotic|aroused|kissed passionately"
ANGER = "angry|anger|annoyed|annoying|furious|rage|irritated|mad at|frustrated|outraged|resent*|indignant|cross with"
APPREHENSION = (
    "afraid|scared|scary|fear|frightened|frightening|terrified|terrifying|terror|anxious|anxiety|worried|worry|"
    "nervous|panic*|horrified|dread|embarrassed|ashamed|shame|guilty|guilt|uneasy|tense|alarmed"
)
SADNESS = (
    "sad|sadness|unhappy|lonely|depressed|grief|grieving|cried|crying|tears|disappointed|hopeless|heartbroken|hurt"
)
CONFUSION = (
    "confused|confusing|confusion|surprised|surprising|puzzled|bewildered|astonished|amazed|disoriented|uncertain"
)
HAPPINESS = (
    "happy|happiness|joy|joyful|glad|pleased|relieved|relief|cheerful|delighted|excited|proud|love|loved|content|calm|"
    "peaceful|enjoyed|wonderful|thrilled|elated|grateful"
)
INDOORS = (
    "house|home|room|kitchen|bedroom|bathroom|cellar|basement|attic|corridor|hallway|office|school|classroom|hospital|"
    "shop|store|supermarket|church|theatre|theater|cinema|museum|hotel|factory|library|restaurant|elevator|lift|"
    "staircase|apartment|flat|bakery|workshop|barn|station|airport|bus|train|car|ferry|tunnel|building"
)
OUTDOORS = (
    "garden|forest|woods|field|beach|river|lake|sea|ocean|mountain|hill|valley|street|road|park|meadow|desert|island|"
    "harbour|harbor|bridge|village|square|courtyard|yard|playground|roof|balcony|campsite|farm|sky|car park|market"
)
FAMILIAR = (
    "my house|my room|my home|my school|my office|my old school|my bedroom|our house|our kitchen|our garden|"
    "my parents' house|my apartment|my flat|my street|my village|my town|at home"
)
UNFAMILIAR = "unknown place|strange house|strange place|foreign city|foreign country|never been|somewhere unknown"
MISFORTUNE = (
    "lost|missed the bus|missed the train|accident|crash|crashed|fell|falling|broke|broken|injured|wounded|bleed*|sick|"
    "ill|disease|died|dead|death|drown|drowned|fire|burning|flood|stuck|trapped|late|could not find|couldn't find|"
    "forgot|ruined|failed|paralysed|paralyzed|earthquake|storm"
)
SUCCESS = "won|winning|succeed*|success|passed the exam|solved|prize|award|escaped|managed to|reached the top|scored"
THREAT = (
    "chase|chased|chasing|attack|attacked|hunted|threaten|threatened|weapon|gun|knife|bomb|war|shooting|explosion|"
    "drowning|falling off|fire|flood|earthquake|storm|monster|murder*|kidnap*|trapped|lost my way|wild animal|"
    "crash|crashed|burglar|intruder|escape from|run away|ran away|hide from|hid from"
)
SIGHT = "saw|see|seen|looked|watched|bright|dark|colour|color|red|blue|green|yellow|white|black|golden|light|shadow"
HEARING = "heard|hear|sound|noise|music|song|voice|loud|quiet|silence|sang|ringing|whisper*|bell|noisy"
TOUCH = "touch|touched|cold|warm|hot|wet|soft|rough|pain|painful|held|felt the|smooth|heavy"
SMELL_TASTE = "smell|smelled|smelt|scent|stink|taste|tasted|sweet|bitter|salty|sour|delicious"
MOVEMENT = "flying|flew|floated|floating|fell|falling|spinning|swam|swimming|ran|running|climbed|climbing|rode|sailed"
LUCIDITY = (
    "knew i was dreaming|knew that i was dreaming|realised i was dreaming|realized i was dreaming|"
    "realised that i was dreaming|realized that i was dreaming|lucid|knew it was a dream|knew this was a dream|"
    "aware that i was dreaming|aware i was dreaming|this is a dream|only a dream"
)

BOOK = CodeBook(
    "en",
    "1",
    (
        rule("character", "familiar person", f"{FAMILY}|{FRIENDS}"),
        rule("character", "person by role", ROLES),
        rule("character", "person", PEOPLE),
        rule("character", "stranger", STRANGERS),
        rule("character", "group", GROUPS),
        rule("character", "animal", ANIMALS),
        rule("character", "imagined", IMAGINED),
        rule("interaction", "friendly", FRIENDLY),
        rule("interaction", "aggressive", AGGRESSIVE),
        rule("interaction", "sexual", SEXUAL),
        rule("emotion", "anger", ANGER),
        rule("emotion", "apprehension", APPREHENSION),
        rule("emotion", "sadness", SADNESS),
        rule("emotion", "confusion", CONFUSION),
        rule("emotion", "happiness", HAPPINESS),
        rule("setting", "indoors", INDOORS),
        rule("setting", "outdoors", OUTDOORS),
        rule("setting", "familiar", FAMILIAR),
        rule("setting", "unfamiliar", UNFAMILIAR),
        rule("fortune", "misfortune", MISFORTUNE),
        rule("fortune", "success", SUCCESS),
        rule("threat", "threat", THREAT),
        rule("sense", "sight", SIGHT),
        rule("sense", "hearing", HEARING),
        rule("sense", "touch", TOUCH),
        rule("sense", "smell and taste", SMELL_TASTE),
        rule("sense", "movement", MOVEMENT),
        rule("lucidity", "lucid", LUCIDITY),
    ),
    ("not", "no", "never", "didn't", "wasn't", "without", "don't", "isn't", "nobody", "neither", "nor", "hardly"),
)
