/**
 * Owns the bounds of a light client's requests to nodes it does not trust.
 */

/** How long one request may take, in milliseconds. */
export const lightRequestTimeoutMs = 10_000;
/** Largest answer read, in bytes: a commit of 10,000 signatures in JSON has about 2.5 MB. */
export const maximumLightAnswerBytes = 8 * 1024 * 1024;
/** Validators asked for at once, CometBFT's largest page. */
export const lightValidatorPage = 100;
/** Headers asked for at once: as many as CometBFT's `blockchain` gives. */
export const lightHeaderPage = 20;
