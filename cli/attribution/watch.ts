// Owns `tributaryd watch`: looking at every batch as it comes, challenging what is false about it and claiming what a
// contributor earned, until it is stopped. What is false is attribution/'s; here is where texts, bodies and keys come from.

import type { Command } from "commander";
import { BlockSignal } from "../../attribution/block-signal.ts";
import { ChainSession } from "../../attribution/chain-session.ts";
import { Library } from "../../attribution/library.ts";
import { Watcher } from "../../attribution/watcher.ts";
import { messageOf, usageError } from "../errors.ts";
import { keyringOptions, nodeOption, option, wholeNumber, withOptions } from "../options.ts";
import { notice, printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { signerOf } from "../tx/build.ts";
import { bodiesOf, indexFolder, textsOf } from "./sources.ts";

/** How long to wait when the node tells of no block, in seconds, unless told otherwise. */
const defaultPollSeconds = 5;

/** Fills in the `watch` command. */
export function addWatchCommand(command: Command): void {
  withOptions(command, [
    option("--from <key>", "Name or address of the key that challenges, pays bonds and fees, and earns bounties"),
    option("--contributor <address>", "Claim what this account earns from batches"),
    option("--texts <folder>", "Where the texts of records are (default: the blocks this home keeps)"),
    option(
      "--bodies <place>",
      "Where batches' bodies are: a folder or an http address (default: the blocks this home keeps)",
    ),
    option("--index-dir <folder>", "Where indexes are kept (default: attribution/ in the home folder)"),
    option("--gas-prices <coins>", "The price of gas, such as 0.025uopen (default: 0uopen)"),
    option("--poll <seconds>", "How long to wait when the node tells of no block (default: 5)").argParser(wholeNumber),
    nodeOption(),
    ...keyringOptions(),
  ])
    .option("--once", "Look at every batch once, and end")
    .action(async (options: { once?: boolean }, made: Command) => {
      const settings = new Settings(made);
      const contributor = settings.text("contributor");
      if (contributor !== undefined) settings.addresses().parseAccount(contributor);
      const { session, party } = await openSigning(settings);
      const watcher = new Watcher({
        ...{ session, party, contributor, report: printLine },
        library: new Library(indexFolder(settings)),
        texts: await textsOf(settings),
        bodies: await bodiesOf(settings),
      });
      try {
        if (options.once === true) await watcher.pass();
        else await watchOn(watcher, settings);
      } finally {
        session.disconnect();
      }
    });
}

/** Passes until the process is asked to stop. A node that is away is waited for. */
async function watchOn(watcher: Watcher, settings: Settings): Promise<void> {
  const pollMs = ((settings.flag("poll") as number | undefined) ?? defaultPollSeconds) * 1000;
  const signal = await BlockSignal.at(settings.nodeUrl());
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());
  try {
    while (!stopping.signal.aborted) {
      try {
        await watcher.pass();
      } catch (error) {
        notice(`this pass failed and will be tried again: ${messageOf(error)}`);
      }
      const stopped = new Promise<void>((resolve) =>
        stopping.signal.addEventListener("abort", () => resolve(), { once: true }),
      );
      if (!stopping.signal.aborted) await Promise.race([signal.next(pollMs), stopped]);
    }
  } finally {
    signal.close();
  }
}

async function openSigning(settings: Settings) {
  const { key } = await signerOf(settings);
  if (key.type !== "local")
    throw usageError(`the key ${key.name} cannot sign here`, "use a key whose secret is in this keyring");
  const keyring = await settings.keyring();
  const { prefix } = settings.addresses();
  const gasPrice = settings.text("gas-prices") ?? "0uopen";
  const session = await ChainSession.connect({ rpcUrl: settings.nodeUrl(), prefix, gasPrice });
  return { session, party: await session.party({ name: key.name, privateKey: await keyring.privateKey(key.name) }) };
}
