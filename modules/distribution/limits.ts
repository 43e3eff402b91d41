// Owns: distribution's numbers that are not parameters, with their source.

import { Dec } from "../../chain/types/dec.ts";

/** The end of a period is referred to by at most one delegation or slash, and by the validator while it is the last. */
export const MAX_REFERENCES = 2;

/** How far a stake that is counted down slash by slash may come out above the stake, for its rounding (x/distribution: marginOfErr). */
export const MAX_STAKE_ROUNDING = Dec.fromScaled(3n);
