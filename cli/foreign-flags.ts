// Owns the flags of simd's `start` that have nothing to set in this node: scripts pass them, so they are taken. Where one asks for what this node does not
// do, the command says so instead of going on without it. Settings that there are stand in node/config-settings.ts.
import { Option } from "commander";
import { usageError } from "./errors.ts";
import type { Settings } from "./settings.ts";

/** What may be said without asking for anything: every value, or these. */
interface ForeignFlag {
  readonly takes: "value" | "nothing";
  readonly harmless: "all" | readonly string[];
}

const all = { takes: "value", harmless: "all" } as const;
const allBare = { takes: "nothing", harmless: "all" } as const;
const only = (...harmless: readonly string[]): ForeignFlag => ({ takes: "value", harmless });
const bareOnly = (...harmless: readonly string[]): ForeignFlag => ({ takes: "nothing", harmless });

const flags: Readonly<Record<string, ForeignFlag>> = {
  // The application runs inside the node, and there is no socket between them.
  "with-comet": bareOnly("true"),
  "with-tendermint": bareOnly("true"),
  "grpc-only": bareOnly("false"),
  address: all,
  transport: all,
  abci: all,
  proxy_app: all,
  // How Go's stores work.
  "inter-block-cache": allBare,
  "iavl-disable-fastnode": allBare,
  "inv-check-period": all,
  "pruning-interval": all,
  "mempool.max-txs": all,
  db_backend: all,
  db_dir: only("data", ""),
  // Limits and pages of servers that have their own here.
  "api.swagger": allBare,
  "api.rpc-read-timeout": all,
  "api.rpc-write-timeout": all,
  "api.rpc-max-body-bytes": all,
  "rpc.grpc_laddr": only(""),
  "rpc.pprof_laddr": all,
  "query-gas-limit": only("0", ""),
  // What this node does not do.
  "consensus.create_empty_blocks_interval": only("0s", "0", ""),
  "halt-time": only("0", ""),
  "trace-store": only(""),
  "cpu-profile": only(""),
  priv_validator_laddr: only(""),
  genesis_hash: only(""),
  "shutdown-grace": all,
};

/** A flag that simd writes with a hyphen. */
const hyphened = "p2p.external-address";

/** The flags, none of which help shows. */
export function foreignOptions(): readonly Option[] {
  const made = Object.entries(flags).map(([name, { takes }]) =>
    new Option(takes === "nothing" ? `--${name} [true or false]` : `--${name} <value>`).hideHelp(),
  );
  return [...made, new Option(`--${hyphened} <address>`).hideHelp()];
}

/** The settings they come to. Throws for a flag that asks for what this node does not do. */
export function foreignSettings(settings: Settings): Readonly<Record<string, string>> {
  for (const [name, { harmless }] of Object.entries(flags)) {
    const value = settings.flag(name);
    if (value === undefined || harmless === "all" || harmless.includes(String(value))) continue;
    throw usageError(
      `--${name} ${String(value)}: this node does not do that`,
      "leave the flag out; nothing was started",
    );
  }
  const address = settings.text(hyphened);
  return address === undefined ? {} : { "p2p.external_address": address };
}
