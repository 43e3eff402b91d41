// Genesis transactions: simd's own bonds a validator, and one that fails makes the genesis unusable with the reason.

import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../proto/json.ts";
import { ChainHarness } from "../../support/chain-harness.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";

type GenTx = { signatures: string[]; auth_info: { signer_infos: { sequence: string }[] }; body: { memo: string } };

interface Genesis {
  readonly chain_id: string;
  readonly app_state: { readonly [module: string]: JsonValue } & {
    readonly genutil: { readonly gen_txs: readonly GenTx[] };
  };
}

describeVectors("simd's genesis transaction", () => {
  /** The chain of the SDK's genesis with its transaction changed. */
  function boot(change: (tx: GenTx) => void, chainId?: string) {
    const genesis = vector<Genesis>("genesis/simapp53-genesis.json");
    const [tx] = genesis.app_state.genutil.gen_txs as [GenTx];
    change(tx);
    return ChainHarness.genesis({
      chainId: chainId ?? genesis.chain_id,
      prefix: "cosmos",
      wholeAppState: genesis.app_state as JsonValue,
    });
  }

  test("bonds its validator", () => {
    const chain = boot(() => undefined);
    expect(chain.genesisValidators.map(({ power }) => power)).toEqual([3n]);
    chain.block([]);
    chain.checkInvariants();
    // Like the answer to InitChain, the first block tells nothing of the genesis: only what it mints itself (x/mint/keeper/mint.go).
    const told = chain.lastBlock?.events.map(({ type }) => type);
    const minted = ["coin_received", "coinbase", "coin_spent", "coin_received", "transfer", "message", "mint"];
    expect(told).toEqual(minted);
  });

  test.each<readonly [string, (tx: GenTx) => void, string]>([
    [
      "a changed memo",
      (tx) => (tx.body.memo += "x"),
      "signature verification failed; please verify account number (0)",
    ],
    [
      "another sequence",
      (tx) => (tx.auth_info.signer_infos[0]!.sequence = "1"),
      "account sequence mismatch, expected 0, got 1",
    ],
    ["no signature", (tx) => (tx.signatures = []), "no signatures supplied"],
  ])("with %s is refused", (_name, change, text) => {
    expect(() => boot(change)).toThrow("genesis state of module genutil: genesis transaction 0: ");
    expect(() => boot(change)).toThrow(text);
  });

  test("of another chain is refused", () => {
    expect(() => boot(() => undefined, "another-chain")).toThrow("and chain-id (another-chain)");
  });
});

describe("a genesis part of another form is refused", () => {
  test.each<readonly [string, JsonValue, string]>([
    ["no object", [], "genutil's genesis is not an object"],
    ["no list", { gen_txs: {} }, "gen_txs is not a list"],
    ["no transaction", { gen_txs: [5] }, "genesis transaction 0: "],
    ["no body", { gen_txs: [{}] }, "genesis transaction 0: a body or auth info is missing"],
  ])("%s", (_name, genutil, text) => {
    expect(() => ChainHarness.genesis({ appState: { genutil } })).toThrow(text);
  });
});
