// Vote extensions: what the application adds to precommits, and is given when it prepares the next block (ABCI 2.0). Owns
// whether a height has them, the extensions known of this height and the one below, and the commit that carries them;
// their bytes and signatures are chain/types/vote.ts, the application is asked in execution.ts.
//
// A certificate of precommits carries their extensions, as does the commit of a block from sync, and is refused without. A decision that
// came with a snapshot has none, so a node passes on the votes of its last commit one by one where there are any: to those a height
// behind, and to those whose first round has failed. A node that lacks them for the commit it would build on leaves the turn to a
// proposer that has them.

import { votesOf } from "../../chain/consensus/certificate.ts";
import type { LoggedInput } from "../../chain/consensus/input.ts";
import { isQuorum, type Powers } from "../../chain/consensus/votes.ts";
import { equalBlockIds, isZeroBlockId } from "../../chain/types/block-id.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { voteExtensionsEnabled } from "../../chain/types/params.ts";
import { SIGNED_PRECOMMIT, type Vote } from "../../chain/types/vote.ts";
import type { Commit, ExtendedCommit } from "../ports.ts";

const NONE = new Uint8Array(0);

/** What a vote must be like: `optional` where the rule of its height is not known yet, or its carrier drops extensions. */
export type ExtensionRule = "required" | "forbidden" | "optional";

/** Whether precommits of a height carry extensions, by the parameters of the height in progress. */
export function hasExtensions(chain: Pick<ChainState, "consensusParams">, height: bigint): boolean {
  return height > 0n && voteExtensionsEnabled(chain.consensusParams, height);
}

interface Extension {
  readonly extension: Uint8Array;
  readonly extensionSignature: Uint8Array;
}

export class Extensions {
  #known = new Map<string, Extension & { readonly height: bigint }>();

  /** Takes up those of a commit that was stored, or verified. */
  load(commit: ExtendedCommit | undefined): void {
    commit?.extendedSignatures.forEach(({ extension, extensionSignature }, index) => {
      const { height, round } = commit;
      if (extensionSignature.length > 0) {
        this.#known.set(keyOf(height, round, index), { height, extension, extensionSignature });
      }
    });
  }

  /** Remembers what accepted votes carry, alone, in a certificate or in the commit of a block from sync. */
  noteInput(input: LoggedInput): void {
    if (input.type === "vote") this.note(input.vote);
    else if (input.type === "cert") for (const vote of input.votes) this.note(vote);
    else if (input.type === "syncedBlock") this.load(input.extendedCommit);
  }

  /** Remembers what an accepted vote carries. */
  note({ type, height, round, blockId, validatorIndex, extension, extensionSignature }: Vote): void {
    if (type !== SIGNED_PRECOMMIT || isZeroBlockId(blockId) || extensionSignature.length === 0) return;
    this.#known.set(keyOf(height, round, validatorIndex), { height, extension, extensionSignature });
  }

  /** Whether the commit has this vote, for its block, and what it carries is not known here. */
  lacks(commit: Commit | undefined, { height, round, blockId, validatorIndex }: Vote): boolean {
    if (commit === undefined || commit.height !== height || commit.round !== round) return false;
    if (!equalBlockIds(commit.blockId, blockId) || commit.signatures[validatorIndex]?.blockIdFlag !== COMMIT)
      return false;
    return !this.#known.has(keyOf(height, round, validatorIndex));
  }

  /** Forgets heights below the one that the next block builds on. */
  prune(below: bigint): void {
    for (const [key, { height }] of this.#known) if (height < below) this.#known.delete(key);
  }

  /**
   * The commit with what is known of its votes' extensions, empty where they are not known; undefined when its height has
   * none at all. `chain` is the state before or after the commit's block.
   */
  commitOf(chain: ChainState, { height, round, blockId, signatures }: Commit): ExtendedCommit | undefined {
    if (!hasExtensions(chain, height)) return undefined;
    const extendedSignatures = signatures.map((signature, index) => {
      const found = signature.blockIdFlag === COMMIT ? this.#known.get(keyOf(height, round, index)) : undefined;
      const { extension = NONE, extensionSignature = NONE } = found ?? {};
      return { ...signature, extension, extensionSignature };
    });
    return { height, round, blockId, extendedSignatures };
  }

  /** The votes of a commit that are here with their extensions, to be passed on one by one. */
  votesOf(commit: Commit | undefined): readonly Vote[] {
    if (commit === undefined) return [];
    return votesOf({ kind: "commit", commit }).flatMap((vote) => {
      const found = this.#known.get(keyOf(vote.height, vote.round, vote.validatorIndex));
      if (found === undefined) return [];
      const { extension, extensionSignature } = found;
      return [{ ...vote, extension, extensionSignature }];
    });
  }
}

/** The commit inside, for those who need no extensions; a commit without them is itself. */
export function bareCommit(commit: Commit | ExtendedCommit): Commit {
  if ("signatures" in commit) return commit;
  const { height, round, blockId, extendedSignatures } = commit;
  const signatures = extendedSignatures.map(({ blockIdFlag, validatorAddress, timestamp, signature }) => ({
    blockIdFlag,
    validatorAddress,
    timestamp,
    signature,
  }));
  return { height, round, blockId, signatures };
}

const COMMIT = 2;

/** Whether the votes for the block whose extensions are here are a quorum's. */
export function isComplete({ extendedSignatures }: ExtendedCommit, powers: Powers): boolean {
  let power = 0n;
  extendedSignatures.forEach(({ extensionSignature }, index) => {
    if (extensionSignature.length > 0) power += powers.each[index] ?? 0n;
  });
  return isQuorum(power, powers.total);
}

function keyOf(height: bigint, round: number, index: number): string {
  return `${height}/${round}/${index}`;
}
