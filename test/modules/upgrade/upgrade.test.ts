// Upgrades through proposals and blocks. Texts, codes and store keys are those of cosmossdk.io/x/upgrade (0.2, of the SDK 0.53).
import { describe, expect, test } from "vitest";
import { upgradeState } from "../../../chain/app/state.ts";
import { BlockContext } from "../../../chain/module/context.ts";
import type { Module } from "../../../chain/module/define.ts";
import { UpgradeNeeded } from "../../../chain/module/errors.ts";
import { infiniteGasMeter } from "../../../chain/store/gas.ts";
import { MultiStore } from "../../../chain/store/multistore.ts";
import { AddressCodec } from "../../../chain/types/address.ts";
import { ZERO_TIME } from "../../../chain/types/time.ts";
import { createModules } from "../../../modules/app.ts";
import { type Upgrade, UpgradeKeeper } from "../../../modules/upgrade/keeper.ts";
import { nodeHasher, nodeVerifier } from "../../../node/crypto.ts";
import { type ChainHarness, consensusParams, MemoryRecords, type MessageToSend } from "../../support/chain-harness.ts";
import { decide, govAddress, govChain, submission } from "../../support/governance.ts";

const native = { verifier: nodeVerifier(), hasher: nodeHasher() };

/** The same chain under another program: one that knows these upgrades. */
function run(chain: ChainHarness, upgrades: readonly Upgrade[], skipUpgradeHeights?: ReadonlySet<bigint>): void {
  chain.restart(createModules({ ...native, upgrades, ...(skipUpgradeHeights && { skipUpgradeHeights }) }));
}

const planned = (chain: ChainHarness, height: bigint, name = "v2"): MessageToSend => [
  "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
  { authority: govAddress(chain), plan: { name, time: ZERO_TIME, height, info: "get it" } },
];

/** A chain on which an upgrade is planned for so many blocks from now. */
function chainWithPlan(blocks = 3n, name = "v2"): { readonly chain: ChainHarness; readonly due: bigint } {
  const chain = govChain();
  // Submission, vote and the end of the voting period are three blocks.
  const due = chain.height + 3n + blocks;
  const { status, failedReason } = decide(chain, [planned(chain, due, name)]);
  expect([status, failedReason]).toEqual([3, ""]);
  return { chain, due };
}

const plan = (chain: ChainHarness) =>
  chain.query(
    "/cosmos.upgrade.v1beta1.Query/CurrentPlan",
    ["cosmos.upgrade.v1beta1.QueryCurrentPlanRequest", {}],
    "cosmos.upgrade.v1beta1.QueryCurrentPlanResponse",
  ).plan;

const applied = (chain: ChainHarness, name: string) =>
  chain.query(
    "/cosmos.upgrade.v1beta1.Query/AppliedPlan",
    ["cosmos.upgrade.v1beta1.QueryAppliedPlanRequest", { name }],
    "cosmos.upgrade.v1beta1.QueryAppliedPlanResponse",
  ).height;

const versions = (chain: ChainHarness, moduleName = "") =>
  chain.query(
    "/cosmos.upgrade.v1beta1.Query/ModuleVersions",
    ["cosmos.upgrade.v1beta1.QueryModuleVersionsRequest", { moduleName }],
    "cosmos.upgrade.v1beta1.QueryModuleVersionsResponse",
  ).moduleVersions;

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("a planned upgrade", () => {
  test("stops a program that does not know it at its height and no block earlier, and a program that knows it goes on", () => {
    const { chain, due } = chainWithPlan();
    expect(plan(chain)).toEqual({
      name: "v2",
      time: ZERO_TIME,
      height: due,
      info: "get it",
      upgradedClientState: undefined,
    });
    while (chain.height < due - 1n) chain.block([]);
    const stop = thrown(() => chain.block([]));
    expect(stop).toBeInstanceOf(UpgradeNeeded);
    // BuildUpgradeNeededMsg
    expect((stop as Error).message).toBe(`UPGRADE "v2" NEEDED at height: ${due}: get it`);
    expect((stop as UpgradeNeeded).plan).toEqual({ name: "v2", height: due, info: "get it" });
    // Nothing of that block happened, however often it is tried.
    expect(chain.application.lastHeight).toBe(due - 1n);
    run(chain, []);
    expect(thrown(() => chain.block([]))).toBeInstanceOf(UpgradeNeeded);

    run(chain, [{ name: "v2" }]);
    chain.block([]);
    expect(plan(chain)).toBeUndefined();
    expect(applied(chain, "v2")).toBe(due);
    expect(applied(chain, "v3")).toBe(0n);
    // ProtocolVersionByte: one upgrade was made.
    const { value } = chain.abciQuery("/store/upgrade/key", Uint8Array.of(3));
    expect([...value]).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    chain.block([]);
    chain.checkInvariants();
  });

  test("is refused by a program that comes too early, and by one from before the last upgrade", () => {
    const { chain, due } = chainWithPlan();
    run(chain, [{ name: "v2" }]);
    expect(() => chain.block([])).toThrow(
      'BINARY UPDATED BEFORE TRIGGER! UPGRADE "v2" - in binary but not executed on chain. Downgrade your binary',
    );
    run(chain, []);
    while (chain.height < due - 1n) chain.block([]);
    run(chain, [{ name: "v2" }]);
    chain.block([]);
    run(chain, []);
    expect(() => chain.block([])).toThrow("wrong app version 0, upgrade handler is missing for v2 upgrade plan");
  });

  test("may be gone on without, at the heights the operator names", () => {
    const { chain, due } = chainWithPlan();
    run(chain, [], new Set([due]));
    while (chain.height < due + 1n) chain.block([]);
    expect(plan(chain)).toBeUndefined();
    expect(applied(chain, "v2")).toBe(0n);
  });

  test("is given up by another proposal, and replaced by another plan", () => {
    const { chain, due } = chainWithPlan(20n);
    decide(chain, [planned(chain, due + 1n, "v3")]);
    expect(plan(chain)?.name).toBe("v3");
    decide(chain, [["cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority: govAddress(chain) }]]);
    expect(plan(chain)).toBeUndefined();
    while (chain.height < due + 2n) chain.block([]);
  });

  test("runs what its program does besides migrations, and fails the block when a migration is missing", () => {
    const { chain, due } = chainWithPlan();
    while (chain.height < due - 1n) chain.block([]);
    const older: Upgrade = {
      name: "v2",
      apply: (ctx, migrate) => {
        upgradeState.moduleVersions.set(ctx, "tokenpool", 0n);
        migrate();
      },
    };
    run(chain, [older]);
    expect(() => chain.block([])).toThrow(
      "no migration found for module tokenpool from version 0 to version 1: not found",
    );
  });
});

describe("a plan is refused", () => {
  const { chain } = chainWithPlan(1n);
  run(chain, [{ name: "v2" }]);
  chain.block([]);
  const prefix = "failed to execute message; message index: 0: ";

  test("from anyone but the authority, as upgrade/6", () => {
    const alice = chain.address("alice");
    const messages: readonly MessageToSend[] = [
      ["cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority: alice, plan: { name: "x", height: 1n } }],
      ["cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority: alice }],
    ];
    for (const message of messages) {
      const result = chain.run("alice", message);
      expect([result.codespace, result.code, result.log]).toEqual([
        "upgrade",
        6,
        `${prefix}expected ${govAddress(chain)} got ${alice}: expected authority account as only signer for proposal message`,
      ]);
    }
  });

  test("by a proposal whose plan cannot be carried out, which then fails with the SDK's words", () => {
    const refusals: readonly (readonly [object, string])[] = [
      [{ name: "v2", height: chain.height + 100n }, "upgrade with name v2 has already been completed"],
      [{ name: "v3", height: 1n }, "upgrade cannot be scheduled in the past"],
      [{ name: "v3", height: 0n }, "height must be greater than 0"],
      [{ name: "", height: chain.height + 100n }, "name cannot be empty"],
      [
        { name: "v3", height: chain.height + 100n, time: { seconds: 5n, nanos: 0 } },
        "time-based upgrades have been deprecated in the SDK",
      ],
    ];
    const authority = govAddress(chain);
    for (const [each, words] of refusals) {
      const { status, failedReason } = decide(chain, [
        ["cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority, plan: each }],
      ]);
      expect([status, failedReason]).toEqual([5, `${words}: invalid request`]);
    }
    expect(plan(chain)).toBeUndefined();
  });

  test("in a proposal that names another account as its signer", () => {
    const result = chain.run(
      "bob",
      submission(chain, "bob", [["cosmos.upgrade.v1beta1.MsgCancelUpgrade", { authority: chain.address("bob") }]]),
    );
    expect([result.codespace, result.code]).toEqual(["gov", 13]);
  });
});

test("versions and the authority can be asked for", () => {
  const chain = govChain();
  // The SDK's 0.53: x/bank 4, x/gov 5, x/staking 5, x/upgrade 2.
  const known = new Map(versions(chain).map(({ name, version }) => [name, version]));
  expect(["bank", "gov", "staking", "upgrade"].map((name) => known.get(name))).toEqual([4n, 5n, 5n, 2n]);
  expect(versions(chain, "bank")).toEqual([{ name: "bank", version: 4n }]);
  expect(() => versions(chain, "nothing")).toThrow(
    "x/upgrade: QueryModuleVersions module nothing not found: module version not found",
  );
  const { address } = chain.query(
    "/cosmos.upgrade.v1beta1.Query/Authority",
    ["cosmos.upgrade.v1beta1.QueryAuthorityRequest", {}],
    "cosmos.upgrade.v1beta1.QueryAuthorityResponse",
  );
  expect(address).toBe(govAddress(chain));
  const { upgradedConsensusState } = chain.query(
    "/cosmos.upgrade.v1beta1.Query/UpgradedConsensusState",
    ["cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateRequest", { lastHeight: 1n }],
    "cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateResponse",
  );
  expect(upgradedConsensusState).toEqual(new Uint8Array());
});

test("a module's state is migrated one version at a time, and a module that is new begins with its default genesis", () => {
  const ran: string[] = [];
  const module = (name: string, version: number): Module => ({
    name,
    proto: "",
    version,
    state: undefined,
    accounts: {},
    messages: [],
    queries: [],
    genesis: {
      default: () => ({}),
      validate: () => undefined,
      init: () => {
        ran.push(`${name} begins`);
        return [];
      },
      export: () => ({}),
      exportPieces: () => [],
    },
    migrations: new Map([1, 2, 3].map((from) => [from, () => void ran.push(`${name} from ${from}`)])),
    preBlock: undefined,
    beginBlock: undefined,
    endBlock: undefined,
    invariants: new Map(),
  });
  const store = MultiStore.load(
    { stores: ["upgrade"], keepRecent: 1 },
    { records: new MemoryRecords(), hasher: native.hasher },
  );
  const facts = {
    chainId: "c",
    height: 10n,
    time: { seconds: 1n, nanos: 0 },
    addresses: new AddressCodec("trib"),
    consensusParams: consensusParams(),
  };
  const block = {
    hash: new Uint8Array(32),
    appHash: new Uint8Array(32),
    nextValidatorsHash: new Uint8Array(32),
    proposerAddress: new Uint8Array(20),
    lastCommit: { round: 0, votes: [] },
    misbehavior: [],
  };
  const ctx = new BlockContext(store.branch(), infiniteGasMeter(), facts, block);
  upgradeState.moduleVersions.set(ctx, "old", 1n);
  upgradeState.moduleVersions.set(ctx, "same", 2n);
  const keeper = new UpgradeKeeper({
    modules: () => [module("old", 3), module("same", 2), module("new", 4)],
    upgrades: [{ name: "v2" }],
    skipHeights: new Set(),
  });
  keeper.schedule(ctx, { name: "v2", time: ZERO_TIME, height: 10n, info: "", upgradedClientState: undefined });
  keeper.preBlock(ctx);
  expect(ran).toEqual(["old from 1", "old from 2", "new begins"]);
  expect([...upgradeState.moduleVersions.iterate(ctx)]).toEqual([
    ["new", 4n],
    ["old", 3n],
    ["same", 2n],
  ]);
  expect(keeper.doneHeight(ctx, "v2")).toBe(10n);
});
