// Owns the genesis file as the SDK 0.53 writes it (x/genutil/types AppGenesis): a plain object whose `app_state` holds one
// entry per module, edited in place by the commands. It does not own the rules (validate.ts) nor what modules put in it.
import type { JsonValue } from "../proto/json.ts";

/** `app_state` by module name. */
export type AppState = { [module: string]: JsonValue };

/** A genesis document in the SDK's form, as JSON. */
export interface AppGenesis {
  app_name: string;
  app_version: string;
  /** RFC 3339, nanoseconds. */
  genesis_time: string;
  chain_id: string;
  initial_height: number;
  /** Base64; null when empty, as Go writes it. */
  app_hash: string | null;
  app_state: AppState;
  consensus: { validators?: JsonValue; params: JsonValue };
}

/** The file is not a genesis document at all; rules are checked elsewhere. */
export class GenesisFormError extends Error {
  override readonly name = "GenesisFormError";
}

/** The text of a genesis file: two-space indentation, members in the SDK's order, a final newline. */
export function genesisText(genesis: AppGenesis): string {
  const { app_name, app_version, genesis_time, chain_id, initial_height, app_hash, app_state, consensus, ...rest } =
    genesis;
  const ordered = {
    app_name,
    app_version,
    genesis_time,
    chain_id,
    initial_height,
    app_hash,
    app_state,
    consensus,
    ...rest,
  };
  return `${JSON.stringify(ordered, undefined, 2)}\n`;
}

/**
 * Takes parsed JSON for a genesis in either form and gives the SDK's. CometBFT's form (`consensus_params`, text
 * `initial_height`) is rearranged; members this program does not know are kept. Throws GenesisFormError.
 */
export function toAppGenesis(json: unknown): AppGenesis {
  const document = objectOf(json, "the genesis");
  const state = document.app_state ?? {};
  objectOf(state, "app_state");
  if ("consensus" in document || typeof document.initial_height === "number" || "app_name" in document) {
    return { ...(document as object), app_state: state } as unknown as AppGenesis;
  }
  const { consensus_params, validators, app_hash, initial_height, ...rest } = document;
  return {
    app_name: "",
    app_version: "",
    ...rest,
    initial_height: Number(initial_height ?? 1),
    app_hash: hexToBase64(app_hash),
    app_state: state,
    consensus: { ...(validators === undefined || validators === null ? {} : { validators }), params: consensus_params },
  } as unknown as AppGenesis;
}

function hexToBase64(hex: unknown): string | null {
  return typeof hex === "string" && hex !== "" ? Buffer.from(hex, "hex").toString("base64") : null;
}

function objectOf(json: unknown, what: string): { readonly [key: string]: unknown } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new GenesisFormError(`${what} is not a JSON object`);
  }
  return json as { readonly [key: string]: unknown };
}

/** A module's part of the state as an object to edit; throws when it is absent or of another shape. */
export function moduleState(genesis: AppGenesis, module: string): { [key: string]: JsonValue } {
  const state = genesis.app_state[module];
  if (state === undefined || state === null) throw new GenesisFormError(`app_state.${module} is missing`);
  return { ...(objectOf(state, `app_state.${module}`) as { [key: string]: JsonValue }) };
}
