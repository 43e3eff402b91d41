/**
 * Owns the word a node leaves for its supervisor when the chain goes on with another program: `data/upgrade-info.json`, as cosmovisor reads it
 * (cosmossdk.io/x/upgrade/keeper, DumpUpgradeInfoToDisk). Does not own when that is (modules/upgrade), nor the supervisor.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UpgradeNeeded } from "../chain/module/errors.ts";

/** Writes the file when that is why the node stops; any other reason leaves it alone. It is whole from the moment it has its name. */
export function leaveUpgradeInfo(path: string, { cause }: Error): void {
  if (!(cause instanceof UpgradeNeeded)) return;
  const { name, height, info } = cause.plan;
  const members = [
    `"name":${JSON.stringify(name)}`,
    // Go's zero time: upgrades are at heights.
    '"time":"0001-01-01T00:00:00Z"',
    `"height":${height}`,
    ...(info === "" ? [] : [`"info":${JSON.stringify(info)}`]),
  ];
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.new`;
  writeFileSync(unfinished, `{${members.join(",")}}`, { mode: 0o600, flush: true });
  renameSync(unfinished, path);
}
