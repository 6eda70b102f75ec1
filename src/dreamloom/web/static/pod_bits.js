// Which bits does a bed have, and which of them silence a cue? The same table as the house's.

export const BITS = ["REVOKED", "HALTED", "AROUSAL", "LEASE_LAPSED", "STAGE_STALE", "NOT_ARMED", "STAGE", "NOT_AWAKE", "FADING"];
export const AROUSAL = BITS[2];
export const FADING = BITS[8];
export const ALL = (1 << BITS.length) - 1;
const HARD = (1 << 0) | (1 << 1) | (1 << 5) | (1 << 8);

/** @param {number} mask */
export const namesOf = (mask) => BITS.filter((_, place) => (mask >> place) & 1);

/**
 * Which causes silence a cue: bits that it heeds, hard ones whatever it says, and what is no bit.
 * @param {number} bits @param {number} heeds @param {string[]} others
 */
export const heeded = (bits, heeds, others) => [...namesOf(bits & (heeds | HARD)), ...others];
