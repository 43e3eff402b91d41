// Owns: the first state of a chain: which bech32 prefix its accounts have, what each module makes of its part of the
// genesis, and which parts no module knows. Does not own: the file around `app_state` (genesis/).

import { hex } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import { JsonSlice, JsonText, JsonTextError, sourceOf } from "../../proto/json-text.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainFacts, GenesisContext, Read, ValidatorUpdate } from "../module/context.ts";
import type { GenesisRoutes } from "../module/genesis-codec.ts";
import { type GenesisPart, type GenesisPieces, genesisParts } from "../module/genesis-part.ts";
import type { MultiBranch } from "../store/branch.ts";
import { AddressCodec, AddressError, decodeBech32 } from "../types/address.ts";
import { hasBegun, type ModuleOrder } from "./app-modules.ts";
import { chainState, consensusState, upgradeState } from "./state.ts";
import { recordGenesisValidators } from "./validator-history.ts";

/** The prefix of a chain whose genesis names no account. */
export const DEFAULT_PREFIX = "trib";

/** The genesis cannot be used; the message says what is wrong and where. */
export class GenesisError extends Error {
  override readonly name = "GenesisError";
}

/** `app_state` by module name, to be read where it lies. */
export type AppState = ReadonlyMap<string, GenesisPart>;

/**
 * Finds the modules' parts of `app_state`, which is given as bytes or as a place in a longer text. `pause` is called between
 * items of long lists. Throws GenesisError for anything but a JSON object; empty bytes are an empty state.
 */
export function appStateOf(state: Uint8Array | JsonSlice, pause: () => void): AppState {
  if (state instanceof Uint8Array && state.length === 0) return new Map();
  return asGenesisError("app_state is not JSON: ", () => {
    const slice = state instanceof JsonSlice ? state : wholeOf(state);
    if (slice.text.kind(slice.span) !== "object") throw new GenesisError("app_state is not a JSON object");
    return genesisParts(slice, pause);
  });
}

function wholeOf(bytes: Uint8Array): JsonSlice {
  const text = new JsonText(sourceOf(bytes));
  return new JsonSlice(text, text.whole());
}

function asGenesisError<Result>(what: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof JsonTextError) throw new GenesisError(`${what}${error.message}`);
    throw error;
  }
}

/** The one prefix that all genesis accounts share. Throws GenesisError when two differ or one is no address. */
function genesisPrefix(addresses: Iterable<string>): string {
  return asGenesisError("app_state is not JSON: ", () => commonPrefix(addresses));
}

function commonPrefix(addresses: Iterable<string>): string {
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

/** What is known of a chain before its first block; its accounts' prefix is that of the addresses. Throws GenesisError. */
export function factsOfGenesis(
  request: Messages["tendermint.abci.RequestInitChain"],
  addresses: Iterable<string>,
): ChainFacts {
  const { chainId, consensusParams, time } = request;
  if (consensusParams === undefined) throw new GenesisError("genesis has no consensus parameters");
  if (time === undefined) throw new GenesisError("genesis has no time");
  // Height 0 is what tells the ante that accounts have no numbers yet.
  return { chainId, height: 0n, time, addresses: new AddressCodec(genesisPrefix(addresses)), consensusParams };
}

/** Everything the genesis came to. */
export interface GenesisResult {
  readonly validators: readonly ValidatorUpdate[];
  readonly notices: readonly string[];
}

/**
 * Writes the chain's own facts and lets every module write its state, in genesis order. `pause` is called after each: what
 * was written so far may be put away.
 */
export function initGenesis(
  order: ModuleOrder,
  ctx: GenesisContext,
  appState: AppState,
  initialHeight: bigint,
  pause: () => void,
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
    const part = appState.get(module.name);
    const updates = inModule(module.name, () =>
      // An absent part, or null, is the module's default: every module starts from a written state.
      module.genesis?.init(ctx, part === undefined || part.isNull ? module.genesis.default() : part),
    );
    pause();
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
  const unknown = [...appState].filter(([name, part]) => !known.has(name) && !part.isEmpty);
  return unknown.map(([name]) => `genesis state of module ${name} is left out: this application has no such module`);
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

/** The genesis that would start a chain from a state, module by module. */
export function exportGenesis(order: ModuleOrder, ctx: Read): { readonly [module: string]: unknown } {
  return Object.fromEntries(exported(order, ctx).map(([name, genesis]) => [name, genesis.export(ctx)]));
}

/** The same, each module's part in pieces. */
export function* exportPieces(
  order: ModuleOrder,
  ctx: Read,
): Generator<readonly [module: string, pieces: GenesisPieces], void, undefined> {
  for (const [name, genesis] of exported(order, ctx)) yield [name, genesis.exportPieces(ctx)];
}

function exported(order: ModuleOrder, ctx: Read): readonly (readonly [string, GenesisRoutes])[] {
  return order.genesis.flatMap(({ name, genesis }) =>
    genesis !== undefined && hasBegun(name, ctx) ? [[name, genesis] as const] : [],
  );
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
