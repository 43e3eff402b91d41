// Two phones that listen nowhere, each behind a router that lets nothing in: one is the validator of a chain, the other knows it by its
// relay only. Owns the story; prints as JSON what the second phone saw of the first. Run in namespaces of its own by hole-punching.test.ts.

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chainHome, followerHome, type Home, writeConfig } from "../chain-home.ts";
import { peerOf, startIn, until } from "../nodes.ts";
import { openStreet, PASSED_PORT, phoneOf, type RouterKind, routerAddress, STREET } from "./routers.ts";

/** What a phone says, a line each. */
export interface Said {
  readonly address?: string;
  readonly nodeId?: string;
  readonly height?: number;
  readonly peers?: readonly { readonly nodeId: string; readonly remoteHost: string }[];
}

/** What came of it. */
export interface Outcome {
  /** From where the second phone's connection to the first came, in order, without repetitions. */
  readonly hosts: readonly string[];
  /** Blocks that the second phone got after the last change of the connection. */
  readonly blocksSince: number;
}

/** How long the phones may try to meet, and how long where none of them can be reached: then they are taken to stay on the relay. */
const MEETS_MS = 90_000;
const STAYS_MS = 8_000;
/** The blocks that must come after. */
const BLOCKS_SINCE = 5;

class Phone {
  last: Said = {};
  address = "";
  readonly #process: ChildProcess;

  constructor(home: number, { path }: Home, heard: (said: Said) => void = () => undefined) {
    const program = fileURLToPath(new URL("phone.ts", import.meta.url));
    const line = ["netns", "exec", phoneOf(home), process.execPath, program, path];
    this.#process = spawn("ip", line, { stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: this.#process.stdout! }).on("line", (text) => {
      const said = JSON.parse(text) as Said;
      if (said.address !== undefined) this.address = said.address;
      else this.last = said;
      heard(said);
    });
  }

  get height(): number {
    return this.last.height ?? 0;
  }
}

async function meet(kinds: readonly [RouterKind, RouterKind]): Promise<Outcome> {
  openStreet(kinds);
  const chain = await chainHome({ peerAddress: "" });
  const relay = await startIn(followerHome(chain, { relay: true, peerAddress: `tcp://[${STREET}]:0` }));
  writeConfig(chain, { peerAddress: "", persistentPeers: peerOf(relay), useRelays: true, timeoutCommitMs: 500 });
  const first = new Phone(1, chain);
  await until(
    () => first.address !== "" && first.height > 2,
    "the first phone makes blocks and is reached through the relay",
  );

  const hosts: string[] = [];
  let changedAt = 0;
  const heard = ({ height = 0, peers = [] }: Said): void => {
    const host = peers.find(({ nodeId }) => nodeId === first.last.nodeId)?.remoteHost;
    if (host === undefined || host === hosts.at(-1)) return;
    hosts.push(host);
    changedAt = height;
  };
  const persistentPeers = `${peerOf(relay)},${first.address}`;
  const isPassed = kinds[1] === "passing";
  const where = { peerAddress: `tcp://[::]:${PASSED_PORT}`, externalAddress: `[${routerAddress(2)}]:${PASSED_PORT}` };
  const reach = isPassed ? where : { peerAddress: "" };
  const second = new Phone(2, followerHome(chain, { ...reach, persistentPeers, useRelays: true }), heard);
  await until(() => hosts.length > 0, "the second phone met the first");
  const isHopeless = kinds.every((kind) => kind === "changing");
  const deadline = performance.now() + (isHopeless ? STAYS_MS : MEETS_MS);
  await until(() => hosts.at(-1) !== STREET || performance.now() > deadline, "they met directly, or did not");
  await until(() => second.height >= changedAt + BLOCKS_SINCE, "blocks come on that connection");
  return { hosts, blocksSince: second.height - changedAt };
}

const kinds = process.argv.slice(2) as unknown as readonly [RouterKind, RouterKind];
process.stdout.write(`${JSON.stringify(await meet(kinds))}\n`);
process.exit(0);
