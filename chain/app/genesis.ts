// Owns: the first state of a chain: which bech32 prefix its accounts have, what each module makes of its part of the
// genesis, and which parts no module knows. Does not own: the file around `app_state` (genesis/).

import { BytesError, hex, utf8Text } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { GenesisContext, ValidatorUpdate } from "../module/context.ts";
import type { MultiBranch } from "../store/branch.ts";
import { AddressError, decodeBech32 } from "../types/address.ts";
import type { ModuleOrder } from "./app-modules.ts";
import { chainState, consensusState, upgradeState } from "./state.ts";
import { recordGenesisValidators } from "./validator-history.ts";

/** The prefix of a chain whose genesis names no account. */
export const DEFAULT_PREFIX = "trib";

/** The genesis cannot be used; the message says what is wrong and where. */
export class GenesisError extends Error {
  override readonly name = "GenesisError";
}

/** `app_state` by module name. */
export type AppState = { readonly [module: string]: JsonValue };

/** Reads `app_state`. Throws GenesisError for anything but a JSON object; empty bytes are an empty state. */
export function parseAppState(bytes: Uint8Array): AppState {
  if (bytes.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8Text(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof BytesError) {
      throw new GenesisError(`app_state is not JSON: ${error.message}`);
    }
    throw error;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new GenesisError("app_state is not a JSON object");
  }
  return parsed as AppState;
}

/** The one prefix that all genesis accounts share. Throws GenesisError when two differ or one is no address. */
export function genesisPrefix(addresses: readonly string[]): string {
  let prefix: string | undefined;
  for (const address of addresses) {
    let found: string;
    try {
      found = decodeBech32(address).prefix;
    } catch (error) {
      if (error instanceof AddressError) throw new GenesisError(`genesis account ${address}: ${error.message}`);
      throw error;
    }
    if (prefix !== undefined && found !== prefix) {
      throw new GenesisError(`genesis accounts disagree on the address prefix: ${prefix} and ${found} (${address})`);
    }
    prefix = found;
  }
  return prefix ?? DEFAULT_PREFIX;
}

/** Everything the genesis came to. */
export interface GenesisResult {
  readonly validators: readonly ValidatorUpdate[];
  readonly notices: readonly string[];
}

/** Writes the chain's own facts and lets every module write its state, in genesis order. */
export function initGenesis(
  order: ModuleOrder,
  ctx: GenesisContext,
  appState: AppState,
  initialHeight: bigint,
): GenesisResult {
  chainState.chainId.set(ctx, ctx.chainId);
  chainState.bech32Prefix.set(ctx, ctx.addresses.prefix);
  chainState.blockTime.set(ctx, ctx.time);
  chainState.initialHeight.set(ctx, initialHeight);
  consensusState.params.set(ctx, ctx.consensusParams);
  let validators: readonly ValidatorUpdate[] = [];
  let validatorsFrom: string | undefined;
  for (const module of order.genesis) {
    if (module.genesis === undefined) continue;
    const state = Object.hasOwn(appState, module.name) ? appState[module.name] : undefined;
    const updates = inModule(module.name, () =>
      // An absent part is the module's default: every module starts from a written state.
      module.genesis?.init(ctx, state ?? module.genesis.default()),
    );
    if (updates === undefined || updates.length === 0) continue;
    if (validatorsFrom !== undefined) {
      throw new GenesisError(`modules ${validatorsFrom} and ${module.name} both give genesis validators`);
    }
    validators = updates;
    validatorsFrom = module.name;
  }
  recordGenesisValidators(ctx, initialHeight, validators);
  for (const module of order.modules) upgradeState.moduleVersions.set(ctx, module.name, BigInt(module.version));
  return { validators, notices: unknownParts(order, appState) };
}

/** A part that no module knows is left out, and said so; JSON null and empty objects are nothing to speak of. */
function unknownParts(order: ModuleOrder, appState: AppState): string[] {
  const known = new Set(order.genesis.map((module) => module.name));
  const unknown = Object.keys(appState).filter((name) => {
    const state = appState[name];
    const isEmpty =
      state === null ||
      state === undefined ||
      (typeof state === "object" && !Array.isArray(state) && Object.keys(state).length === 0);
    return !known.has(name) && !isEmpty;
  });
  return unknown.map((name) => `genesis state of module ${name} is left out: this application has no such module`);
}

function inModule<Result>(name: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw new GenesisError(`genesis state of module ${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** When the genesis file names validators itself, the modules must come to the same ones (baseapp InitChain). */
export function checkValidators(named: readonly ValidatorUpdate[], computed: readonly ValidatorUpdate[]): void {
  if (named.length === 0) return;
  const texts = (updates: readonly ValidatorUpdate[]): string[] =>
    updates
      .map((update) => hex(encode("tendermint.abci.ValidatorUpdate", update)))
      .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (named.length !== computed.length) {
    throw new GenesisError(`genesis names ${named.length} validators, but its modules come to ${computed.length}`);
  }
  if (texts(named).join() !== texts(computed).join()) {
    throw new GenesisError("genesis names other validators than its modules come to");
  }
}

/** Sets in `to` what was set in `from`: the genesis and the first block are one version, and the block may be run again. */
export function copyChanges(from: MultiBranch, to: MultiBranch): void {
  for (const [store, changes] of from.changes()) {
    const target = to.kv(store);
    for (const { key, value } of changes) {
      if (value !== undefined) target.set(key, value);
    }
  }
}
