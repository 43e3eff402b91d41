// A chain of the chain's own application with snapshots of it on a disk, and what its nodes answer a newcomer: peers without sockets,
// and light blocks. Owns what honest nodes and liars say in tests of state sync; signatures are the simulator's cheap ones.

import { deflateSync } from "node:zlib";
import { ChainApplication } from "../../../chain/app/application.ts";
import type { LightBlock } from "../../../chain/types/light-block.ts";
import { type LightSource, LightSourceError } from "../../../node/light/rpc-source.ts";
import { BLOCKS_KIND } from "../../../node/p2p/block-server.ts";
import type { Peer } from "../../../node/p2p/peer.ts";
import { decodeBounded, NoAnswerError, type RequestKind } from "../../../node/p2p/requests.ts";
import type { StateWrite } from "../../../node/ports.ts";
import type { PastSource } from "../../../node/sync/past-headers.ts";
import { SNAPSHOTS_KIND } from "../../../node/sync/request-kinds.ts";
import type { ApplicationOver } from "../../../node/sync/restore.ts";
import type { Snapshot, SnapshotStore } from "../../../node/sync/snapshot-store.ts";
import type { StateSyncNeeds } from "../../../node/sync/state-sync.ts";
import { concat, fromHex, hex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { accounts, chainHost, sequenceOf, signedTx } from "../../sim/chain-host.ts";
import { stubKey } from "../../sim/keys.ts";
import { type MadeBlock, ReferenceChain } from "../engine/reference-chain.ts";

export const CHAIN_ID = "snap-1";
const POWERS = [10n, 10n, 10n, 10n];
const keys = POWERS.map((_, number) => stubKey(number));
const host = chainHost({ chainId: CHAIN_ID, time: { seconds: 1_700_000_000n, nanos: 0 }, keys, powers: POWERS });

/** An application over records, as a node makes it. Bugs end the test. */
export const applicationOver: ApplicationOver = (records) => {
  const byHex = { get: (key: string) => records.get(fromHex(key)) } as ReadonlyMap<string, Uint8Array>;
  const application = host.create(byHex, (error) => {
    throw error;
  });
  if (!(application instanceof ChainApplication)) throw new Error("it is another application");
  return application;
};

export class SnapshotChain {
  readonly application: ChainApplication;
  readonly reference: ReferenceChain;
  readonly #sets = new Map<bigint, LightBlock["validators"]>();

  constructor() {
    const records = new Map<string, Uint8Array>();
    const write = (writes: readonly StateWrite[]) => {
      for (const { key, value } of writes)
        value === undefined ? records.delete(hex(key)) : records.set(hex(key), value);
    };
    const application = applicationOver({ get: (key) => records.get(hex(key)) });
    const commit = application.commit.bind(application);
    application.commit = () => {
      const done = commit();
      write(done.writes);
      return done;
    };
    this.application = application;
    const validators = keys.map(({ address, publicKey: pubKey }, number) => ({
      ...{ address, pubKey, name: `v${number}` },
      power: POWERS[number]!,
    }));
    this.reference = new ReferenceChain({ ...host.genesis, validators }, application);
  }

  get height(): bigint {
    return this.reference.state.lastBlockHeight;
  }

  /** Makes a block with one payment of so many coins, signed by these keys. */
  next(coins = 1, signers?: readonly number[]): MadeBlock {
    const [from, to] = accounts;
    const { address: fromAddress } = from!;
    const amount = [{ denom: "uopen", amount: String(coins) }];
    const sequence = sequenceOf(this.application, from!);
    const message = { fromAddress, toAddress: to!.address, amount };
    const sent = signedTx(from!, ["cosmos.bank.v1beta1.MsgSend", message], { chainId: CHAIN_ID, sequence: sequence! });
    // Before the first block nobody can be asked for a sequence.
    const txs = this.height === 0n ? [] : [sent];
    const { validators } = this.reference.state;
    const made = this.reference.next({ txs, ...(signers === undefined ? {} : { signers }) });
    this.#sets.set(made.height, validators);
    return made;
  }

  upTo(height: bigint): this {
    while (this.height < height) this.next();
    return this;
  }

  block(height: bigint): MadeBlock {
    const made = this.reference.blocks[Number(height) - 1];
    if (made === undefined) throw new Error(`there is no block ${height}`);
    return made;
  }

  /** A snapshot of the last height in a store, in chunks of so many bytes. */
  async snapshot(store: SnapshotStore, chunkBytes: number): Promise<Snapshot> {
    const state = this.application.snapshotState.exportAt(this.height);
    const stream = deflateSync(concat(...state.pieces()));
    state.release();
    const writer = await store.begin(this.height);
    for (let at = 0; at < stream.length; at += chunkBytes) await writer.addChunk(stream.subarray(at, at + chunkBytes));
    return await writer.finish();
  }

  lightBlock(height: bigint): LightBlock {
    const { block, commit } = this.block(height);
    return { signedHeader: { header: block.header, commit }, validators: this.#sets.get(height)! };
  }

  /** An RPC server of this chain. */
  source(name: string): LightSource & PastSource & { readonly asked: bigint[] } {
    const asked: bigint[] = [];
    const lightBlock = async (height: bigint | undefined) => {
      asked.push(height ?? 0n);
      if (height !== undefined && height > this.height)
        throw new LightSourceError(`${name} has no ${height} yet`, true);
      return this.lightBlock(height ?? this.height);
    };
    const headers = async (lowest: bigint, highest: bigint) => {
      const found = this.reference.blocks.map(({ block }) => block.header);
      return found.filter(({ height }) => height >= lowest && height <= highest);
    };
    const validators = async (height: bigint) => this.lightBlock(height).validators;
    return { name, asked, lightBlock, headers, validators };
  }
}

type Answers = Messages["tendermint.statesync.ChunkResponse"];

/** A peer of a newcomer: it offers the snapshots of a store and the blocks of a chain. What it says may be changed. */
export class ServingPeer {
  readonly nodeId: string;
  readonly chunksGiven: number[] = [];
  readonly faults: string[] = [];
  open = true;
  #chain: SnapshotChain;
  #store: SnapshotStore;

  constructor(nodeId: string, chain: SnapshotChain, store: SnapshotStore) {
    this.nodeId = nodeId;
    this.#chain = chain;
    this.#store = store;
  }

  get status() {
    return { base: 1n, height: this.#chain.height };
  }

  fault(reason: string): void {
    this.faults.push(reason);
    this.open = false;
  }

  snapshots(): readonly Snapshot[] {
    return this.#store.list();
  }

  chunk({ height, format, index }: Pick<Answers, "height" | "format" | "index">): Uint8Array | undefined {
    this.chunksGiven.push(index);
    return this.#store.chunk(height, format, index);
  }

  committed(height: bigint): Messages["tributary.p2p.v1.CommittedBlock"] | undefined {
    if (height > this.#chain.height) return undefined;
    const { bytes, commit } = this.#chain.block(height);
    return { block: bytes, commit: encode("tendermint.types.Commit", commit), extendedCommit: new Uint8Array() };
  }

  answer(kind: string, question: unknown): unknown {
    if (kind === SNAPSHOTS_KIND.name) return { snapshots: this.snapshots() };
    if (kind === BLOCKS_KIND.name) {
      const sent = this.committed((question as { fromHeight: bigint }).fromHeight);
      return { blocks: sent === undefined ? [] : [sent] };
    }
    const asked = question as Pick<Answers, "height" | "format" | "index">;
    const chunk = this.chunk(asked);
    return { ...asked, chunk: chunk ?? new Uint8Array(), missing: chunk === undefined };
  }
}

/** The newcomer's way to its peers: every answer goes through its wire form. */
export function networkOf(peers: readonly ServingPeer[]): StateSyncNeeds["network"] {
  const ask = async (peer: unknown, kind: RequestKind, question: unknown): Promise<unknown> => {
    const asked = peer as ServingPeer;
    if (!asked.open) throw new NoAnswerError("the peer is gone");
    return decodeBounded(kind.answer, encode(kind.answer, asked.answer(kind.name, question) as never));
  };
  return {
    peers: () => peers.filter(({ open }) => open) as unknown as Peer[],
    requests: { ask: ask as never },
  };
}
