// A phone: the node of a home folder in a process and a namespace of its own. It says by which address it is reached, and again and again
// how high its chain is and from where its peers come. Owns nothing else; what is expected of it stands in two-homes.ts.

import { pino } from "pino";
import { pause } from "../chance.ts";
import { startIn } from "../nodes.ts";
import type { Said } from "./two-homes.ts";

const [path = ""] = process.argv.slice(2);
const say = (line: Said): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

function reachedBy(line: string): void {
  const { address, msg } = JSON.parse(line) as { readonly address?: string; readonly msg?: string };
  if (address !== undefined && msg === "others reach this node through a relay, by this address") say({ address });
}

const node = await startIn({ path, remove: () => undefined }, { log: pino({ level: "info" }, { write: reachedBy }) });
for (;;) {
  const peers = node.network.view.peers().map(({ nodeId, remoteHost }) => ({ nodeId, remoteHost }));
  say({ nodeId: node.nodeId, height: Number(node.storage.height), peers });
  await pause(250);
}
