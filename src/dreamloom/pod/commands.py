"""May this bed obey? A command is a permit for one cue within 2 s; every veto still stands before it."""

from msgspec.structs import replace

from dreamloom.dreamscape.slots import BY_COMMAND
from dreamloom.governance.policy.request import Verdict
from dreamloom.guardian.ladder import softer_db
from dreamloom.pod.plan import START_WITHIN_S, Plan
from dreamloom.pod.ruled import ruled
from dreamloom.pod.state import PodState
from dreamloom.record.events import (
    AnyEvent,
    CommandGiven,
    CueDue,
    CueForbidden,
    CueWithheld,
    LeaseGranted,
    SoundClass,
    WithheldReason,
)
from dreamloom.vetoes.cue import Proposal, Situation, first_veto
from dreamloom.vocabulary.units import Decibels, NightTime, Seconds, to_microsecond

COMMAND_S = Seconds(2.0)
"""No command is good for longer, whatever it says."""
COMMAND_LEAD_S = Seconds(0.25)
"""Between obeying and sounding, so that the speaker can begin on time. Ours."""


def obey(state: PodState, plan: Plan, situation: Situation) -> list[AnyEvent]:
    """The command waiting at this bedside, decided: one CueDue, or one CueWithheld with its reason."""
    command = state.command
    if command is None:
        return []
    proposal = _proposal(command, state, plan, situation.now_s)
    reason = _refused(command, situation, proposal) or ("OVERLAP" if state.overlaps(proposal.play_at_s) else None)
    if reason is not None:
        return [_withheld(command, reason, situation.now_s)]
    verdict = ruled(state, plan, _permitted(command, situation), proposal, number=BY_COMMAND)
    if verdict.allowed:
        return [_due(command, proposal, situation.now_s)]
    return [_forbidden(command, verdict, plan), _withheld(command, "POLICY", situation.now_s)]


def permit(command: CommandGiven) -> LeaseGranted:
    """The command as the lease it stands for: one cue, from its moment, for at most COMMAND_S."""
    return LeaseGranted(
        onset_s=command.onset_s,
        lease=command.id,
        scene="command",
        cues={command.cue: command.cue_sha256},
        sound_class=command.sound_class,
        level_cap_db=command.level_cap_db,
        cues_left=1,
        arm=None,
        dreamscape_sha256=command.dreamscape_sha256,
        policy_sha256=command.policy_sha256,
        not_before_s=command.onset_s,
        not_after_s=min(command.not_after_s, command.onset_s + COMMAND_S),
    )


def _refused(command: CommandGiven, situation: Situation, proposal: Proposal) -> WithheldReason | None:
    if proposal.play_at_s >= permit(command).not_after_s:
        return "EXPIRED"
    return first_veto(_permitted(command, situation), proposal)


def _permitted(command: CommandGiven, situation: Situation) -> Situation:
    """The command is a permit of its own, and no lease's cues are counted against it."""
    return replace(situation, lease=permit(command), cues_since_lease=0)


def _proposal(command: CommandGiven, state: PodState, plan: Plan, now_s: NightTime) -> Proposal:
    play_at_s = to_microsecond(now_s + COMMAND_LEAD_S)
    return Proposal(
        cue=command.cue,
        cue_sha256=plan.cue_sha256.get(command.cue, ""),
        sound_class=_declared(command, plan),
        dreamscape_sha256=plan.dreamscape_sha256,
        level_db=plan.level_db(
            state.grant,
            permit(command),
            sound_class=_declared(command, plan),
            lowered_db=Decibels(plan.lowered_now_db(state.lowered_db, state.quiet_s(now_s)) + softer_db(state.stands)),
        ),
        lasts_s=plan.sounding_s(command.cue),
        play_at_s=play_at_s,
        start_by_s=to_microsecond(min(play_at_s + START_WITHIN_S, permit(command).not_after_s)),
    )


def _declared(command: CommandGiven, plan: Plan) -> SoundClass:
    """The author's class of the commanded cue: nobody makes a sleep cue an awake sound by calling it one."""
    return plan.sound_class(command.cue) if command.cue in plan.cue_sha256 else command.sound_class


def _due(command: CommandGiven, proposal: Proposal, now_s: NightTime) -> CueDue:
    return CueDue(
        onset_s=now_s,
        cause=command.id,
        cue=proposal.cue,
        cue_sha256=proposal.cue_sha256,
        part=BY_COMMAND,
        sound_class=proposal.sound_class,
        level_db=proposal.level_db,
        play_at_s=proposal.play_at_s,
        expires_s=proposal.start_by_s,
        lease=command.id,
    )


def _forbidden(command: CommandGiven, verdict: Verdict, plan: Plan) -> CueForbidden:
    return CueForbidden(
        onset_s=command.onset_s,
        cause=command.id,
        cue=command.cue,
        part=BY_COMMAND,
        policies=verdict.policies,
        policy_sha256=plan.policy_sha256,
    )


def _withheld(command: CommandGiven, reason: WithheldReason, now_s: NightTime) -> CueWithheld:
    return CueWithheld(
        onset_s=command.onset_s,
        cause=command.id,
        cue=command.cue,
        part=BY_COMMAND,
        reason=reason,
        until_s=now_s,
        count=1,
    )
