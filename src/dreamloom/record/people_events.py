"""What can happen to who may look at a house's pages? Invited, known by a passkey, came in, struck off.

These stand in the house's record. A name is what the house calls somebody: initials or a number of the staff, the
pseudonym of a sleeper, whose words hang on their own key and go with them.
"""

from typing import Literal

from dreamloom.record.envelope import Event, Sha256Hex

HouseRole = Literal["sleeper", "orchestrator", "blinded", "researcher", "clinician", "council"]
"""As whom somebody looks at a house's pages."""


class PersonInvited(Event, frozen=True):
    """Somebody was given a link by which they may make a passkey for this role, once."""

    name: str
    role: HouseRole
    by: str
    until_utc: str


class PasskeyAdded(Event, frozen=True):
    """Whoever was invited made a passkey; from here on it opens the house's pages.

    Attributes:
        passkey_sha256: of its public key.
        rp_id: at which name of the house it works.
    """

    name: str
    role: HouseRole
    passkey_sha256: Sha256Hex
    rp_id: str


class SignedIn(Event, frozen=True):
    """A passkey opened the house's pages."""

    name: str
    role: HouseRole
    passkey_sha256: Sha256Hex


class PersonRemoved(Event, frozen=True):
    """Nothing of this person's opens any page of the house from here on."""

    name: str
    role: HouseRole
    by: str
