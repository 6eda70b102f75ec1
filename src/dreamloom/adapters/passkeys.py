"""What does a passkey prove? WebAuthn through py_webauthn: what a browser is asked to sign, and whether it did.

A passkey works at one name of a house and asks its owner for a finger, a face or a PIN, so that it is two things at
once: what they have, and what they are or know. Its private half never leaves the device.
"""

import hashlib
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any, NamedTuple

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LOCAL = "localhost"
HOUSE_NAME = "Dreamloom"
PATIENCE_MS = 300_000
"""Time to find the key that one carries. Ours."""
NOT_ONE = (WebAuthnException, UnsupportedAlgorithm, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What a browser that sends anything else than an answer of WebAuthn may end in."""


class Party(NamedTuple):
    """At which name of this house, and from which address, passkeys are asked for."""

    rp_id: str
    origin: str


class Passkey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The public half; `id` and `public_key` as base64url.

    Attributes:
        rp_id: the name of the house at which it works.
        signed: how often its device says that it signed; 0 where it does not count.
    """

    id: str
    public_key: str
    rp_id: str
    signed: int
    added_utc: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.public_key.encode()).hexdigest()


class NotProvenError(Exception):
    """This answer proves nothing."""


def party_of(host: str) -> Party | None:
    """Whom a passkey is made for that a browser makes at this name; None where browsers make none.

    A name is this machine's own (http is enough), or a public one (https); a bare address is no name.
    """
    name = host.rpartition(":")[0] or host
    if name == LOCAL:
        return Party(LOCAL, f"http://{host}")
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return Party(name, f"https://{host}")
    return None


def asked_to_make(party: Party, *, handle: str, name: str, challenge: bytes, has: Iterable[Passkey]) -> dict[str, Any]:
    """What navigator.credentials.create() is asked for."""
    options = generate_registration_options(
        rp_id=party.rp_id,
        rp_name=HOUSE_NAME,
        user_id=bytes.fromhex(handle),
        user_name=name,
        user_display_name=name,
        challenge=challenge,
        timeout=PATIENCE_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(base64url_to_bytes(each.id)) for each in has if each.rp_id == party.rp_id
        ],
    )
    return _as_fields(options_to_json(options))


def asked_to_sign(party: Party, *, challenge: bytes) -> dict[str, Any]:
    """What navigator.credentials.get() is asked for: any passkey of this house, so no stranger learns a name."""
    options = generate_authentication_options(
        rp_id=party.rp_id,
        challenge=challenge,
        timeout=PATIENCE_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return _as_fields(options_to_json(options))


def made(party: Party, answer: Mapping[str, Any], *, challenge: bytes, now_utc: str) -> Passkey:
    """The passkey that was made for this party and no other; raises NotProvenError."""
    try:
        found = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except NOT_ONE as error:
        raise NotProvenError from error
    return Passkey(
        id=bytes_to_base64url(found.credential_id),
        public_key=bytes_to_base64url(found.credential_public_key),
        rp_id=party.rp_id,
        signed=found.sign_count,
        added_utc=now_utc,
    )


def named_in(answer: Mapping[str, Any]) -> tuple[str, str]:
    """Which passkey an answer says it is, and whose; both may be lies. Raises NotProvenError where it names neither."""
    try:
        handle = base64url_to_bytes(answer["response"]["userHandle"]).hex()
        return str(answer["id"]), handle
    except NOT_ONE as error:
        raise NotProvenError from error


def signed(party: Party, answer: Mapping[str, Any], passkey: Passkey, *, challenge: bytes) -> Passkey:
    """The passkey as it counts now, having signed this challenge for this party; raises NotProvenError.

    One that counts and counts backwards was copied: it proves nothing either.
    """
    try:
        found = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.signed,
            require_user_verification=True,
        )
    except NOT_ONE as error:
        raise NotProvenError from error
    return msgspec.structs.replace(passkey, signed=found.new_sign_count)


def _as_fields(options: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(options)
    return found
