// Owns making a genesis: the default state of every module under one coin, and genesis transactions. Accounts with their first
// balances are add-accounts.ts's; whether the result holds together is validate.ts's question.
import type { AnyModuleDefinition } from "../chain/module/define.ts";
import { consensusParamsToJson } from "../chain/types/genesis-doc.ts";
import { type ConsensusParams, DEFAULT_CONSENSUS_PARAMS } from "../chain/types/params.ts";
import { formatTime, type Timestamp } from "../chain/types/time.ts";
import type { JsonValue } from "../proto/json.ts";
import { parseDuration, type SecondsAndNanos } from "../proto/number-text.ts";
import type { AppGenesis, AppState } from "./app-genesis.ts";
import { memberIn, partsOf, type StateParts } from "./state-parts.ts";

/** The coin of a chain when nothing else is said: staking, fees, rewards. */
export const defaultDenom = "uopen";

/** What a new genesis is told. */
export interface NewGenesis {
  readonly appName: string;
  readonly appVersion: string;
  readonly genesisTime: Timestamp;
  readonly chainId: string;
  readonly initialHeight: number;
  /** Replaces the default coin in every module's default state. */
  readonly denom: string;
}

/** A genesis of default module states, without accounts and validators. */
export function newGenesis(modules: readonly AnyModuleDefinition[], options: NewGenesis): AppGenesis {
  const appState = defaultAppState(modules, options.denom);
  return {
    app_name: options.appName,
    app_version: options.appVersion,
    genesis_time: formatTime(options.genesisTime),
    chain_id: options.chainId,
    initial_height: options.initialHeight,
    app_hash: null,
    app_state: appState,
    consensus: { params: consensusParamsToJson(consensusParams(appState)) as JsonValue },
  };
}

/** CometBFT's defaults, but evidence counts for as long as stake answers for what was signed: two days would let a validator leave unpunished (ASA-2024-004). */
function consensusParams(appState: AppState): ConsensusParams {
  const unbonding = unbondingTime(partsOf(appState));
  const { evidence, ...others } = DEFAULT_CONSENSUS_PARAMS;
  return { ...others, evidence: { ...evidence, maxAgeDuration: unbonding ?? evidence.maxAgeDuration } };
}

/** How long stake stays bound, as the genesis says; undefined when it does not. Throws for a text that is no duration. */
export function unbondingTime(parts: StateParts): SecondsAndNanos | undefined {
  const params = memberIn(parts, "staking", "params") as { readonly unbonding_time?: JsonValue } | null | undefined;
  const text = params?.unbonding_time;
  return typeof text === "string" ? parseDuration(text) : undefined;
}

/** The default state of every module that has one, in the order of the application. */
export function defaultAppState(modules: readonly AnyModuleDefinition[], denom: string): AppState {
  const state: AppState = {};
  for (const module of modules) {
    const genesis = module.defaultGenesis();
    if (genesis !== undefined) state[module.name] = denom === defaultDenom ? genesis : withDenom(genesis, denom);
  }
  return state;
}

/** Replaces the default coin wherever a member named for a denomination holds it (bond_denom, mint_denom, denom). */
function withDenom(value: JsonValue, denom: string, member = ""): JsonValue {
  if (typeof value === "string") return value === defaultDenom && member.endsWith("denom") ? denom : value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => withDenom(item, denom, member));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withDenom(inner, denom, name)]));
}

type JsonObject = { readonly [key: string]: JsonValue };

/** The same genesis with these genesis transactions, each a transaction as JSON. */
export function withGenesisTransactions(genesis: AppGenesis, transactions: readonly JsonValue[]): AppGenesis {
  const genutil = genutilWith(genesis.app_state.genutil, transactions);
  return { ...genesis, app_state: { ...genesis.app_state, genutil } };
}

/** Genutil's part with other genesis transactions. */
export function genutilWith(part: JsonValue | undefined, transactions: readonly JsonValue[]): JsonValue {
  const kept = typeof part === "object" && part !== null && !Array.isArray(part) ? (part as JsonObject) : {};
  return { ...kept, gen_txs: [...transactions] };
}
