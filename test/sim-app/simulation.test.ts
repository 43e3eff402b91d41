/** The simulation in short: it holds, twice and in another process alike; and it finds what was planted. `npm run sim:app` runs it longer. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ApplicationModules } from "../../chain/app/application.ts";
import type { Module } from "../../chain/module/define.ts";
import { GenesisPart } from "../../chain/module/genesis-part.ts";
import { rpcsOf } from "../../chain/module/services.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { state as bank } from "../../modules/bank/state.ts";
import { operationNames, simulate } from "./simulation.ts";
import { simulatedModules } from "./world.ts";

const SHORT = { seed: 1, blocks: 24, operations: 10 };

test("a run holds, and is the same with restarts and in another process", () => {
  const result = simulate(SHORT);
  expect(result.height).toBeGreaterThan(BigInt(SHORT.blocks));
  // A short run sees no end of most windows; half of what it tries often enough to count succeeds.
  const rates = [...result.rates];
  expect(rates.filter(([, { succeeded }]) => succeeded > 0).length).toBeGreaterThan(40);
  const rare = rates.filter(([, { tried, succeeded }]) => tried >= 8 && succeeded * 2 < tried);
  expect(rare.map(([name]) => name)).toEqual([]);
  expect(result.upgrades).toBe(1);
  expect(simulate({ ...SHORT, restarts: true }).hash).toBe(result.hash);
  const flags = ["--seed", "1", "--blocks", `${SHORT.blocks}`, "--ops", `${SHORT.operations}`, "--quiet"];
  const output = execFileSync(process.execPath, [join(import.meta.dirname, "run.ts"), ...flags], { encoding: "utf8" });
  expect(output).toContain(`hash ${result.hash}`);
});

test("every message of the chain's own modules is an operation", () => {
  const messages = (["attribution", "datanet", "model", "tokenpool"] as const).flatMap((of) =>
    rpcsOf(`tributary.${of}.v1.Msg`).map(({ name }) => `${of}.${name}`),
  );
  expect(messages.length).toBeGreaterThan(80);
  const isSent = (message: string) => operationNames.some((name) => name === message || name.startsWith(`${message} `));
  expect(messages.filter((message) => !isSent(message))).toEqual([]);
});

/** The modules with one of them changed. */
function changed(name: string, change: (module: Module) => Module): ApplicationModules {
  const all = simulatedModules();
  return { ...all, modules: all.modules.map((module) => (module.name === name ? change(module) : module)) };
}

test("a coin that is taken from the staked ones is missed", () => {
  const pool = moduleAddress("bonded_tokens_pool");
  const modules = changed("mint", (module) => ({
    ...module,
    beginBlock: (ctx) => {
      module.beginBlock?.(ctx);
      const held = bank.balances.get(ctx, [pool, "uopen"]);
      if (ctx.height === 9n && held !== undefined) bank.balances.set(ctx, [pool, "uopen"], held - 1n);
    },
  }));
  expect(() => simulate({ ...SHORT, modules })).toThrow(/^seed 1, after height 9: bank\/.*\nstaking\//);
});

test("a part of the state that is left out of the import is missed", () => {
  const modules = changed("distribution", (module) => ({
    ...module,
    genesis: module.genesis && {
      ...module.genesis,
      init: (ctx, state) => {
        const whole = state instanceof GenesisPart ? state.whole() : state;
        return module.genesis?.init(ctx, { ...(whole as object), delegator_withdraw_infos: [] }) ?? [];
      },
    },
  }));
  expect(() => simulate({ ...SHORT, modules })).toThrow("differs between the chain and its import");
});

test("what a module remembers outside the state makes runs differ", () => {
  let calls = 0;
  const modules = changed("mint", (module) => ({
    ...module,
    beginBlock: (ctx) => {
      module.beginBlock?.(ctx);
      calls += 1;
      ctx.emit("planted", [["calls", calls.toString()]]);
    },
  }));
  const short = { ...SHORT, blocks: 3, modules };
  expect(simulate(short).hash).not.toBe(simulate(short).hash);
});
