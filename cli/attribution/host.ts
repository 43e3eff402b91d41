// Owns `tributaryd host` and `tributaryd attribution sign`: the two sides of settling by batch from a shell. What a host does
// in a pass is attribution/host.ts's, how prompts and answers travel is answering.ts's and ask.ts's; the model that answers is nobody's here.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { acknowledgementTextOf } from "../../attribution/batch-host.ts";
import { signText } from "../../attribution/chain-session.ts";
import { DemandAnswerer } from "../../attribution/datanet/demand-answerer.ts";
import { DisputeAnswerer } from "../../attribution/dispute-answers.ts";
import { Host } from "../../attribution/host.ts";
import { Library } from "../../attribution/library.ts";
import { readServed, SERVED_FILES } from "../../attribution/served-uses.ts";
import { base64 } from "../../proto/bytes.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { option, wholeNumber, withOptions } from "../options.ts";
import { printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { answeringOptions, answeringPlan, startAnswering } from "./answering.ts";
import { inOrder, openSigning, passOptions, runPasses, signingOptions, withSources } from "./passes.ts";
import { existing, indexFolder, publishedBodies } from "./sources.ts";

/** How many uses make a batch at once, unless told otherwise, and how long before its time runs out one is posted anyway. */
const defaultFewestUses = 64;
const defaultMarginSeconds = 3600;

/** Fills in the `host` command. */
export function addHostCommand(command: Command): void {
  withOptions(command, [
    option("--from <key>", "Name or address of the host's key: it signs receipts, pays bonds and fees"),
    option("--uses <folder>", "Where served uses are: one folder for each, named by its number"),
    option("--bodies <folder>", "Where batches' bodies are published (default: as blocks of this home)"),
    option("--batch-uses <count>", "How many uses make a batch at once (default: 64)").argParser(wholeNumber),
    option(
      "--margin <seconds>",
      "How long before a use runs out of time its batch is posted, however small (default: 3600)",
    ).argParser(wholeNumber),
    ...answeringOptions(),
    ...passOptions(),
  ])
    .option("--again", "Also post uses whose batch was shown to be false, once you know why")
    .option("--once", "Look once, and end")
    .action(async (options: { once?: boolean; again?: boolean }, made: Command) => {
      const settings = new Settings(made);
      const served = settings.text("uses");
      if (served === undefined) throw usageError("no folder of served uses is named", "give it with --uses");
      const plan = answeringPlan(settings);
      await withSources(settings, async ({ session, party, texts }) => {
        const [library, bodies] = [new Library(indexFolder(settings)), await publishedBodies(settings)];
        const host = new Host({
          ...{ session, party, texts, served: existing(served), report: printLine },
          ...{ library, bodies },
          fewestUses: Math.max(1, (settings.flag("batch-uses") as number | undefined) ?? defaultFewestUses),
          again: options.again === true,
          marginSeconds: (settings.flag("margin") as number | undefined) ?? defaultMarginSeconds,
        });
        // Who hosts may have sealed segments too, and loses a bond by silence.
        const demands = new DemandAnswerer({ session, party, texts, report: printLine });
        const disputes = new DisputeAnswerer({ session, party, library, texts, bodies, served, report: printLine });
        const passes = [() => disputes.pass(), () => demands.pass(), () => host.pass()];
        const answering = plan && (await startAnswering(plan, { session, party, served }));
        try {
          await runPasses(settings, () => inOrder(passes), options.once === true);
        } finally {
          await answering?.close();
        }
      });
    });
}

/** Adds `sign` to the attribution commands. */
export function addSignCommand(attribution: Command): void {
  withOptions(
    attribution
      .command("sign <folder>")
      .description("As the user, sign for an answer: writes `signature` into the folder of the served use"),
    [option("--from <key>", "Name or address of the user's key"), ...signingOptions()],
  ).action(async (folder: string, _options: unknown, made: Command) => {
    const settings = new Settings(made);
    const name = basename(existing(folder));
    if (!/^[1-9]\d{0,19}$/.test(name)) throw usageError(`${folder} is not named by a use's number`);
    const useId = BigInt(name);
    const { session, party } = await openSigning(settings);
    try {
      const answered = served(folder, useId);
      const found = await session.find("tributary.attribution.v1.Query/Use", { useId });
      if (found === undefined) throw new CliError(`there is no use ${useId}`, "nothing was signed");
      const promptHash = createHash("sha256").update(answered.prompt).digest();
      if (!promptHash.equals(found.use.promptHash)) {
        throw new CliError(`the prompt is not the one that use ${useId} was opened for`, "nothing was signed");
      }
      const signature = await signText(party, acknowledgementTextOf(session, answered));
      writeFileSync(join(folder, SERVED_FILES.signature), `${base64(signature)}\n`);
      printLine(`signed for use ${useId}: ${answered.output.length} bytes, ${answered.units} units`);
    } finally {
      session.disconnect();
    }
  });
}

function served(folder: string, useId: bigint) {
  try {
    return readServed(folder, useId);
  } catch (error) {
    throw new CliError(messageOf(error), "nothing was signed");
  }
}
