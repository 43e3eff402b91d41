// The same chain as a bench's, made by its validators without a node: blocks, commits and votes to give to the node under
// test. Owns what other validators would say; nothing of it is the product's.

import type { Block } from "../../../chain/types/block.ts";
import { partsOfBlock } from "../../../chain/types/block.ts";
import { type BlockId, ZERO_BLOCK_ID } from "../../../chain/types/block-id.ts";
import { type ChainState, makeBlock, nextHeight, proposerAt } from "../../../chain/types/chain-state.ts";
import type { Commit } from "../../../chain/types/commit.ts";
import type { Evidence } from "../../../chain/types/evidence.ts";
import type { GenesisDocument } from "../../../chain/types/genesis-doc.ts";
import { addNanoseconds } from "../../../chain/types/time.ts";
import { findValidator } from "../../../chain/types/validator-set.ts";
import {
  type Proposal,
  proposalSignBytes,
  SIGNED_PRECOMMIT,
  SIGNED_PROPOSAL,
  type Vote,
  voteSignBytes,
} from "../../../chain/types/vote.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import { Execution } from "../../../node/engine/execution.ts";
import type { Application } from "../../../node/ports.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { stubKey, stubVerifier } from "../../sim/keys.ts";
import { kvstore } from "../../sim/kvstore.ts";

const NONE = new Uint8Array(0);
const COMMIT = 2;
const ABSENT = 1;

export interface MadeBlock {
  readonly height: bigint;
  readonly block: Block;
  readonly blockId: BlockId;
  readonly bytes: Uint8Array;
  readonly commit: Commit;
}

export class ReferenceChain {
  readonly chainId: string;
  readonly hasher = nodeHasher();
  readonly execution: Execution;
  readonly blocks: MadeBlock[] = [];
  state: ChainState;
  readonly #validators: number;
  readonly #genesisTime: GenesisDocument["genesisTime"];

  constructor(genesis: GenesisDocument, application: Application = kvstore(new Map())) {
    this.chainId = genesis.chainId;
    this.#validators = genesis.validators.length;
    this.#genesisTime = genesis.genesisTime;
    const mempool = { reap: () => [], update: () => {}, count: 0, onAvailable: () => {} };
    this.execution = new Execution({ application, mempool, verifier: stubVerifier, hasher: this.hasher });
    this.state = this.execution.initChain(genesis).state;
  }

  get lastCommit(): Commit | undefined {
    return this.blocks.at(-1)?.commit;
  }

  /** The place of a validator, by the number of its key, in the set that signs the next height. */
  indexOf(key: number): number {
    return findValidator(this.state.validators, stubKey(key).address)?.index ?? -1;
  }

  /** The key whose turn it is in a round of the next height. */
  proposer(round = 0): number {
    const { address } = proposerAt(this.state, nextHeight(this.state), round);
    return Array.from({ length: this.#validators }, (_, key) => key).find((key) =>
      equalBytes(stubKey(key).address, address),
    ) as number;
  }

  /** A block that could be the next one, not signed by anyone. */
  candidate(options: { txs?: readonly Uint8Array[]; evidence?: readonly Evidence[]; round?: number } = {}): MadeBlock {
    const { txs = [], evidence = [], round = 0 } = options;
    const { address } = stubKey(this.proposer(round));
    const block = makeBlock(this.state, txs, this.lastCommit, evidence, address, this.hasher);
    const { blockId, bytes } = partsOfBlock(block, this.hasher);
    const { height } = block.header;
    return { height, block, blockId, bytes, commit: { height, round, blockId, signatures: [] } };
  }

  /** Makes the next block, signed by these keys, and moves on. */
  next(
    options: { signers?: readonly number[]; txs?: readonly Uint8Array[]; evidence?: readonly Evidence[] } = {},
  ): MadeBlock {
    const made = this.candidate(options);
    const signers = options.signers ?? Array.from({ length: this.#validators }, (_, key) => key);
    const { height, blockId, block } = made;
    const votes = signers.map((key) => this.vote(key, { type: SIGNED_PRECOMMIT, height, blockId }));
    const signatures = this.state.validators.validators.map((_, index) => {
      const vote = votes.find(({ validatorIndex }) => validatorIndex === index);
      if (vote === undefined) {
        return {
          blockIdFlag: ABSENT,
          validatorAddress: NONE,
          timestamp: { seconds: -62_135_596_800n, nanos: 0 },
          signature: NONE,
        };
      }
      const { validatorAddress, timestamp, signature } = vote;
      return { blockIdFlag: COMMIT, validatorAddress, timestamp, signature };
    });
    const done = { ...made, commit: { height, round: 0, blockId, signatures } };
    this.state = this.execution.execute(this.state, blockId, block).state;
    this.blocks.push(done);
    return done;
  }

  /** A signed vote of a key in the set of the next height. */
  vote(key: number, what: Partial<Vote> & Pick<Vote, "type">): Vote {
    const { sign, address } = stubKey(key);
    const vote: Vote = {
      height: nextHeight(this.state),
      round: 0,
      blockId: ZERO_BLOCK_ID,
      // One second a height: block times must move forward.
      timestamp: addNanoseconds(this.#genesisTime, 1_000_000_000n * nextHeight(this.state) + 1_000_000n * BigInt(key)),
      validatorAddress: address,
      validatorIndex: this.indexOf(key),
      signature: NONE,
      extension: NONE,
      extensionSignature: NONE,
      ...what,
    };
    return { ...vote, signature: sign(voteSignBytes(this.chainId, vote)) };
  }

  /** The proposal of a block by the one whose turn it is. */
  proposal({ height, blockId }: MadeBlock, round = 0, polRound = -1): Proposal {
    const { sign } = stubKey(this.proposer(round));
    const timestamp = addNanoseconds(this.state.lastBlockTime, 1_000_000n);
    const proposal = { type: SIGNED_PROPOSAL, height, round, polRound, blockId, timestamp, signature: NONE };
    return { ...proposal, signature: sign(proposalSignBytes(this.chainId, proposal)) };
  }
}
