// Copies of a stopped node's home, damaged and tried: each is started in this process without peers, so that many trials cost
// little and nothing they sign can leave. Owns the trial and what it must not show; the damage is the caller's.

import { cpSync, rmSync } from "node:fs";
import { nodePaths, readHome } from "../../../node/home.ts";
import { createLogger } from "../../../node/log.ts";
import { startNode } from "../../../node/main.ts";
import { journalOf } from "../signed-places.ts";

/** What is known of the home before it was damaged. */
export interface Original {
  readonly path: string;
  /** "block hash app-hash" by height, as the rest of the network has them. */
  readonly headers: ReadonlyMap<number, string>;
}

/** What came of one trial. */
export interface Trial {
  /** Whether the node started; else it said why not. */
  readonly started: boolean;
  readonly said: string;
  /** What must not be. */
  readonly flaws: readonly string[];
}

/** Errors that a program makes, not one that a person was meant to read. */
const BUGS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Damages a copy of the home and starts a node on it, alone. */
export async function tryDamaged(original: Original, damage: (copy: string) => void): Promise<Trial> {
  const copy = `${original.path}-trial`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(original.path, copy, { recursive: true });
  damage(copy);
  const flaws: string[] = [];
  const errors: string[] = [];
  let started = false;
  const log = createLogger({
    level: "error",
    format: "json",
    write: (line) => errors.push((JSON.parse(line) as { msg: string }).msg),
  });
  try {
    const home = readHome(copy, {
      flags: { "rpc.laddr": "tcp://127.0.0.1:0", "p2p.laddr": "", "p2p.persistent_peers": "" },
    });
    const node = await startNode({ ...home, version: "test", log });
    started = true;
    flaws.push(...(await wrongBlocks(node.storage, original.headers)));
    await node.stop();
    const reason = await node.stopped;
    if (reason !== undefined) errors.push(reason.message);
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
    if (BUGS.some((kind) => error instanceof kind) || !(error instanceof Error))
      flaws.push(`an uncaught ${error instanceof Error ? error.stack : String(error)}`);
  }
  flaws.push(...contradictions(original.path, copy));
  rmSync(copy, { recursive: true, force: true });
  return { started, said: errors.join("; "), flaws };
}

/** Heights at which the node holds another block than the network, or none below its own height. */
async function wrongBlocks(
  storage: Awaited<ReturnType<typeof startNode>>["storage"],
  headers: ReadonlyMap<number, string>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const [height, header] of headers) {
    if (BigInt(height) > storage.height) continue;
    let block: Awaited<ReturnType<typeof storage.loadBlock>>;
    try {
      block = await storage.loadBlock(BigInt(height));
    } catch {
      // It says so when asked, which is no wrong answer.
      continue;
    }
    const hash = Buffer.from(block?.blockId.hash ?? [])
      .toString("hex")
      .toUpperCase();
    if (!header.startsWith(`${hash} `))
      wrong.push(`block ${height} is ${hash === "" ? "missing" : hash}, not ${header}`);
  }
  return wrong;
}

/** Places that the journal of the copy holds otherwise than the original's. */
function contradictions(original: string, copy: string): string[] {
  const before = new Map(
    journalOf(nodePaths(original).signJournal).map(({ place, signBytes }) => [place, signBytes] as const),
  );
  const after = intactJournal(nodePaths(copy).signJournal);
  return after
    .filter(({ place, signBytes }) => before.has(place) && before.get(place) !== signBytes)
    .map(({ place }) => `${place} was signed otherwise`);
}

/** The journal's places; none where the trial itself damaged it beyond reading. */
function intactJournal(path: string): ReturnType<typeof journalOf> {
  try {
    return journalOf(path);
  } catch {
    return [];
  }
}
