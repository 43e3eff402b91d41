// Uses settled per second on one node: a real process with a datanet and a model in its genesis, JSON-RPC over loopback,
// transactions signed and spans proved in advance, LevelDB with fsync. What the same costs the application alone is
// economy.ts's. Owns the chain that is begun with; the load's way to the node is end-to-end.ts's.

import { readFileSync, writeFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import { AddressCodec } from "../../chain/types/address.ts";
import type { AppGenesis } from "../../genesis/app-genesis.ts";
import { decode, encode } from "../../proto/codec.ts";
import { UseStatus } from "../../proto/enums.gen.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { accountOf } from "../support/chain-harness.ts";
import { NativeWorld, PLENTY } from "../support/native-world.ts";
import { bondOf } from "./economy.ts";
import { post, roomyFlags, stretch } from "./end-to-end.ts";
import { withSenders } from "./genesis.ts";
import { type Effort, type Figure, figure, type Section } from "./measure.ts";
import { type BenchHome, chainId, makeHome, type NodeProcess, startNodeProcess } from "./node-process.ts";

const addresses = new AddressCodec("trib");
const DAY = 86_400n;
const FUNDS = 1_000_000_000_000n;
const ANN = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
const BOB = "function transfer(address to, uint256 amount) external returns (bool) { _move(to, amount); }";
const OUTPUT = `${ANN} and then something else ${BOB}`;

/** Puts a chain with records and a model, made in memory, into a home's genesis, as an export would. */
function begin(home: BenchHome, users: readonly string[]): NativeWorld {
  const file = join(home.path, "config", "genesis.json");
  const genesis = JSON.parse(readFileSync(file, "utf8")) as AppGenesis;
  const names = ["owner", "host", "user", "other", "ann", "bob", ...users];
  // The validator's account has number 0.
  const accounts = names.map((name, i) => ({
    address: addresses.account(accountOf(name).bytes),
    accountNumber: BigInt(i + 1),
  }));
  const now = BigInt(Math.floor(Date.now() / 1000));
  const world = new NativeWorld(
    [
      { contributor: "ann", text: ANN },
      { contributor: "bob", text: BOB },
    ],
    {
      chainId,
      wholeAppState: withSenders(genesis, accounts, FUNDS).app_state as JsonValue,
      time: { seconds: now - 5n * DAY, nanos: 0 },
    },
  );
  world.ok("host", bondOf(world));
  // The records' windows end.
  world.chain.block([], { nanoseconds: 3n * DAY * 1_000_000_000n });
  const exported = {
    ...genesis,
    genesis_time: new Date(Number(world.chain.time.seconds) * 1000).toISOString(),
    app_state: world.chain.application.exportGenesis(),
  };
  writeFileSync(file, JSON.stringify(exported));
  return world;
}

/** All uses, the oldest first. */
async function usesOf(node: NodeProcess): Promise<readonly Messages["tributary.attribution.v1.Use"][]> {
  const agent = new Agent();
  const uses: Messages["tributary.attribution.v1.Use"][] = [];
  try {
    let key = new Uint8Array(0);
    do {
      const data = encode("tributary.attribution.v1.QueryUsesRequest", { pagination: { key, limit: 100n } });
      const params = { path: "/tributary.attribution.v1.Query/Uses", data: Buffer.from(data).toString("hex") };
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "abci_query", params });
      const answer = JSON.parse(await post(node.rpcUrl, agent, body)) as Answer;
      const { value, log } = answer.result.response;
      if (value === null) throw new Error(log);
      const page = decode("tributary.attribution.v1.QueryUsesResponse", Buffer.from(value, "base64"));
      uses.push(...page.uses);
      key = Uint8Array.from(page.pagination?.nextKey ?? []);
    } while (key.length > 0);
  } finally {
    agent.destroy();
  }
  return uses;
}

interface Answer {
  readonly result: { readonly response: { readonly value: string | null; readonly log: string } };
}

/** Settlements and whole uses per second, and the node's processor time for a use. */
export async function benchSettlements(effort: Effort): Promise<Section> {
  const [userCount, each] = effort === "quick" ? [4, 2] : [64, 16];
  const users = Array.from({ length: userCount }, (_, i) => `user ${i}`);
  const home = await makeHome([]);
  try {
    const world = begin(home, users);
    const node = await startNodeProcess(home.path, roomyFlags);
    try {
      return { title: TITLE, figures: await measured(world, node, users, each) };
    } finally {
      await node.stop();
    }
  } finally {
    home.remove();
  }
}

const TITLE = "Uses settled inline on one node, two spans each, commit timeout 50 ms, real fsync";

async function measured(world: NativeWorld, node: NodeProcess, users: readonly string[], each: number) {
  const { chain } = world;
  const way = { method: "broadcast_tx_sync", batch: 1, connections: 32 } as const;
  const options = { gas: PLENTY, fee: "500uopen" };
  const sequenceOf = (name: string): bigint =>
    chain.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: world.address(name) }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    ).info!.sequence;
  const opens = users.map((user) =>
    Array.from({ length: each }, (_, i) =>
      chain.sign(user, world.openUse({}, user), { ...options, sequence: BigInt(i) }),
    ),
  );
  const opened = await stretch(node, opens, way);
  const nameOf = new Map(users.map((user) => [world.address(user), user]));
  const uses = await usesOf(node);
  const begun = sequenceOf("host");
  const settles = uses.map(({ id, user }, i) =>
    chain.sign("host", world.settle(id, OUTPUT, {}, nameOf.get(user)!), { ...options, sequence: begun + BigInt(i) }),
  );
  const settled = await stretch(node, [settles], way);
  const open = (await usesOf(node)).filter(({ status }) => status !== UseStatus.USE_STATUS_SETTLED).length;
  if (open > 0 || uses.length !== users.length * each)
    throw new Error(`${open} of ${uses.length} uses were not settled`);
  const figures: Figure[] = [
    figure("settlements committed", "per s", [settled.perSecond]),
    figure("uses opened and settled", "per s", [uses.length / (opened.seconds + settled.seconds)]),
  ];
  if (opened.cpuPerSend !== undefined && settled.cpuPerSend !== undefined)
    figures.push(
      figure("the node's CPU per use, opened and settled", "µs CPU", [opened.cpuPerSend + settled.cpuPerSend]),
    );
  return figures;
}
