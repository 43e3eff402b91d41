/**
 * "One transaction, socket to disk" of ARCHITECTURE.md, looked at where it happens: the call stack of CheckTx when a
 * signature is verified, and the call stack of a block when bank's handler reads its state, file by file.
 */
import { SigningStargateClient } from "@cosmjs/stargate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApplication } from "../../chain/app/application.ts";
import type { Module } from "../../chain/module/define.ts";
import { createModules } from "../../modules/app.ts";
import type { ApplicationParts } from "../../node/chain-application.ts";
import type { RunningNode } from "../../node/main.ts";
import { type ChainHome, chainHome, wallet } from "../e2e/chain-home.ts";
import { startIn } from "../e2e/nodes.ts";

/** Call stacks by where they were taken, the innermost file first. */
const stacks: { readonly check: string[][]; readonly handler: string[][] } = { check: [], handler: [] };
let chain: ChainHome;
let node: RunningNode;
let before: number;

beforeAll(async () => {
  before = Error.stackTraceLimit;
  Error.stackTraceLimit = 200;
  chain = await chainHome({ peerAddress: "" });
  node = await startIn(chain, { application: watchedApplication });
});

afterAll(async () => {
  Error.stackTraceLimit = before;
  await node.stop();
  chain.remove();
});

test("a bank send passes the files of ARCHITECTURE.md's steps, each called by the one before", async () => {
  const [alice = "", bob = ""] = chain.addresses;
  const client = await SigningStargateClient.connectWithSigner(node.rpcUrl, await wallet(1), {
    broadcastPollIntervalMs: 20,
  });
  stacks.check.length = 0;
  const fee = { amount: [], gas: "200000" };
  // While a block is committed, or when this turn of the loop has done its share, a check waits in its lane, and its stack begins there.
  const isDirect = (stack: readonly string[]): boolean => stack.includes("node/rpc/envelope.ts");
  for (let sent = 0; sent < 20 && !stacks.check.some(isDirect); sent += 1) {
    const { code } = await client.sendTokens(alice, bob, [{ denom: "uopen", amount: "1" }], fee);
    expect(code).toBe(0);
  }
  client.disconnect();

  // Steps 1, 2, 4 and 5. The server waits for the method and for its time limit at once, so it is not on the stack; the
  // third step has returned by then.
  expect(stacks.check.find(isDirect)).toSatisfy(
    inOrder(
      "node/rpc/envelope.ts",
      "node/rpc/methods/transactions.ts",
      "node/mempool/admission.ts",
      "node/mempool/mempool.ts",
      "chain/app/application.ts",
      "chain/app/ante.ts",
    ),
  );
  // Steps 9 to 12; consensus itself returns its decision instead of calling.
  expect(stacks.handler.length).toBeGreaterThan(0);
  expect(stacks.handler[0]).toSatisfy(
    inOrder(
      "node/engine/driver.ts",
      "node/engine/commit-work.ts",
      "node/engine/execution.ts",
      "chain/app/application.ts",
      "chain/app/block.ts",
      "chain/app/run-tx.ts",
      "modules/bank/msgs.ts",
      "modules/bank/keeper.ts",
      "chain/store/store-map.ts",
      "chain/store/charged.ts",
    ),
  );
  // Nothing on the way is an event emitter.
  expect([...stacks.check, ...stacks.handler].flat().filter((file) => file.includes("node:events"))).toEqual([]);
});

/** Whether the outermost-first list of files stands in the stack in this order, perhaps with others between. */
function inOrder(...files: readonly string[]): (stack: string[]) => boolean {
  return (stack) => {
    const outermostFirst = stack.toReversed();
    let from = 0;
    for (const file of files) {
      const found = outermostFirst.indexOf(file, from);
      if (found < 0) throw new Error(`${file} is not where it should be in:\n${outermostFirst.join("\n")}`);
      from = found;
    }
    return true;
  };
}

/** The chain's application, with an ear at two places. */
function watchedApplication({ records, hasher, verifier, log }: ApplicationParts) {
  const modules = createModules({ verifier, hasher });
  return createApplication(
    { version: "test", keepRecent: 100 },
    {
      modules: { ...modules, modules: modules.modules.map(watchedModule) },
      records,
      hasher,
      verifier: {
        ...verifier,
        secp256k1: (...job) => {
          stacks.check.push(filesOnStack());
          return verifier.secp256k1(...job);
        },
      },
      report: (error, where) => log.error({ err: error, where }, "a bug was met"),
    },
  );
}

/** The module with every state access of its Send handler noted. */
function watchedModule(module: Module): Module {
  if (module.name !== "bank") return module;
  const messages = module.messages.map((route) =>
    route.request !== "cosmos.bank.v1beta1.MsgSend"
      ? route
      : {
          ...route,
          handle: (ctx: Parameters<typeof route.handle>[0], message: unknown) => {
            const watched = new Proxy(ctx, {
              get: (target, name) => {
                if (name === "kv") stacks.handler.push(filesOnStack());
                const value: unknown = Reflect.get(target, name, target);
                return typeof value === "function" ? value.bind(target) : value;
              },
            });
            return route.handle(watched, message);
          },
        },
  );
  return { ...module, messages };
}

/** The repository's files on the call stack, and Node's own, the innermost first. */
function filesOnStack(): string[] {
  const lines = (new Error().stack ?? "").split("\n").slice(1);
  return lines.flatMap((line) => {
    // The checkout itself may lie in a folder of any name.
    const own = /((?:proto|chain|modules|genesis|node|cli)\/[a-z0-9/-]+[.]ts)/.exec(
      line.replace(process.cwd(), "").replace("/test/node/", "/test/"),
    );
    return own?.[1] ?? /(node:[a-z/]+)/.exec(line)?.[1] ?? [];
  });
}
