// A key-value application of the smallest kind: it shows that the engine hosts any application, and gives the simulator
// state that two nodes can disagree about. A transaction is "key=value"; "val:<hex key>=<power>" changes a validator.

import type { Application, StateWrite } from "../../chain/app/abci.ts";
import { sha256 } from "../../node/crypto.ts";
import { equalBytes, fromHex, hex, utf8, utf8Text } from "../../proto/bytes.ts";
import { fullDefault } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";

const OK = 0;
const ACCEPT = 1;
const REJECT = 2;
const VALIDATOR = utf8("val:");
const META = hex(utf8("meta"));

type Update = Messages["tendermint.abci.ValidatorUpdate"];

export interface KvstoreOptions {
  /** Whether a transaction that was executed is refused for ever; without, a chain may carry it again. */
  readonly once?: boolean;
}

/** Makes an application over the records a storage kept. */
export function kvstore(
  records: ReadonlyMap<string, Uint8Array>,
  { once = false }: KvstoreOptions = {},
): Application & { misbehavior: number } {
  const store = new Map<string, Uint8Array>();
  for (const [key, value] of records) if (key !== META) store.set(key, value);
  const meta = records.get(META);
  let height = meta === undefined ? 0n : BigInt(utf8Text(meta.slice(32)));
  let appHash: Uint8Array = meta === undefined ? new Uint8Array(0) : meta.slice(0, 32);
  let writes: StateWrite[] = [];

  const isTx = (tx: Uint8Array): boolean => tx.length <= 200_000 && tx.includes(61);
  const isDone = (tx: Uint8Array): boolean => once && store.has(hex(sha256(tx)));

  const application: Application & { misbehavior: number } = {
    misbehavior: 0,
    info: () => ({
      data: "kvstore",
      version: "1",
      appVersion: 1n,
      lastBlockHeight: height,
      lastBlockAppHash: appHash,
    }),
    query: ({ data }) => {
      const value = store.get(hex(data));
      return { ...fullDefault("tendermint.abci.ResponseQuery"), key: data, value: value ?? new Uint8Array(0), height };
    },
    checkTx: ({ tx }) => ({
      ...fullDefault("tendermint.abci.ResponseCheckTx"),
      code: isTx(tx) && !isDone(tx) ? OK : 1,
    }),
    initChain: () => {
      appHash = sha256(utf8("kvstore"));
      return { consensusParams: undefined, validators: [], appHash, notices: [] };
    },
    prepareProposal: ({ txs, maxTxBytes }) => {
      const chosen: Uint8Array[] = [];
      let size = 0n;
      for (const tx of txs) {
        size += BigInt(tx.length) + 5n;
        if (size > maxTxBytes) break;
        chosen.push(tx);
      }
      return { txs: chosen };
    },
    processProposal: ({ txs }) => ({ status: txs.every(isTx) ? ACCEPT : REJECT }),
    extendVote: () => ({ voteExtension: new Uint8Array(0) }),
    verifyVoteExtension: () => ({ status: ACCEPT }),
    finalizeBlock: (request) => {
      if (request.height !== height + 1n && height !== 0n) throw new Error(`height ${request.height} after ${height}`);
      application.misbehavior += request.misbehavior.length;
      writes = [];
      const validatorUpdates: Update[] = [];
      const codes: number[] = [];
      for (const tx of request.txs) {
        codes.push(isDone(tx) ? 1 : OK);
        if (isDone(tx)) continue;
        const at = tx.indexOf(61);
        const key = tx.slice(0, at);
        const value = tx.slice(at + 1);
        if (equalBytes(key.subarray(0, VALIDATOR.length), VALIDATOR)) {
          const publicKey = fromHex(utf8Text(key.subarray(VALIDATOR.length)));
          validatorUpdates.push({ pubKey: { ed25519: publicKey }, power: BigInt(utf8Text(value)) });
        }
        store.set(hex(key), value);
        writes.push({ key, value });
        if (!once) continue;
        const done = { key: sha256(tx), value: new Uint8Array(0) };
        store.set(hex(done.key), done.value);
        writes.push(done);
      }
      height = request.height;
      // A chain of hashes: any difference in what was executed, or in its order, shows at once and for ever. An empty
      // block changes nothing, so that a chain without empty blocks can come to rest.
      if (request.txs.length > 0) appHash = sha256(Buffer.concat([appHash, request.hash, ...request.txs]));
      writes.push({ key: utf8("meta"), value: Buffer.concat([appHash, utf8(height.toString())]) });
      return {
        events: [],
        txResults: codes.map((code) => ({ ...fullDefault("tendermint.abci.ExecTxResult"), code, gasUsed: 1n })),
        validatorUpdates,
        consensusParamUpdates: undefined,
        appHash,
      };
    },
    commit: () => ({ retainHeight: 0n, writes }),
    listSnapshots: () => fullDefault("tendermint.abci.ResponseListSnapshots"),
    offerSnapshot: () => fullDefault("tendermint.abci.ResponseOfferSnapshot"),
    loadSnapshotChunk: () => fullDefault("tendermint.abci.ResponseLoadSnapshotChunk"),
    applySnapshotChunk: () => fullDefault("tendermint.abci.ResponseApplySnapshotChunk"),
  };
  return application;
}
