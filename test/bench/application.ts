// What a bank send costs the application, without engine, disk or network: CheckTx and FinalizeBlock with its roots,
// with every signature verified and with every signature known. Owns no sockets.

import type { SignatureFacts } from "../../chain/app/abci.ts";
import { type ChainApplication, createApplication } from "../../chain/app/application.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import type { AppGenesis } from "../../genesis/app-genesis.ts";
import { createModules } from "../../modules/app.ts";
import { utf8 } from "../../proto/bytes.ts";
import { fullDefault } from "../../proto/codec.ts";
import { emptyGenesis, withSenders } from "./genesis.ts";
import {
  against,
  cpuMicroseconds,
  type Effort,
  type Figure,
  figure,
  oneVerification,
  type Section,
} from "./measure.ts";
import { factsOf, nextSend, senderOf } from "./sends.ts";

const NONE = new Uint8Array(0);

/** Who signed the block before. */
export type LastCommitVotes = Parameters<ChainApplication["finalizeBlock"]>[0]["decidedLastCommit"]["votes"];

/** What the application is given, and what one verification with it costs. */
export interface Backends {
  readonly verifier: Verifier;
  readonly hasher: Hasher;
  readonly verification: Figure;
}

/** The chain's id in every transaction here. */
export const benchChainId = "bench-1";

/** An application over records in memory. */
export class MemoryChain {
  readonly application: ChainApplication;
  private readonly records = new Map<string, Uint8Array>();
  private height = 0n;

  constructor(genesis: AppGenesis, { verifier, hasher }: Backends) {
    this.application = createApplication(
      { version: "bench", keepRecent: 10 },
      {
        modules: createModules({ verifier, hasher }),
        records: { get: (key) => this.records.get(Buffer.from(key).toString("latin1")) },
        hasher,
        verifier,
        report: (error) => {
          throw error;
        },
      },
    );
    this.application.initChain({
      time: { seconds: 1_700_000_000n, nanos: 0 },
      chainId: benchChainId,
      consensusParams: {
        ...fullDefault("tendermint.types.ConsensusParams"),
        block: { maxBytes: 22_020_096n, maxGas: -1n },
      },
      validators: [],
      appStateBytes: utf8(JSON.stringify(genesis.app_state)),
      initialHeight: 1n,
    });
    this.finalize([]);
    this.commit();
  }

  check(txs: readonly Uint8Array[], facts?: SignatureFacts): void {
    for (const tx of txs) {
      const { code, log } = this.application.checkTx({ tx, type: 0 }, facts);
      if (code !== 0) throw new Error(log);
    }
  }

  finalize(txs: readonly Uint8Array[], facts?: SignatureFacts, votes: LastCommitVotes = []): void {
    this.height += 1n;
    const { txResults } = this.application.finalizeBlock(
      {
        txs,
        decidedLastCommit: { round: 0, votes },
        misbehavior: [],
        hash: new Uint8Array(32),
        height: this.height,
        time: { seconds: 1_700_000_000n + this.height, nanos: 0 },
        nextValidatorsHash: new Uint8Array(32),
        proposerAddress: NONE,
      },
      facts,
    );
    for (const { code, log } of txResults) if (code !== 0) throw new Error(log);
  }

  commit(): void {
    const { before = [], writes } = this.application.commit();
    // A first version that came in pieces has its values beside what makes it the state.
    for (const { key, value } of [...before, ...writes]) {
      const name = Buffer.from(key).toString("latin1");
      if (value === undefined) this.records.delete(name);
      else this.records.set(name, value);
    }
  }
}

/** CheckTx and FinalizeBlock per send: as a node meets transactions, alone or after having admitted them. */
export function benchApplication(effort: Effort, backends: Backends): Section {
  const accounts = effort === "quick" ? 50 : 1_000;
  const rounds = effort === "quick" ? 2 : 6;
  const senders = Array.from({ length: accounts }, (_, number) => senderOf(number, BigInt(number)));
  const chain = new MemoryChain(withSenders(emptyGenesis(benchChainId), senders), backends);
  const costs = {
    checkNew: [] as number[],
    checkKnown: [] as number[],
    runNew: [] as number[],
    runKnown: [] as number[],
  };
  let bytes = 0;
  /** One block. `admitted`: CheckTx saw its transactions first. `known`: the signatures were verified elsewhere. */
  const block = (admitted: boolean, known: boolean): { readonly check: number; readonly run: number } => {
    // One of each sender, to the sender after it.
    const sends = senders.map((sender, at) => nextSend(sender, senders[(at + 1) % accounts]!.address, benchChainId));
    const txs = sends.map(({ tx }) => tx);
    bytes = txs[0]!.length;
    const facts = known ? factsOf(backends.hasher, sends) : undefined;
    const check = admitted ? cpuMicroseconds(() => chain.check(txs, facts)) / accounts : 0;
    const run = cpuMicroseconds(() => chain.finalize(txs, facts)) / accounts;
    chain.commit();
    return { check, run };
  };
  for (let round = 0; round <= rounds; round++) {
    const known = block(true, true);
    const verified = block(true, false);
    const alone = block(false, false);
    // The first round compiles the code and creates what first sends create.
    if (round === 0) continue;
    costs.checkKnown.push(known.check);
    costs.runKnown.push(known.run);
    costs.checkNew.push(verified.check);
    costs.runNew.push(alone.run);
  }
  const cost = (name: string, measured: readonly number[]): Figure =>
    against(backends.verification, oneVerification, figure(name, "µs CPU", measured));
  return {
    title: `Application, per bank send of ${bytes} bytes (blocks of ${accounts}, in memory)`,
    figures: [
      cost("CheckTx, verifying the signature", costs.checkNew),
      cost("CheckTx, signature known", costs.checkKnown),
      cost("FinalizeBlock with roots, never checked before", costs.runNew),
      cost("FinalizeBlock with roots, admitted before", costs.runKnown),
    ],
  };
}
