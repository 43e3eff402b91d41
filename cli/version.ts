// Owns `tributaryd version`: which program this is and whose wire formats it speaks. The numbers come from package.json.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { cometVersion, ibcVersion, sdkVersion } from "../node/rpc/versions.ts";
import { outputOption, withOptions } from "./options.ts";
import { printData, printLine } from "./output.ts";
import { Settings } from "./settings.ts";

/** Versions of the formats this program keeps to, as `version --long` and the node's own info name them. */
export const formatVersions = { cosmosSdk: sdkVersion, cometBft: `v${cometVersion}`, ibcGo: ibcVersion } as const;

/** The version in package.json. */
export function programVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The commit the program was built from, when the packager recorded one. */
function commit(): string {
  return process.env.TRIBUTARY_COMMIT ?? "";
}

/** Fills in the `version` command. */
export function addVersionCommand(command: Command): void {
  withOptions(command, [outputOption()])
    .option("--long", "Print everything that is known about the program")
    .action((options: { long?: boolean }, made: Command) => {
      const settings = new Settings(made);
      if (options.long !== true) {
        if (settings.output() === "json") printData({ version: programVersion() }, "json");
        else printLine(programVersion());
        return;
      }
      printData(
        {
          name: "tributary",
          server_name: "tributaryd",
          version: programVersion(),
          commit: commit(),
          build_tags: "",
          // The field is named for the Go tool chain; it holds what runs this program.
          go: `node version ${process.version} ${process.platform}/${process.arch}`,
          build_deps: [
            { path: "github.com/cosmos/cosmos-sdk", version: formatVersions.cosmosSdk, sum: "" },
            { path: "github.com/cosmos/ibc-go/v10", version: formatVersions.ibcGo, sum: "" },
            { path: "github.com/cometbft/cometbft", version: formatVersions.cometBft, sum: "" },
          ],
          cosmos_sdk_version: formatVersions.cosmosSdk,
        },
        settings.output(),
      );
    });
}
