"""Where does somebody find the courses they answer for, and who would like to talk to them? A page without scripts."""

from litestar import MediaType, Response, get
from litestar.types import ControllerRouterHandler

from dreamloom.gallery import outcome_sentences
from dreamloom.house import looked_after, outcome_answers
from dreamloom.web import pages, themes, wording
from dreamloom.web.front_door import Asker, Reply, allowed
from dreamloom.web.pod_pages import folder_of
from dreamloom.web.sign_in import MAY_WATCH


@get("/courses", include_in_schema=False, media_type=MediaType.HTML, sync_to_thread=True)
def courses(request: Asker) -> Reply:
    """Courses for their clinician; wishes to talk for whoever was named, by that name alone."""
    session, house = allowed(request, MAY_WATCH), folder_of(request).house
    is_clinician, today = session.role == "clinician", outcome_answers.day("")
    body = pages.page(
        "courses.html",
        theme=themes.chosen(request, otherwise="day"),
        language=wording.chosen(request),
        name=session.name,
        courses=looked_after.courses_of(house, session.name, today=today) if is_clinician else None,
        wishes=looked_after.wishes_for(house, session.name),
        nights="/nights" if request.app.state.of_house else f"/nights/{folder_of(request).name}",
        note=outcome_sentences.NOT_A_DEVICE,
    )
    return wording.remembered(themes.remembered(Response(body, media_type=MediaType.HTML), request), request)


HANDLERS: tuple[ControllerRouterHandler, ...] = (courses,)
