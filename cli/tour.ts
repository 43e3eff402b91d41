// Owns `tributaryd tour`: which node the tour runs against, and how its result is shown. The tour is attribution/tour.ts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { runTour, tourLines } from "../attribution/tour.ts";
import { nodeConfig } from "../node/config.ts";
import { readHome } from "../node/home.ts";
import { silentLogger } from "../node/log.ts";
import { type RunningNode, startNode } from "../node/main.ts";
import { type DevAccount, devAccounts, readDevPreset } from "./dev/accounts.ts";
import { openDevHome } from "./dev/home.ts";
import { devGasPrice, tourAccounts, tourSealing } from "./dev/seed.ts";
import { CliError, messageOf } from "./errors.ts";
import { homePaths } from "./home.ts";
import { option, withOptions } from "./options.ts";
import { printData, printLine } from "./output.ts";
import { Settings } from "./settings.ts";
import { programVersion } from "./version.ts";
import type { Json } from "./yaml.ts";

/** The block interval of a tour's own chain; short, since nobody else is on it. */
const blockIntervalMs = 250;

/** Fills in the `tour` command. */
export function addTourCommand(command: Command): void {
  withOptions(command, [
    option("--node <address>", "A running development chain to use (default: a temporary one of its own)"),
    option("--bech32-prefix <prefix>", "Prefix of account addresses (default: trib)"),
  ])
    .option("--json", "Print the result as JSON")
    .action(async (options: { json?: boolean }, made: Command) => {
      const settings = new Settings(made);
      const accounts = devAccounts(readDevPreset());
      const asJson = options.json === true;
      if (settings.text("node") !== undefined) {
        await show(settings.nodeUrl(), settings.addresses().prefix, accounts, asJson);
        return;
      }
      const folder = mkdtempSync(join(tmpdir(), "tributary-tour-"));
      let node: RunningNode | undefined;
      try {
        node = await startTourNode(folder, accounts);
        await show(node.rpcUrl, settings.addresses().prefix, accounts, asJson);
      } finally {
        await node?.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    });
}

/** A node of the tour's own: no peers, no REST, a port of the system's choice. */
async function startTourNode(folder: string, accounts: readonly DevAccount[]): Promise<RunningNode> {
  await openDevHome(homePaths(folder), readDevPreset(), accounts, "tour");
  const config = nodeConfig({
    rpcAddress: "tcp://127.0.0.1:0",
    peerAddress: "",
    apiEnabled: false,
    grpcEnabled: false,
    timeoutCommitMs: blockIntervalMs,
  });
  return startNode({ ...readHome(folder), config, version: programVersion(), log: silentLogger() });
}

async function show(rpcUrl: string, prefix: string, accounts: readonly DevAccount[], asJson: boolean): Promise<void> {
  try {
    const report = (line: string): void => {
      if (!asJson) printLine(line);
    };
    const options = { rpcUrl, prefix, gasPrice: devGasPrice, accounts: tourAccounts(accounts), report };
    const result = await runTour(options, tourSealing);
    if (asJson) printData(result as unknown as Json, "json");
    else for (const line of tourLines(result)) printLine(line);
  } catch (error) {
    throw new CliError(
      `the tour failed: ${messageOf(error)}`,
      "it needs a development chain (`tributaryd dev`), whose accounts have coins; what was sent stays on the chain",
    );
  }
}
