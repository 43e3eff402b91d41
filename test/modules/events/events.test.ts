/**
 * Every event of the SDK's modules, one row for each thing that causes some: the type, the attributes in their order and their values, all that a
 * message or a phase of a block emits and nothing else. Expected lists were read in the source of cosmos-sdk v0.53.4 (with x/evidence, x/feegrant and
 * x/upgrade v0.2.0), whose file each row names; amounts and times are arithmetic.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { BlockWrite } from "../../../chain/module/context.ts";
import type { Module } from "../../../chain/module/define.ts";
import { createModules } from "../../../modules/app.ts";
import { nodeHasher, nodeVerifier } from "../../../node/crypto.ts";
import { ChainHarness } from "../../support/chain-harness.ts";
import type { EventRow } from "../../support/told-events.ts";
import { anteRows } from "./ante-rows.ts";
import { bankRows } from "./bank-rows.ts";
import { decisionRows } from "./decision-rows.ts";
import { faultRows } from "./fault-rows.ts";
import { govRows } from "./gov-rows.ts";
import { grantRows } from "./grant-rows.ts";
import { rewardRows } from "./reward-rows.ts";
import { stakingRows } from "./staking-rows.ts";

const groups = {
  "a transaction": anteRows,
  "bank and vesting": bankRows,
  staking: stakingRows,
  "slashing and evidence": faultRows,
  "mint and distribution": rewardRows,
  "authz and feegrant": grantRows,
  "gov's messages": govRows,
  "gov at the end of a block, with consensus and upgrade": decisionRows,
} as const;

const outcomes = new Map<EventRow, ReturnType<EventRow["run"]>>();

function outcomeOf(row: EventRow): ReturnType<EventRow["run"]> {
  const outcome = outcomes.get(row) ?? row.run();
  outcomes.set(row, outcome);
  return outcome;
}

describe.each(Object.entries(groups))("events of %s", (_group, rows) => {
  test.each(rows.map((row) => [row.when, row] as const))("%s", (_when, row) => {
    const { told, expected } = outcomeOf(row);
    expect(told).toEqual(expected);
  });
});

test("what a module emits before the beginning of a block is neither marked nor indexed (baseapp/baseapp.go, preBlock)", () => {
  const modules = createModules({ verifier: nodeVerifier(), hasher: nodeHasher() });
  const telling = (phase: "preBlock" | "beginBlock") => (module: Module) => ({
    ...module,
    [phase]: (ctx: BlockWrite) => {
      module[phase]?.(ctx);
      ctx.emit(phase, [["key", "value"]]);
    },
  });
  const told: { readonly [module: string]: (module: Module) => Module } = {
    auth: telling("preBlock"),
    mint: telling("beginBlock"),
  };
  const chain = ChainHarness.start({
    modules: { ...modules, modules: modules.modules.map((module) => told[module.name]?.(module) ?? module) },
  });
  const own = chain.lastBlock?.events.filter(({ type }) => type === "preBlock" || type === "beginBlock");
  expect(own).toEqual([
    { type: "preBlock", attributes: [{ key: "key", value: "value", index: false }] },
    {
      type: "beginBlock",
      attributes: [
        { key: "key", value: "value", index: true },
        { key: "mode", value: "BeginBlock", index: true },
      ],
    },
  ]);
});

describe("the table", () => {
  const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");
  const MODULES = [
    ...["auth", "vesting", "bank", "staking", "slashing", "evidence", "distribution", "mint", "gov", "authz"],
    ...["feegrant", "upgrade", "consensus", "genutil", "params"],
  ];
  const folders = ["chain/app", "chain/module", ...MODULES.map((module) => `modules/${module}`)];
  const sources = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  /** The first argument of every call that emits, and the type of the event that a message's begin with. */
  const named = sources.flatMap((source) => [
    ...[...source.matchAll(/\.emit\(([^,()]*),/g)].map(([, name]) => name!.trim()),
    ...[...source.matchAll(/#tell\(ctx, ([^,]*),/g)].map(([, name]) => name!.trim()),
    ...[...source.matchAll(/\{ type: ("\w+"), attributes \}/g)].map(([, name]) => name!),
  ]);
  const typesIn = (name: string): string[] => [...name.matchAll(/"([\w.]+)"/g)].map(([, type]) => type!);

  test("has a row for every type of event that these modules emit, and no other type", () => {
    const rows: readonly EventRow[] = Object.values(groups).flat();
    const inRows = new Set(rows.flatMap((row) => outcomeOf(row).expected.map(([type]) => type)));
    expect([...inRows].sort()).toEqual([...new Set(named.flatMap(typesIn))].sort());
    expect(inRows.size).toBe(37);
  });

  test("would see a new event: every type is written where it is emitted, but where events are passed on", () => {
    const computed = named.filter((name) => typesIn(name).length === 0);
    expect(computed.sort()).toEqual(["event", "event", "type", "type", "type"]);
    const calls = sources.flatMap((source) => [...source.matchAll(/\bemit\(/g)]).length;
    const declarations = sources.flatMap((source) => [...source.matchAll(/ {2}emit\(type: string/g)]).length;
    const read = sources.flatMap((source) => [...source.matchAll(/\.emit\(([^,()]*),/g)]).length;
    expect(calls - declarations).toBe(read);
  });
});
