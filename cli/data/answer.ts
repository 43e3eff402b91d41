// Owns `tributaryd data answer`: whatever is demanded of a datanet's segments, shown from the texts that are here, once or until it is
// stopped. What is shown, and when it is tried again, is attribution/datanet/demand-answerer.ts's.
import type { Command } from "commander";
import { DemandAnswerer } from "../../attribution/datanet/demand-answerer.ts";
import { passOptions, runPasses, withSources } from "../attribution/passes.ts";
import { findDatanet } from "../contribute/chain.ts";
import { option, outputOption, withOptions } from "../options.ts";
import { notice, printData, printLine } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";

/** Adds the command that answers demands. */
export function addAnswerCommand(data: Command): void {
  withOptions(
    data
      .command("answer")
      .description("Answer all that is demanded of a datanet's segments, from the texts kept here")
      .argument("<datanet>", "The datanet, by name or number")
      .option("--stay", "Go on answering whatever comes, until stopped"),
    [
      option(
        "--from <key>",
        "Name or address of the key that answers, pays fees and gets the answerer's part of bonds",
      ),
      ...passOptions(),
      outputOption(),
    ],
  ).action(async (name: string, options: { stay?: boolean }, made: Command) => {
    const settings = new Settings(made);
    const { id } = await findDatanet(new RpcClient(settings.nodeUrl()), name);
    await withSources(settings, async ({ session, party, texts }) => {
      const report = options.stay === true ? printLine : notice;
      const answers = ({ datanetId }: { readonly datanetId: bigint }) => datanetId === id;
      const answerer = new DemandAnswerer({ session, party, texts, answers, report });
      if (options.stay === true) return runPasses(settings, () => answerer.pass(), false);
      const sent = await answerer.pass();
      const rows = sent.map(({ demands, outcome: { height, hash } }) => ({
        demands: demands.length,
        height: height.toString(),
        tx_hash: hash,
      }));
      printData(rows, settings.output());
    });
  });
}
