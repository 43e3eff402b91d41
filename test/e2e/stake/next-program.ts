// The program that the chain goes on with after an upgrade: this one with a handler for it. Run as `tributaryd start` is, with
// --home; the upgrade's name stands in the environment.

import { parseArgs } from "node:util";
import { chainApplication } from "../../../node/chain-application.ts";
import { readHome } from "../../../node/home.ts";
import { createLogger } from "../../../node/log.ts";
import { startNode } from "../../../node/main.ts";

const { values } = parseArgs({ options: { home: { type: "string" } }, allowPositionals: true });
const name = process.env.NEXT_PROGRAM_UPGRADE;
if (values.home === undefined || name === undefined)
  throw new Error("usage: start --home <folder>, NEXT_PROGRAM_UPGRADE");

const node = await startNode({
  ...readHome(values.home, { environment: process.env }),
  version: "next",
  log: createLogger({ level: "info", format: "json" }),
  application: (parts) => chainApplication(parts, [{ name }]),
});
process.once("SIGTERM", () => void node.stop());
const reason = await node.stopped;
if (reason !== undefined) {
  process.stderr.write(`${reason.message}\n`);
  process.exit(reason.exitCode);
}
