// An upgrade that brings a module with a store of its own, on whole applications: the program of before knows nothing of it.
// Expected app hashes come from another node that did the same without any mishap; that added stores have the SDK's roots
// is compared in test/chain/store/store-lists.test.ts.
import { describe, expect, test } from "vitest";
import type { ApplicationModules } from "../../../chain/app/application.ts";
import { UpgradeNeeded } from "../../../chain/module/errors.ts";
import { rollbackWrites } from "../../../chain/store/rollback.ts";
import { addNanoseconds, ZERO_TIME } from "../../../chain/types/time.ts";
import { createModules } from "../../../modules/app.ts";
import type { Upgrade } from "../../../modules/upgrade/keeper.ts";
import { nodeHasher, nodeVerifier } from "../../../node/crypto.ts";
import { hex } from "../../../proto/bytes.ts";
import type { ChainHarness, MessageToSend } from "../../support/chain-harness.ts";
import { decide, govAddress, govChain } from "../../support/governance.ts";

const MODULE = "tokenpool";
const native = { verifier: nodeVerifier(), hasher: nodeHasher() };

/** The program of before: without the module. */
function program(upgrades: readonly Upgrade[] = []): ApplicationModules {
  const all = createModules({ ...native, upgrades });
  const others = (names: readonly string[]) => names.filter((name) => name !== MODULE);
  return {
    ...all,
    modules: all.modules.filter(({ name }) => name !== MODULE),
    genesisOrder: others(all.genesisOrder),
    preBlockOrder: others(all.preBlockOrder),
    beginBlockOrder: others(all.beginBlockOrder),
    endBlockOrder: others(all.endBlockOrder),
  };
}

/** The program of after. */
const nextProgram = (upgrade: Upgrade = { name: "pools", stores: { added: [MODULE] } }) =>
  createModules({ ...native, upgrades: [upgrade] });

const coins = "1000000000uopen";

/** A chain of the program of before, one block before the upgrade: the same chain every time. */
function halted(): { readonly chain: ChainHarness; readonly due: bigint } {
  const balances = { val1: coins, val2: coins, alice: `500000other,${coins}`, bob: coins };
  const chain = govChain({}, {}, { modules: program(), balances });
  const due = chain.height + 6n;
  const plan = { name: "pools", time: ZERO_TIME, height: due, info: "" };
  const { status, failedReason } = decide(chain, [
    ["cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority: govAddress(chain), plan }],
  ]);
  expect([status, failedReason]).toEqual([3, ""]);
  while (chain.height < due - 1n) chain.block([]);
  return { chain, due };
}

const versionOf = (chain: ChainHarness) =>
  chain
    .query(
      "/cosmos.upgrade.v1beta1.Query/ModuleVersions",
      ["cosmos.upgrade.v1beta1.QueryModuleVersionsRequest", {}],
      "cosmos.upgrade.v1beta1.QueryModuleVersionsResponse",
    )
    .moduleVersions.find(({ name }) => name === MODULE)?.version;

const params = (chain: ChainHarness, height = 0n) =>
  chain.query(
    "/tributary.tokenpool.v1.Query/Params",
    ["tributary.tokenpool.v1.QueryParamsRequest", {}],
    "tributary.tokenpool.v1.QueryParamsResponse",
    height,
  ).params;

const createPool = (chain: ChainHarness): MessageToSend => [
  "tributary.tokenpool.v1.MsgCreatePool",
  {
    creator: chain.address("alice"),
    coinA: { denom: "other", amount: "100000" },
    coinB: { denom: "uopen", amount: "200000" },
  },
];

/** The upgrade, a use of what is new, and what follows; the app hash of each block. */
function goOn(chain: ChainHarness, blocks: number, onBlock: (height: bigint) => void = () => undefined): string[] {
  const hashes: string[] = [];
  const upgraded = chain.height + 1n;
  for (let block = 0; block < blocks; block++) {
    if (chain.height === upgraded) chain.runOk("alice", createPool(chain));
    else chain.block([]);
    hashes.push(hex(chain.appHash));
    onBlock(chain.height);
  }
  chain.checkInvariants();
  return hashes;
}

/** Runs what a node does before it dies, then forgets everything but its disk as it was before. */
function dying(chain: ChainHarness, modules: ApplicationModules, action: () => void): void {
  const { height, time } = chain;
  const disk = new Map(chain.records.records);
  action();
  chain.records.records.clear();
  for (const [key, value] of disk) chain.records.records.set(key, value);
  Object.assign(chain, { height, time });
  chain.restart(modules);
}

describe("a module that an upgrade brings", () => {
  const { chain, due } = halted();
  const hashes: string[] = [];

  test("is not there before its height, whoever runs", () => {
    const { time } = chain;
    expect(() => chain.block([])).toThrow(UpgradeNeeded);
    Object.assign(chain, { time });
    expect(versionOf(chain)).toBeUndefined();
    chain.restart(nextProgram());
    expect(chain.application.lastHeight).toBe(due - 1n);
    expect(() => params(chain)).toThrow(`module tokenpool begins after height ${due - 1n}: not found`);
    expect(Object.keys(chain.application.exportGenesis())).not.toContain(MODULE);
    chain.checkInvariants();
  });

  test("begins at its height with its default genesis, and can be used", () => {
    hashes.push(...goOn(chain, 6));
    expect(versionOf(chain)).toBe(1n);
    // The module's default genesis: Uniswap v2's 0.3 %, a sixth of it the protocol's.
    expect(params(chain, due)).toEqual({ feePpm: 3000, protocolFeePart: 6, anchorDenom: "uopen" });
    expect(() => params(chain, due - 1n)).toThrow(`module tokenpool begins after height ${due - 1n}: not found`);
    const key = Uint8Array.of(0);
    expect(chain.abciQuery("/store/tokenpool/key", key, due, true).proofOps?.ops.length).toBe(2);
    expect(chain.abciQuery("/store/tokenpool/key", key, due - 1n, true).code).not.toBe(0);
    expect(chain.abciQuery("/store/bank/key", key, due - 1n, true).proofOps?.ops.length).toBe(2);
    expect(Object.keys(chain.application.exportGenesis())).toContain(MODULE);
  });

  test("gives every node the same hashes, whenever it is started again", () => {
    const { chain: other } = halted();
    other.restart(nextProgram());
    expect(goOn(other, 6, () => other.restart(nextProgram()))).toEqual(hashes);
  });

  test("gives the same hashes to a node that was killed before the block was on its disk, at any step", () => {
    const { chain: other } = halted();
    other.restart(nextProgram());
    const finalize = () =>
      other.application.finalizeBlock({
        txs: [],
        decidedLastCommit: { round: 0, votes: [] },
        misbehavior: [],
        hash: new Uint8Array(32),
        height: due,
        time: addNanoseconds(other.time, 5_000_000_000n),
        nextValidatorsHash: new Uint8Array(32),
        proposerAddress: new Uint8Array(20),
      });
    dying(other, nextProgram(), finalize);
    dying(other, nextProgram(), () => {
      finalize();
      other.application.commit();
    });
    dying(other, nextProgram(), () => goOn(other, 3));
    expect(goOn(other, 6)).toEqual(hashes);
  });

  test("is gone after a rollback across its height, and begins again alike with the next program", () => {
    const { chain: other } = halted();
    const { time } = other;
    other.restart(nextProgram());
    goOn(other, 1);
    other.records.write(rollbackWrites(other.records));
    Object.assign(other, { height: due - 1n, time });
    other.restart(program());
    expect(() => other.block([])).toThrow(UpgradeNeeded);
    Object.assign(other, { time });
    other.restart(nextProgram());
    expect(goOn(other, 6)).toEqual(hashes);
  });

  test("keeps the program of before away from the state that has it", () => {
    expect(() => chain.restart(program())).toThrow(
      "the chain has the store tokenpool, which this program does not have, and after height",
    );
    chain.restart(nextProgram());
  });
});

describe("a program with one more module is refused", () => {
  const { chain, due } = halted();
  const words = `this program has the store tokenpool, which the chain does not have, and after height ${due - 1n} no upgrade is due that adds it: run the program the chain ran with`;

  test("where its upgrade is another one, or does not name the store", () => {
    expect(() => chain.restart(nextProgram({ name: "other", stores: { added: [MODULE] } }))).toThrow(words);
    expect(() => chain.restart(nextProgram({ name: "pools" }))).toThrow(words);
  });

  test("where the operator skips the upgrade", () => {
    const upgrades = [{ name: "pools", stores: { added: [MODULE] } }];
    const skipUpgradeHeights = new Set([due]);
    expect(() => chain.restart(createModules({ ...native, upgrades, skipUpgradeHeights }))).toThrow(words);
  });

  test("where no upgrade is planned", () => {
    const other = govChain({}, {}, { modules: program() });
    expect(() => other.restart(nextProgram())).toThrow("no upgrade is due that adds it");
  });
});
