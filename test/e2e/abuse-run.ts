// `npm run abuse`: every abuse of the RPC port by itself, then all at once, against one validator, which runs in this process
// so that the processor time of its event loop's turns can be measured: how long other programs made it wait says nothing
// about the node. `npm run flood -- --rpc-abuse` is the same against one validator of four.
//
//   npm run abuse -- --seconds 8 --only deep,body,all

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { AbuseOrder } from "./abuse-attacker.ts";
import { abuseNames } from "./abuse-names.ts";
import { chainHome } from "./chain-home.ts";
import { pause } from "./chance.ts";
import type { AttackReport } from "./flood-attacker.ts";
import { startIn } from "./nodes.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "8" }, only: { type: "string", default: "" } },
});
const chosen = values.only === "" ? ["none", ...abuseNames, "all"] : values.only.split(",");
const abuser = fileURLToPath(new URL("./abuse-attacker.ts", import.meta.url));
/** How often the loop is looked at. */
const LOOK_MS = 5;

const home = await chainHome({ peerAddress: "", timeoutCommitMs: 500 });
const node = await startIn(home);
await pause(3_000);

interface Measured {
  readonly abuse: string;
  readonly sent: number;
  readonly answered: number;
  readonly opened: number;
  readonly cut: number;
  /** Milliseconds of the main thread's processor time between two looks. */
  readonly turnP99Ms: number;
  readonly turnLongestMs: number;
  readonly megabytes: number;
  readonly blocks: number;
}

async function measure(abuse: string): Promise<Measured> {
  const turns: number[] = [];
  let megabytes = 0;
  let before = process.threadCpuUsage();
  const look = setInterval(() => {
    const now = process.threadCpuUsage();
    turns.push((now.user + now.system - before.user - before.system) / 1_000);
    before = now;
    megabytes = Math.max(megabytes, process.memoryUsage.rss() / 1_048_576);
  }, LOOK_MS);
  const from = node.storage.height;
  let report: AttackReport = { sent: 0, answered: 0, streamsOpened: 0, streamsCut: 0 };
  const order: AbuseOrder = { rpcUrl: node.rpcUrl, only: abuse === "all" ? [] : [abuse] };
  const attacker = abuse === "none" ? undefined : fork(abuser, [JSON.stringify(order)]);
  attacker?.on("message", (message) => {
    report = message as AttackReport;
  });
  await pause(Number(values.seconds) * 1_000);
  clearInterval(look);
  attacker?.kill("SIGKILL");
  turns.sort((left, right) => right - left);
  const tenth = (value: number | undefined): number => Math.round((value ?? 0) * 10) / 10;
  return {
    abuse,
    sent: report.sent,
    answered: report.answered,
    opened: report.streamsOpened,
    cut: report.streamsCut,
    turnP99Ms: tenth(turns[Math.floor(turns.length / 100)]),
    turnLongestMs: tenth(turns[0]),
    megabytes: Math.round(megabytes),
    blocks: Number(node.storage.height - from),
  };
}

const table: Measured[] = [];
for (const abuse of chosen) {
  table.push(await measure(abuse));
  await pause(1_500);
}
console.table(table);
await node.stop();
home.remove();
process.exit(0);
