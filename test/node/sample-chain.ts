// A chain without an engine: blocks, commits with real signatures and results, made one after another, for tests of
// storage and RPC. Owns nothing of the product; everything hashed here is hashed by chain/types.

import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { partsOfBlock } from "../../chain/types/block.ts";
import { type ChainState, genesisState, makeBlock, nextChainState } from "../../chain/types/chain-state.ts";
import { parseGenesisDocument } from "../../chain/types/genesis-doc.ts";
import { findValidator, proposerOf } from "../../chain/types/validator-set.ts";
import { voteSignBytes } from "../../chain/types/vote.ts";
import type { BlockBatch, Commit, FinalizeBlockResponse, StateWrite } from "../../node/ports.ts";

export type AbciEvent = FinalizeBlockResponse["events"][number];

/** An event whose attributes are all indexed. */
export function event(type: string, attributes: Readonly<Record<string, string>>): AbciEvent {
  return { type, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value, index: true })) };
}

/** One transaction of a block to be made, with what it does. */
export interface SampleTx {
  readonly tx: Uint8Array;
  readonly code?: number;
  readonly events?: readonly AbciEvent[];
}

/** What a block to be made contains. */
export interface SampleBlock {
  readonly txs?: readonly SampleTx[];
  readonly events?: readonly AbciEvent[];
  readonly validatorUpdates?: FinalizeBlockResponse["validatorUpdates"];
  readonly appWrites?: readonly StateWrite[];
  readonly retainHeight?: bigint;
}

function keyOf(seed: number): { readonly secret: KeyObject; readonly publicKey: Uint8Array } {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex");
  const secret = createPrivateKey({
    key: Buffer.concat([prefix, Buffer.alloc(32, seed)]),
    format: "der",
    type: "pkcs8",
  });
  const { x } = createPublicKey(secret).export({ format: "jwk" });
  return { secret, publicKey: new Uint8Array(Buffer.from(x ?? "", "base64url")) };
}

/** Makes blocks. Deterministic: the same calls give the same bytes. */
export class SampleChain {
  readonly genesis;
  state: ChainState;
  private readonly keys: readonly ReturnType<typeof keyOf>[];
  private lastCommit: Commit | undefined;

  constructor(options: { chainId?: string; validators?: number; initialHeight?: number } = {}) {
    this.keys = Array.from({ length: options.validators ?? 1 }, (_, index) => keyOf(index + 1));
    this.genesis = parseGenesisDocument(
      {
        chain_id: options.chainId ?? "sample-1",
        genesis_time: "2026-01-02T03:04:05.678901234Z",
        initial_height: String(options.initialHeight ?? 1),
        validators: this.keys.map(({ publicKey }, index) => ({
          pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.from(publicKey).toString("base64") },
          power: String(10 + index),
          name: `validator-${index}`,
        })),
      },
      { seconds: 0n, nanos: 0 },
    );
    this.state = genesisState(this.genesis);
  }

  /** The consensus key of a validator. */
  publicKey(index: number): Uint8Array {
    const key = this.keys[index];
    if (key === undefined) throw new Error(`there is no validator ${index}`);
    return key.publicKey;
  }

  /** Makes the next block and moves on to the state after it. */
  next(sample: SampleBlock = {}): BlockBatch {
    const txs = sample.txs ?? [];
    const proposer = proposerOf(this.state.validators);
    const block = makeBlock(
      this.state,
      txs.map(({ tx }) => tx),
      this.lastCommit,
      [],
      proposer.address,
    );
    const { blockId, bytes } = partsOfBlock(block);
    const { height } = block.header;
    const response: FinalizeBlockResponse = {
      events: sample.events ?? [],
      txResults: txs.map(({ code = 0, events = [] }) => ({
        code,
        data: new Uint8Array(0),
        log: code === 0 ? "" : "it failed",
        info: "",
        gasWanted: 200_000n,
        gasUsed: 70_000n,
        events,
        codespace: code === 0 ? "" : "sample",
      })),
      validatorUpdates: sample.validatorUpdates ?? [],
      consensusParamUpdates: undefined,
      appHash: Uint8Array.from(Buffer.from(height.toString(16).padStart(64, "0"), "hex")),
    };
    const seenCommit = this.commitFor(height, blockId, block.header.time.seconds + 1n);
    this.lastCommit = seenCommit;
    this.state = nextChainState(this.state, blockId, block, response);
    return {
      height,
      blockId,
      block,
      blockBytes: bytes,
      seenCommit,
      response,
      state: this.state,
      appWrites: sample.appWrites ?? [],
      retainHeight: sample.retainHeight ?? 0n,
    };
  }

  private commitFor(height: bigint, blockId: BlockBatch["blockId"], seconds: bigint): Commit {
    const timestamp = { seconds, nanos: 500 };
    return {
      height,
      round: 0,
      blockId,
      signatures: this.state.validators.validators.map(({ address, pubKey }, validatorIndex) => {
        const key = this.keys.find((one) => Buffer.from(one.publicKey).equals(pubKey.ed25519 ?? new Uint8Array(0)));
        if (key === undefined || findValidator(this.state.validators, address)?.index !== validatorIndex) {
          throw new Error("a validator without a key");
        }
        const vote = { type: 2, height, round: 0, blockId, timestamp };
        const signature = new Uint8Array(sign(null, voteSignBytes(this.state.chainId, vote), key.secret));
        return { blockIdFlag: 2, validatorAddress: address, timestamp, signature };
      }),
    };
  }
}

/** Text as transaction bytes. */
export const tx = (text: string): Uint8Array => new TextEncoder().encode(text);
