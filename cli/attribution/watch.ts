// Owns `tributaryd watch`: looking at every batch, settlement, record, sealed segment and lineage as it comes, challenging what is false about
// it and claiming what a contributor earned, until it is stopped. What is false is attribution/'s; here is where texts, bodies and
// keys come from.

import type { Command } from "commander";
import { Library } from "../../attribution/library.ts";
import { SettlementWatcher } from "../../attribution/settlement-watcher.ts";
import { Watcher } from "../../attribution/watcher.ts";
import { option, withOptions } from "../options.ts";
import { printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { datanetOptions, datanetPasses } from "./datanets.ts";
import { inOrder, passOptions, runPasses, withSources } from "./passes.ts";
import { indexFolder } from "./sources.ts";

/** Fills in the `watch` command. */
export function addWatchCommand(command: Command): void {
  withOptions(command, [
    option("--from <key>", "Name or address of the key that challenges, pays bonds and fees, and earns bounties"),
    option("--contributor <address>", "Claim what this account earns from batches"),
    option(
      "--bodies <place>",
      "Where batches' bodies are: a folder or an http address (default: the blocks this home keeps)",
    ),
    ...datanetOptions(),
    ...passOptions(),
  ])
    .option("--once", "Look at everything once, and end")
    .action(async (options: { once?: boolean }, made: Command) => {
      const settings = new Settings(made);
      const contributor = settings.text("contributor");
      if (contributor !== undefined) settings.addresses().parseAccount(contributor);
      await withSources(settings, async ({ session, party, texts, bodies }) => {
        const library = new Library(indexFolder(settings));
        const watcher = new Watcher({ session, party, contributor, library, texts, bodies, report: printLine });
        const settlements = new SettlementWatcher({ session, party, library, texts, report: printLine });
        const datanets = await datanetPasses(settings, { session, party, library, texts, bodies });
        // One after the other: all sign with one key.
        const passes = [() => watcher.pass(), () => settlements.pass(), ...datanets];
        await runPasses(settings, () => inOrder(passes), options.once === true);
      });
    });
}
