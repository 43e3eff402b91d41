// Owns `tributaryd start`: flags over configuration, signals, and the exit code. The node itself is node/main.ts.
import type { Command, Option } from "commander";
import { parseDecCoins } from "../chain/types/dec-coin.ts";
import { settings as nodeSettings } from "../node/config-settings.ts";
import { type NodeHome, readHome } from "../node/home.ts";
import { createLogger } from "../node/log.ts";
import { type RunningNode, startNode } from "../node/main.ts";
import { CliError, messageOf, usageError } from "./errors.ts";
import { foreignOptions, foreignSettings } from "./foreign-flags.ts";
import { option, withOptions } from "./options.ts";
import { Settings } from "./settings.ts";
import { programVersion } from "./version.ts";

/** The settings of config.toml and app.toml: each is also a flag of its name. */
export const startSettings = Object.values(nodeSettings).filter((setting) => setting.file !== "client");

/** Fills in the `start` command. */
export function addStartCommand(command: Command): void {
  withOptions(command, startOptions()).action(async (_options: unknown, made: Command) => runNode(new Settings(made)));
}

/** The flags of commands that run a node. */
export function startOptions(): readonly Option[] {
  const own = startSettings.map((setting) =>
    option(
      setting.kind === "boolean" ? `--${setting.name} [true or false]` : `--${setting.name} <${setting.kind}>`,
      setting.comment,
    ),
  );
  return [...own, ...foreignOptions()];
}

/** Runs the node of a home folder until it is stopped, by a signal or by itself. */
export async function runNode(settings: Settings): Promise<void> {
  const home = readNodeHome(settings);
  const log = createLogger({
    level: home.config.logLevel,
    format: home.config.logFormat === "json" ? "json" : "plain",
  });
  const node = await startNode({ ...home, version: programVersion(), log });
  stopOnSignals(node);
  const reason = await node.stopped;
  if (reason !== undefined) throw new CliError(reason.message, undefined, reason.exitCode);
}

/** Reads a home for a node to run in; what a setting means is checked here, so that a failure names the setting. */
export function readNodeHome(settings: Settings, folder = settings.paths.home): NodeHome {
  const home = readHome(folder, { environment: process.env, flags: flagsOf(settings) });
  try {
    parseDecCoins(home.config.minimumGasPrices);
  } catch (error) {
    throw usageError(
      `minimum-gas-prices: ${messageOf(error)}`,
      "it looks like 0.025uopen, or 0uopen; nothing was changed",
    );
  }
  return home;
}

/** The flags that were given, by the name of their setting, as text. */
export function flagsOf(settings: Settings): Readonly<Record<string, string>> {
  const flags: Record<string, string> = { ...foreignSettings(settings) };
  for (const { name } of startSettings) {
    const value = settings.flag(name);
    if (value !== undefined) flags[name] = String(value);
  }
  return flags;
}

/** Stops the node on Ctrl-C and on a supervisor's SIGTERM; a second signal ends the process at once, which loses nothing. */
export function stopOnSignals(node: Pick<RunningNode, "stop">): void {
  let asked = false;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      void node.stop();
    });
  }
}
