// From a genesis to a first block: prefixes, module state, what is unknown, initial heights, restarts, and the simapp
// genesis of the Cosmos SDK as far as this application's modules reach.

import { describe, expect, test } from "vitest";
import { GenesisError } from "../../../chain/app/genesis.ts";
import { chainState, upgradeState } from "../../../chain/app/state.ts";
import { AddressCodec } from "../../../chain/types/address.ts";
import { definitions } from "../../../modules/app.ts";
import { hex } from "../../../proto/bytes.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { accountOf, ChainHarness } from "../../support/chain-harness.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";

const EMPTY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

describe("the address prefix", () => {
  test("is that of the genesis accounts, and survives a restart", () => {
    const chain = ChainHarness.start({ prefix: "river", balances: { alice: "5uopen" } });
    expect(chain.application.addresses.prefix).toBe("river");
    chain.restart();
    expect(chain.application.addresses.prefix).toBe("river");
    expect(chain.balance("alice", "uopen")).toBe(5n);
  });

  test("is trib when there are no accounts", () => {
    expect(ChainHarness.start().application.addresses.prefix).toBe("trib");
  });

  test("that accounts disagree about is refused", () => {
    const other = new ChainHarnessAddresses("cosmos");
    const make = () =>
      ChainHarness.genesis({
        balances: { alice: "5uopen" },
        appState: { bank: { balances: [{ address: other.of("bob"), coins: [] }] } },
      });
    expect(make).toThrow(GenesisError);
    expect(make).toThrow("genesis accounts disagree on the address prefix: trib and cosmos");
  });
});

describe("a genesis that cannot be used is refused with the place", () => {
  const balances = { alice: "5uopen" };
  test.each<readonly [string, { readonly [module: string]: JsonValue }, string]>([
    [
      "supply",
      { bank: { supply: [{ denom: "uopen", amount: "6" }] } },
      "genesis state of module bank: genesis supply is incorrect, expected 5uopen, got 6uopen",
    ],
    ["unknown field", { bank: { balnces: [] } }, "genesis state of module bank"],
    [
      "parameter",
      {
        auth: {
          params: {
            max_memo_characters: "0",
            tx_sig_limit: "7",
            tx_size_cost_per_byte: "10",
            sig_verify_cost_ed25519: "590",
            sig_verify_cost_secp256k1: "1000",
          },
        },
      },
      "genesis state of module auth: invalid max memo characters: 0",
    ],
    ["transaction", { genutil: { gen_txs: [{ body: {} }] } }, "genesis state of module genutil: genesis transaction 0"],
  ])("%s", (_name, appState, text) => {
    const make = () => ChainHarness.genesis({ balances, appState });
    expect(make).toThrow(GenesisError);
    expect(make).toThrow(text);
  });

  test("a balance twice, in small and in capital letters", () => {
    const address = new AddressCodec("trib").account(accountOf("alice").bytes);
    const row = (text: string, amount: string) => ({ address: text, coins: [{ denom: "uopen", amount }] });
    const bank = { balances: [row(address, "5"), row(address.toUpperCase(), "6")] };
    expect(() => ChainHarness.genesis({ appState: { bank } })).toThrow("duplicate balance for TRIB1");
  });

  test("app_state that is no object", () => {
    expect(() => ChainHarness.genesis({ wholeAppState: [] })).toThrow("app_state is not a JSON object");
  });

  test("validators that the modules do not come to", () => {
    const validators = [{ pubKey: { ed25519: new Uint8Array(32) }, power: 5n }];
    expect(() => ChainHarness.genesis({ validators: validators as never })).toThrow(
      "genesis names 1 validators, but its modules come to 0",
    );
  });
});

test("state of unknown modules is left out and said so, unless it is empty", () => {
  const chain = ChainHarness.start({
    appState: { wasm: { codes: [1] }, vesting: {}, params: null },
  });
  expect(chain.notices).toEqual(["genesis state of module wasm is left out: this application has no such module"]);
});

test("module versions are stored from the first block", () => {
  const chain = ChainHarness.start();
  const { value } = chain.abciQuery("/store/upgrade/key", upgradeState.moduleVersions.storeKey("bank"));
  expect(hex(value)).toBe("0000000000000004");
});

test("the genesis and the first block are one version, and the first header's app hash is the empty one", () => {
  const chain = ChainHarness.genesis({ balances: { alice: "5uopen" } });
  const info = chain.application.info({} as never);
  expect([info.lastBlockHeight, info.lastBlockAppHash.length]).toEqual([0n, 0]);
  const initial = chain.application.initChain({
    time: chain.time,
    chainId: chain.chainId,
    consensusParams: {
      block: { maxBytes: 1000n, maxGas: -1n },
      evidence: undefined,
      validator: undefined,
      version: undefined,
      abci: undefined,
    },
    validators: [],
    appStateBytes: new Uint8Array(),
    initialHeight: 1n,
  });
  expect(hex(initial.appHash)).toBe(EMPTY_HASH);
  chain.block([]);
  expect(chain.application.info({} as never).lastBlockHeight).toBe(1n);
});

test("a chain that begins at a later height runs from there", () => {
  const chain = ChainHarness.start({ initialHeight: 1000n, balances: { alice: "50uopen", bob: "1uopen" } });
  expect(chain.height).toBe(1000n);
  chain.runOk("alice", [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address("alice"), toAddress: chain.address("bob"), amount: [{ denom: "uopen", amount: "9" }] },
  ]);
  expect([chain.balance("bob", "uopen", 1000n), chain.balance("bob", "uopen", 1001n)]).toEqual([1n, 10n]);
  chain.restart();
  expect(chain.application.info({} as never).lastBlockHeight).toBe(1001n);
  chain.block([]);
});

test("a restart at any height goes on to the same app hashes", () => {
  const options = { balances: { alice: "5000uopen", bob: "1uopen" } };
  const straight = ChainHarness.start(options);
  const restarted = ChainHarness.start(options);
  for (let round = 0; round < 6; round++) {
    for (const chain of [straight, restarted]) {
      chain.runOk("alice", [
        "cosmos.bank.v1beta1.MsgSend",
        {
          fromAddress: chain.address("alice"),
          toAddress: chain.address(`friend ${round}`),
          amount: [{ denom: "uopen", amount: `${round + 1}` }],
        },
      ]);
    }
    restarted.restart();
    expect(hex(restarted.appHash)).toBe(hex(straight.appHash));
    expect(restarted.application.info({} as never).lastBlockAppHash).toEqual(straight.appHash);
  }
});

test("finalizing the same block twice gives the same hash, the first block too", () => {
  const chain = ChainHarness.genesis({ balances: { alice: "5uopen" } });
  const request = {
    txs: [],
    decidedLastCommit: { round: 0, votes: [] },
    misbehavior: [],
    hash: new Uint8Array(32),
    height: 1n,
    time: chain.time,
    nextValidatorsHash: new Uint8Array(32),
    proposerAddress: new Uint8Array(20),
  };
  const first = chain.application.finalizeBlock(request);
  const second = chain.application.finalizeBlock(request);
  expect(second.appHash).toEqual(first.appHash);
  chain.application.commit();
  expect(() => chain.application.commit()).toThrow("Commit without FinalizeBlock");
  expect(() => chain.application.finalizeBlock(request)).toThrow("invalid height: 1; expected: 2");
});

test("an exported genesis starts the same balances and accounts again", () => {
  const chain = ChainHarness.start({ balances: { alice: "5000uopen,3usd", bob: "1uopen" } });
  chain.runOk("alice", [
    "cosmos.bank.v1beta1.MsgSend",
    {
      fromAddress: chain.address("alice"),
      toAddress: chain.address("carol"),
      amount: [{ denom: "uopen", amount: "70" }],
    },
  ]);
  const exported = chain.application.exportGenesis() as { readonly [module: string]: JsonValue };
  const again = ChainHarness.start({ wholeAppState: exported });
  for (const name of ["alice", "bob", "carol"]) {
    expect(again.balance(name, "uopen")).toBe(chain.balance(name, "uopen"));
  }
  expect(again.application.exportGenesis()).toEqual(exported);
  again.runOk("alice", [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: again.address("alice"), toAddress: again.address("bob"), amount: [{ denom: "usd", amount: "1" }] },
  ]);
  again.checkInvariants();
});

describeVectors("the SDK's simapp genesis (0.53)", () => {
  interface Genesis {
    readonly chain_id: string;
    readonly app_state: { readonly [module: string]: JsonValue };
  }

  test("boots, its gentx bonds a validator, and what no module knows is named", () => {
    const genesis = vector<Genesis>("genesis/simapp53-genesis.json");
    const chain = ChainHarness.start({ chainId: genesis.chain_id, prefix: "cosmos", wholeAppState: genesis.app_state });
    expect(chain.application.addresses.prefix).toBe("cosmos");
    expect(chain.genesisValidators.map(({ power }) => power)).toEqual([3n]);
    const left = chain.notices.map((notice) => /module (\w+) is left out/.exec(notice)?.[1]).sort();
    expect(left).toEqual(
      Object.keys(genesis.app_state)
        .filter((name) => !definitions.some((known) => known.name === name))
        .filter((name) => Object.keys(genesis.app_state[name] ?? {}).length > 0)
        .sort(),
    );
    expect(chain.balance("cosmos1pkptre7fdkl6gfrzlesjjvhxhlc3r4gmmk8rs6", "ucosm")).toBe(1_000_000_000n);
    chain.block([]);
    chain.checkInvariants();
    chain.restart();
    chain.block([]);
  });
});

test("the time of a past block is known to queries at its height", () => {
  const chain = ChainHarness.start();
  const first = chain.time;
  chain.block([]);
  const { value } = chain.abciQuery("/store/chain/key", chainState.blockTime.storeKey(), 1n);
  chain.block([]);
  const again = chain.abciQuery("/store/chain/key", chainState.blockTime.storeKey(), 1n);
  expect(again.value).toEqual(value);
  expect(first.seconds).toBeLessThan(chain.time.seconds);
});

/** Addresses of named accounts under another prefix. */
class ChainHarnessAddresses {
  readonly #chain: ChainHarness;

  constructor(prefix: string) {
    this.#chain = ChainHarness.genesis({ prefix });
  }

  of(name: string): string {
    return this.#chain.address(name);
  }
}
