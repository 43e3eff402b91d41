// The program's own commands, run as an operator runs them: one process each. Owns running them and waiting for a
// transaction's block; what is asked is the caller's.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rpc, until } from "../nodes.ts";

const program = fileURLToPath(new URL("../../../cli/tributaryd.mjs", import.meta.url));

/** How long a transaction may wait for its block. Generous: it tells a stall from a slow machine. */
const DEADLINE_MS = 300_000;

/** Who sends a transaction, and to which node. */
export interface Account {
  /** The home that holds its keyring. */
  readonly home: string;
  /** The name of its key. */
  readonly key: string;
  readonly chainId: string;
  /** The RPC of the node that takes it. */
  readonly entrance: string;
}

/** A transaction that was taken into a block and failed there, or was refused. */
export class TransactionFailed extends Error {
  override readonly name = "TransactionFailed";
}

/** Runs one command of `tributaryd` in a home. Rejects with what it said when it fails. */
export async function tributaryd(home: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, "--home", home]);
  return stdout;
}

/** Signs and sends; resolves with the height of the transaction's block. Rejects when it failed. */
export async function transact(account: Account, args: readonly string[]): Promise<number> {
  const { home, key, chainId, entrance } = account;
  const common = ["--from", key, "--keyring-backend", "test", "--chain-id", chainId];
  const rest = ["--node", entrance, "--gas", "800000", "-y", "-o", "json"];
  const answer = await tributaryd(home, ["tx", ...args, ...common, ...rest]);
  const { txhash, code, raw_log } = JSON.parse(answer) as { txhash: string; code: number; raw_log: string };
  if (code !== 0) throw new TransactionFailed(`tx ${args.join(" ")}: ${raw_log}`);
  let found: Found | undefined;
  await until(
    async () => {
      found = await rpc<Found>(entrance, `tx?hash=0x${txhash}`).catch(() => undefined);
      return found !== undefined;
    },
    `tx ${args.join(" ")} in a block`,
    DEADLINE_MS,
  );
  const { height, tx_result } = found!;
  if (tx_result.code !== 0) throw new TransactionFailed(`tx ${args.join(" ")}: ${tx_result.log}`);
  return Number(height);
}

interface Found {
  readonly height: string;
  readonly tx_result: { readonly code: number; readonly log: string };
}
