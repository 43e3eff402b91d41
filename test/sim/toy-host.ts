// The key-value toy as the simulator's swarm runs it: a chain that can come to rest without transactions, and one whose
// validators extend their precommits. The chain's own application does neither, since its state changes with every block
// and it extends no vote. Owns what an extension says and the check that a proposer is given a quorum's; the toy itself is
// kvstore.ts.

import type { Application } from "../../chain/app/abci.ts";
import { BLOCK_ID_FLAG_COMMIT } from "../../chain/types/commit.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { equalBytes, utf8, utf8Text } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type ApplicationHost, type HostValidators, kvstoreHost } from "./host.ts";
import { kvstore } from "./kvstore.ts";

const ACCEPT = 1;
const REJECT = 2;

/** The only extension that the toy accepts at a height. */
export function toyExtension(height: bigint): Uint8Array {
  return utf8(`extends ${height}`);
}

/** A host of the toy; precommits of `extensionsFrom` and later heights carry extensions, none do when it is 0. */
export function toyHost(extensionsFrom: bigint): (validators: HostValidators) => ApplicationHost {
  return (validators) => {
    const plain = kvstoreHost(validators);
    const consensusParams = {
      ...DEFAULT_CONSENSUS_PARAMS,
      block: { maxBytes: 200_000n, maxGas: -1n },
      evidence: { ...DEFAULT_CONSENSUS_PARAMS.evidence, maxBytes: 100_000n },
      abci: { voteExtensionsEnableHeight: extensionsFrom },
    };
    return {
      genesis: { ...plain.genesis, consensusParams },
      create: (records, report) => extending(kvstore(records, { once: true }), extensionsFrom, report),
    };
  };
}

/** The toy, extending its votes; blocks built on a height with extensions begin with what the proposer was given. */
function extending(toy: Application, from: bigint, report: (error: unknown, where: string) => void): Application {
  const isExtended = (height: bigint): boolean => from > 0n && height >= from;
  return {
    ...toy,
    extendVote: ({ height }) => ({ voteExtension: toyExtension(height) }),
    verifyVoteExtension: ({ height, voteExtension }) => ({
      status: equalBytes(voteExtension, toyExtension(height)) ? ACCEPT : REJECT,
    }),
    prepareProposal: (request) => {
      const wrong = isExtended(request.height - 1n) ? wrongCommit(request) : undefined;
      if (wrong !== undefined) report(new Error(wrong), "PrepareProposal");
      const { txs } = toy.prepareProposal(request);
      // Changes the state, so that such chains never rest: a proof that the extensions were there goes into every block.
      return { txs: isExtended(request.height - 1n) ? [proofOf(request.height), ...txs] : txs };
    },
    processProposal: (request) => {
      const [first] = request.txs;
      const isProven = first !== undefined && equalBytes(first, proofOf(request.height));
      return isExtended(request.height - 1n) && !isProven ? { status: REJECT } : toy.processProposal(request);
    },
  };
}

function proofOf(height: bigint): Uint8Array {
  return utf8(`extended${height - 1n}=yes`);
}

/** What is wrong with the extensions that a proposer is given, or undefined. */
function wrongCommit({
  height,
  localLastCommit,
}: Messages["tendermint.abci.RequestPrepareProposal"]): string | undefined {
  const expected = toyExtension(height - 1n);
  let [power, total] = [0n, 0n];
  for (const { validator, blockIdFlag, voteExtension } of localLastCommit.votes) {
    total += validator.power;
    if (blockIdFlag !== BLOCK_ID_FLAG_COMMIT) continue;
    if (!equalBytes(voteExtension, expected)) return `a vote of ${height - 1n} says ${utf8Text(voteExtension)}`;
    power += validator.power;
  }
  return power * 3n > total * 2n ? undefined : `extensions of ${power} of ${total} at ${height - 1n}`;
}
