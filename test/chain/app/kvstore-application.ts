// Another application behind the same boundary: `key=value` transactions, as CometBFT's kvstore example. It shows that an
// engine needs nothing of chain/app but abci.ts, and lets engine tests run without modules, accounts or signatures.

import { createHash } from "node:crypto";
import type { Application, CommitResult, InitChainResult, StateWrite } from "../../../chain/app/abci.ts";
import { concat, utf8, utf8Text } from "../../../proto/bytes.ts";
import type { Messages } from "../../../proto/types.gen.ts";

const MALFORMED = 1;
const ACCEPT = 1;
const REJECT = 2;
const EMPTY = new Uint8Array();

/** Splits `key=value`; undefined for anything else. */
function parse(tx: Uint8Array): { readonly key: string; readonly value: string } | undefined {
  let text: string;
  try {
    text = utf8Text(tx);
  } catch {
    return undefined;
  }
  const at = text.indexOf("=");
  return at < 1 ? undefined : { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** The keys live in memory; each commit hands out the changed ones and the height, from which `load` starts again. */
export class KvstoreApplication implements Application {
  readonly #values = new Map<string, string>();
  #height = 0n;
  #appHash: Uint8Array = EMPTY;
  #pending:
    | { readonly height: bigint; readonly writes: ReadonlyMap<string, string>; readonly appHash: Uint8Array }
    | undefined;

  /** What was committed, out of the records that `commit` handed to the engine. */
  static load(records: Iterable<readonly [Uint8Array, Uint8Array]>): KvstoreApplication {
    const application = new KvstoreApplication();
    for (const [key, value] of records) {
      const name = utf8Text(key);
      if (name === "kvstore/height") application.#height = BigInt(utf8Text(value));
      else if (name.startsWith("kvstore/key/")) application.#values.set(name.slice(12), utf8Text(value));
    }
    application.#appHash = application.#hashWith(new Map());
    return application;
  }

  info(): Messages["tendermint.abci.ResponseInfo"] {
    return {
      data: "kvstore",
      version: "1",
      appVersion: 1n,
      lastBlockHeight: this.#height,
      lastBlockAppHash: this.#appHash,
    };
  }

  query(request: Messages["tendermint.abci.RequestQuery"]): Messages["tendermint.abci.ResponseQuery"] {
    const value = this.#values.get(utf8Text(request.data));
    return {
      code: 0,
      log: value === undefined ? "does not exist" : "exists",
      info: "",
      index: 0n,
      key: request.data,
      value: value === undefined ? EMPTY : utf8(value),
      proofOps: undefined,
      height: this.#height,
      codespace: "",
    };
  }

  checkTx(request: Messages["tendermint.abci.RequestCheckTx"]): Messages["tendermint.abci.ResponseCheckTx"] {
    const code = parse(request.tx) === undefined ? MALFORMED : 0;
    const log = code === 0 ? "" : "a transaction is key=value";
    return { code, data: EMPTY, log, info: "", gasWanted: 1n, gasUsed: 0n, events: [], codespace: "kvstore" };
  }

  initChain(request: Messages["tendermint.abci.RequestInitChain"]): InitChainResult {
    return {
      consensusParams: undefined,
      validators: request.validators,
      appHash: this.#hashWith(new Map()),
      notices: [],
    };
  }

  prepareProposal(
    request: Messages["tendermint.abci.RequestPrepareProposal"],
  ): Messages["tendermint.abci.ResponsePrepareProposal"] {
    return { txs: request.txs.filter((tx) => parse(tx) !== undefined) };
  }

  processProposal(
    request: Messages["tendermint.abci.RequestProcessProposal"],
  ): Messages["tendermint.abci.ResponseProcessProposal"] {
    return { status: request.txs.every((tx) => parse(tx) !== undefined) ? ACCEPT : REJECT };
  }

  extendVote(): Messages["tendermint.abci.ResponseExtendVote"] {
    return { voteExtension: EMPTY };
  }

  verifyVoteExtension(
    request: Messages["tendermint.abci.RequestVerifyVoteExtension"],
  ): Messages["tendermint.abci.ResponseVerifyVoteExtension"] {
    return { status: request.voteExtension.length === 0 ? ACCEPT : REJECT };
  }

  finalizeBlock(
    request: Messages["tendermint.abci.RequestFinalizeBlock"],
  ): Messages["tendermint.abci.ResponseFinalizeBlock"] {
    const writes = new Map<string, string>();
    const txResults = request.txs.map((tx): Messages["tendermint.abci.ExecTxResult"] => {
      const pair = parse(tx);
      if (pair !== undefined) writes.set(pair.key, pair.value);
      const attributes = pair === undefined ? [] : [{ key: "key", value: pair.key, index: true }];
      return {
        code: pair === undefined ? MALFORMED : 0,
        data: EMPTY,
        log: pair === undefined ? "a transaction is key=value" : "",
        info: "",
        gasWanted: 1n,
        gasUsed: 1n,
        events: pair === undefined ? [] : [{ type: "app", attributes }],
        codespace: pair === undefined ? "kvstore" : "",
      };
    });
    const appHash = this.#hashWith(writes);
    this.#pending = { height: request.height, writes, appHash };
    return { events: [], txResults, validatorUpdates: [], consensusParamUpdates: undefined, appHash };
  }

  commit(): CommitResult {
    const pending = this.#pending;
    if (pending === undefined) throw new Error("Commit without FinalizeBlock");
    const writes: StateWrite[] = [{ key: utf8("kvstore/height"), value: utf8(pending.height.toString()) }];
    for (const [key, value] of pending.writes) {
      this.#values.set(key, value);
      writes.push({ key: utf8(`kvstore/key/${key}`), value: utf8(value) });
    }
    this.#height = pending.height;
    this.#appHash = pending.appHash;
    this.#pending = undefined;
    return { retainHeight: 0n, writes };
  }

  listSnapshots(): Messages["tendermint.abci.ResponseListSnapshots"] {
    return { snapshots: [] };
  }

  offerSnapshot(): Messages["tendermint.abci.ResponseOfferSnapshot"] {
    return { result: 3 };
  }

  loadSnapshotChunk(): Messages["tendermint.abci.ResponseLoadSnapshotChunk"] {
    return { chunk: EMPTY };
  }

  applySnapshotChunk(): Messages["tendermint.abci.ResponseApplySnapshotChunk"] {
    return { result: 2, refetchChunks: [], rejectSenders: [] };
  }

  /** SHA-256 over all pairs in order, each length-prefixed. */
  #hashWith(writes: ReadonlyMap<string, string>): Uint8Array {
    const all = [...new Map([...this.#values, ...writes])].sort(([a], [b]) => (a < b ? -1 : 1));
    const parts = all.flatMap(([key, value]) => [utf8(`${key.length}:${key}${value.length}:${value}`)]);
    return new Uint8Array(
      createHash("sha256")
        .update(concat(...parts))
        .digest(),
    );
  }
}
