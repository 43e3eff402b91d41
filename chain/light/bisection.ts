/**
 * Owns the way of a light client from a trusted height to another one: skipping, and halving the distance where too
 * few validators stayed; and step by step. It does not own the single step (verifier.ts) nor how light blocks are
 * fetched. The walk is a generator: it yields the height it needs and is given that light block, so one implementation
 * serves callers that wait for a network and callers that do not. Source: CometBFT light/client.go verifySkipping.
 */
import { ValidationError } from "../types/errors.ts";
import type { LightBlock } from "../types/light-block.ts";
import { validateLightBlock } from "../types/light-block.ts";
import { MAX_LIGHT_STEPS } from "../types/limits.ts";
import type { TrustOptions } from "./verifier.ts";
import { LightClientError, validateTrustLevel, verifyLightBlock } from "./verifier.ts";

/** Gives light blocks by height at once. Throwing ends the walk. */
export interface LightBlockProvider {
  lightBlock(height: bigint): LightBlock;
}

/** A walk: yields a height, is sent its light block, returns all blocks that are trusted now, oldest first. */
export type LightWalk = Generator<bigint, readonly LightBlock[], LightBlock>;

/**
 * The walk from `trusted` to a higher height, skipping where trust allows. Throws LightClientError when a header is
 * wrong or the way takes more than MAX_LIGHT_STEPS steps.
 */
export function* walkToHeight(trusted: LightBlock, height: bigint, options: TrustOptions): LightWalk {
  validateTrustLevel(options.trustLevel);
  const trace: LightBlock[] = [trusted];
  if (height === heightOf(trusted)) return trace;
  if (height < heightOf(trusted)) {
    throw new LightClientError("misuse", `height ${height} is below the trusted height ${heightOf(trusted)}`);
  }
  const chainId = trusted.signedHeader.header.chainId;
  // Blocks that are fetched and not yet trusted, the highest first; `depth` is the one being tried.
  let pending: LightBlock[] = [yield* fetch(height, chainId)];
  let depth = 0;
  let verified = trusted;
  for (let step = 0; step < MAX_LIGHT_STEPS; step++) {
    const candidate = pending[depth] as LightBlock;
    if (isTrusted(verified, candidate, options)) {
      trace.push(candidate);
      if (depth === 0) return trace;
      verified = candidate;
      pending = pending.slice(0, depth);
      depth = 0;
    } else {
      if (depth === pending.length - 1) {
        const pivot = heightOf(verified) + (heightOf(candidate) - heightOf(verified)) / 2n;
        pending.push(yield* fetch(pivot, chainId));
      }
      depth++;
    }
  }
  throw new LightClientError("misuse", `no way to height ${height} in ${MAX_LIGHT_STEPS} steps`);
}

/** The walk from `trusted` to a higher height through every height between (verifySequential). */
export function* walkEveryHeight(trusted: LightBlock, height: bigint, options: TrustOptions): LightWalk {
  const chainId = trusted.signedHeader.header.chainId;
  const trace: LightBlock[] = [trusted];
  for (let at = heightOf(trusted) + 1n; at <= height; at++) {
    const next = yield* fetch(at, chainId);
    const last = trace[trace.length - 1] as LightBlock;
    verifyLightBlock(last.signedHeader, last.validators, next, options);
    trace.push(next);
  }
  return trace;
}

/** Runs a walk with a provider that answers at once. */
export function runWalk(walk: LightWalk, provider: LightBlockProvider): readonly LightBlock[] {
  let turn = walk.next();
  while (turn.done !== true) turn = walk.next(provider.lightBlock(turn.value));
  return turn.value;
}

/** walkToHeight with a provider that answers at once. */
export function verifyToHeight(
  provider: LightBlockProvider,
  trusted: LightBlock,
  height: bigint,
  options: TrustOptions,
): readonly LightBlock[] {
  return runWalk(walkToHeight(trusted, height, options), provider);
}

function* fetch(height: bigint, chainId: string): Generator<bigint, LightBlock, LightBlock> {
  const block = yield height;
  if (heightOf(block) !== height) {
    throw new LightClientError("invalid-header", `asked for height ${height}, got ${heightOf(block)}`);
  }
  try {
    validateLightBlock(block, chainId);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new LightClientError("invalid-header", `invalid header: ${error.message}`);
  }
  return block;
}

/** Whether the candidate is trusted now; false asks for a nearer one, and an invalid one throws. */
function isTrusted(verified: LightBlock, candidate: LightBlock, options: TrustOptions): boolean {
  try {
    verifyLightBlock(verified.signedHeader, verified.validators, candidate, options);
    return true;
  } catch (error) {
    if (error instanceof LightClientError && error.reason === "not-enough-trust") return false;
    throw error;
  }
}

function heightOf(block: LightBlock): bigint {
  return block.signedHeader.header.height;
}
