// A genesis that is larger than one piece: read where it lies, put into the trees in pieces, stored as a checkpoint. Every way
// to give it and every restart come to one app hash; no part of it is ever read whole.

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { GenesisError } from "../../../chain/app/genesis.ts";
import { rollbackWrites } from "../../../chain/store/rollback.ts";
import { AddressCodec } from "../../../chain/types/address.ts";
import { genesisText } from "../../../genesis/app-genesis.ts";
import { genesisTextPieces } from "../../../genesis/write-pieces.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { JsonSlice, JsonText, type TextSource } from "../../../proto/json-text.ts";
import { ChainHarness, type HarnessOptions } from "../../support/chain-harness.ts";

const codec = new AddressCodec("trib");
/** 21,200 keys come of them: a piece is 20,000. */
const ACCOUNTS = 5_300;
const addresses = Array.from({ length: ACCOUNTS }, (_, index) =>
  codec.account(createHash("sha256").update(`large ${index}`).digest().subarray(0, 20)),
);

interface AppState {
  readonly auth: { accounts: JsonValue[] };
  readonly bank: { balances: JsonValue[] };
  readonly [module: string]: JsonValue | object;
}

/** The state: what a small chain exports, with the accounts. */
function appState(): AppState {
  const state = structuredClone(
    ChainHarness.start({ balances: { alice: "5000uopen", bob: "1uopen" } }).application.exportGenesis(),
  ) as unknown as AppState & {
    bank: { supply: unknown[] };
  };
  const first = state.auth.accounts.length;
  addresses.forEach((address, index) => {
    state.auth.accounts.push({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address,
      pub_key: null,
      account_number: String(first + index),
      sequence: "0",
    });
    state.bank.balances.push({ address, coins: [{ denom: "uopen", amount: String(index + 1) }] });
  });
  state.bank.supply = [];
  return state;
}

const state = appState();

/** A source that remembers the most bytes that were held at once, as far as it can tell: what one call gave. */
function watched(text: string): TextSource & { largest: number; total: number } {
  const bytes = utf8(text);
  return {
    length: bytes.length,
    largest: 0,
    total: 0,
    read(start, end) {
      this.largest = Math.max(this.largest, end - start);
      this.total += end - start;
      return bytes.slice(start, end);
    },
  };
}

/** A slice within a longer text, as it stands in a genesis file. */
function sliceOf(source: TextSource): JsonSlice {
  const text = new JsonText(source);
  for (const [name, span] of text.members(text.whole())) if (name === "app_state") return new JsonSlice(text, span);
  throw new Error("the document has no app_state");
}

const start = (genesis: JsonValue | JsonSlice, options: HarnessOptions = {}): ChainHarness =>
  ChainHarness.genesis({
    ...options,
    ...(genesis instanceof JsonSlice ? { appStateText: genesis } : { wholeAppState: genesis }),
  });

const send = (chain: ChainHarness) =>
  chain.runOk("alice", [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address("alice"), toAddress: addresses[7]!, amount: [{ denom: "uopen", amount: "9" }] },
  ]);

/** Some blocks, one with a transaction that changes what the genesis wrote; the app hash of each. */
function run(chain: ChainHarness, between: () => void = () => undefined): readonly string[] {
  const hashes: string[] = [];
  for (let block = 0; block < 4; block++) {
    if (block === 2) send(chain);
    else chain.block([]);
    hashes.push(hex(chain.appHash));
    between();
  }
  chain.checkInvariants();
  return hashes;
}

const chain = start(state as unknown as JsonValue);
const hashes = run(chain);

describe("a large genesis", () => {
  test("comes to the same hashes from a file, however that is written, and after a restart at any block", () => {
    const spaced = start(sliceOf(watched(JSON.stringify({ app_state: state }, undefined, 7))));
    expect(run(spaced, () => spaced.restart())).toEqual(hashes);
  });

  test("is read in bounded pieces, and each list only a few times", () => {
    const source = watched(JSON.stringify({ chain_id: "x", app_state: state }));
    start(sliceOf(source));
    expect(source.length).toBeGreaterThan(1_000_000);
    // No read is longer than a window; 512 items are about 80 kB.
    expect(source.largest).toBe(262_144);
    expect(source.total).toBeLessThan(16 * source.length);
  });

  test("has the balances and accounts of the file, with proofs, and gives them back", () => {
    expect(chain.balance(addresses[5_299]!, "uopen")).toBe(5_300n);
    expect(chain.balance(addresses[7]!, "uopen")).toBe(8n + 9n);
    expect(chain.balance(addresses[7]!, "uopen", 1n)).toBe(8n);
    const exported = chain.application.exportGenesis() as unknown as AppState;
    expect(exported.auth.accounts.slice(0, state.auth.accounts.length).slice(2)).toEqual(state.auth.accounts.slice(2));
    expect(exported.bank.balances).toHaveLength(state.bank.balances.length);
    expect(chain.abciQuery("/store/acc/key", Uint8Array.of(1, 2), 2n, true).proofOps?.ops).toHaveLength(2);
  });

  test("is not there when the node dies before its last batch, and begins again", () => {
    const other = start(state as unknown as JsonValue);
    const request = {
      txs: [],
      decidedLastCommit: { round: 0, votes: [] },
      misbehavior: [],
      hash: new Uint8Array(32),
      height: 1n,
      time: other.time,
      nextValidatorsHash: new Uint8Array(32),
      proposerAddress: new Uint8Array(20),
    };
    other.application.finalizeBlock(request);
    other.records.write([...(other.application.commit().before ?? [])]);
    expect(other.records.records.size).toBeGreaterThan(20_000);
    other.restart();
    expect(other.application.info({} as never).lastBlockHeight).toBe(0n);
    const again = start(state as unknown as JsonValue, { records: other.records });
    expect(run(again, () => again.restart())).toEqual(hashes);
  });

  test("can be gone back to from the block after it", () => {
    const other = start(state as unknown as JsonValue);
    other.block([]);
    other.block([]);
    other.records.write(rollbackWrites(other.records));
    other.restart();
    expect(hex(other.application.info({} as never).lastBlockAppHash)).toBe(hashes[0]);
    expect(() => rollbackWrites(other.records)).toThrow("keeps version 1 alone");
  });
});

describe("what is wrong in a large genesis is found at its place", () => {
  const broken = (change: (state: AppState) => void): void => {
    const changed = structuredClone(state);
    change(changed);
    start(sliceOf(watched(JSON.stringify({ app_state: changed }))));
  };
  test.each<readonly [string, (state: AppState) => void, string]>([
    [
      "a member that is none",
      ({ bank }) => Object.assign(bank.balances[3_000] as object, { coinz: [] }),
      "genesis state of module bank: cosmos.bank.v1beta1.GenesisState.balances[3000]",
    ],
    [
      "a balance twice",
      ({ bank }) => void bank.balances.push(bank.balances[17]!),
      "genesis state of module bank: duplicate balance for ",
    ],
    [
      "an account twice",
      ({ auth }) => void auth.accounts.push(auth.accounts[17]!),
      "genesis state of module auth: duplicate account found in genesis state; address: ",
    ],
    [
      "another prefix",
      ({ auth }) =>
        Object.assign(auth.accounts[5_100] as object, {
          address: new AddressCodec("cosmos").account(new Uint8Array(20)),
        }),
      "genesis accounts disagree on the address prefix: trib and cosmos",
    ],
  ])("%s", (_, change, words) => {
    let met: unknown;
    try {
      broken(change);
    } catch (error) {
      met = error;
    }
    expect(met).toBeInstanceOf(GenesisError);
    expect((met as Error).message).toContain(words);
  });
});

test("a number that several accounts have goes to the first, the others get the lowest that are free", () => {
  const account = (index: number, number: string) => ({
    "@type": "/cosmos.auth.v1beta1.BaseAccount",
    address: addresses[index]!,
    pub_key: null,
    account_number: number,
    sequence: "0",
  });
  // In the order of the file: 1 stands three times, 0 and 3 are free, 5 is taken.
  const accounts = [account(0, "1"), account(1, "5"), account(2, "1"), account(3, "2"), account(4, "1")];
  const chain = ChainHarness.start({ appState: { auth: { accounts } } });
  const { auth } = chain.application.exportGenesis() as unknown as AppState;
  const numbers = (auth.accounts as { account_number: string; address?: string }[]).flatMap((one) =>
    one.address === undefined ? [] : [[addresses.indexOf(one.address), one.account_number]],
  );
  expect(numbers).toEqual([
    [2, "0"],
    [0, "1"],
    [3, "2"],
    [4, "3"],
    [1, "5"],
  ]);
});

test("an export in pieces is the text of the whole", () => {
  const document = {
    app_name: "a",
    app_version: "",
    genesis_time: "2026-01-01T00:00:00Z",
    chain_id: "x",
    initial_height: 1,
    app_hash: null,
    consensus: { params: {} },
  };
  const whole = genesisText({ ...document, app_state: chain.application.exportGenesis() as never });
  const pieces = [...genesisTextPieces(document, chain.application.exportGenesisPieces())];
  expect(pieces.join("")).toBe(whole);
  expect(whole.length).toBeGreaterThan(1_000_000);
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(200_000);
});
