// Owns making a genesis: the default state of every module under one coin, accounts with their first balances, and
// genesis transactions. Whether the result holds together is validate.ts's question.
import type { AnyModuleDefinition } from "../chain/module/define.ts";
import { decodeBech32 } from "../chain/types/address.ts";
import { addCoins, type Coin, coinsFromMessages, coinsToMessages } from "../chain/types/coin.ts";
import { consensusParamsToJson } from "../chain/types/genesis-doc.ts";
import { type ConsensusParams, DEFAULT_CONSENSUS_PARAMS } from "../chain/types/params.ts";
import { formatTime, type Timestamp } from "../chain/types/time.ts";
import type { JsonValue } from "../proto/json.ts";
import { parseDuration, type SecondsAndNanos } from "../proto/number-text.ts";
import { type AccountKind, genesisAccount } from "./account-kinds.ts";
import { type AppGenesis, type AppState, GenesisFormError, listIn, moduleState } from "./app-genesis.ts";

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
  const unbonding = unbondingTime(appState);
  const { evidence, ...others } = DEFAULT_CONSENSUS_PARAMS;
  return { ...others, evidence: { ...evidence, maxAgeDuration: unbonding ?? evidence.maxAgeDuration } };
}

/** How long stake stays bound, as the genesis says; undefined when it does not. Throws for a text that is no duration. */
export function unbondingTime(appState: { readonly [module: string]: JsonValue }): SecondsAndNanos | undefined {
  const staking = appState.staking as { readonly params?: { readonly unbonding_time?: JsonValue } } | null | undefined;
  const text = staking?.params?.unbonding_time;
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

/** The account message inside a genesis account of any kind. */
function addressOfAccount(account: JsonValue): string | undefined {
  if (typeof account !== "object" || account === null || Array.isArray(account)) return undefined;
  const object = account as JsonObject;
  if (typeof object.address === "string") return object.address;
  for (const name of ["base_account", "base_vesting_account"]) {
    const inner = object[name];
    if (inner !== undefined) return addressOfAccount(inner);
  }
  return undefined;
}

/** The addresses of the genesis accounts, in their order. */
export function accountAddresses(genesis: AppGenesis): readonly string[] {
  if (genesis.app_state.auth === undefined || genesis.app_state.auth === null) return [];
  return listIn(moduleState(genesis, "auth"), "auth", "accounts").flatMap((account) => addressOfAccount(account) ?? []);
}

/** An account was to be added twice. */
export class DuplicateAccountError extends GenesisFormError {}

/**
 * Adds an account with its first balance, and the balance to the supply. `append` adds to a balance that is there; without
 * it an account that is there is refused (SDK x/genutil AddGenesisAccount). An account that is there keeps its kind. The
 * address must have the prefix of the others.
 */
export function addAccount(
  genesis: AppGenesis,
  address: string,
  coins: readonly Coin[],
  append = false,
  kind: AccountKind = {},
): AppGenesis {
  const present = accountAddresses(genesis);
  const first = present[0];
  const { prefix, bytes } = decodeBech32(address);
  if (first !== undefined && decodeBech32(first).prefix !== prefix) {
    throw new GenesisFormError(
      `the address ${address} has the prefix ${prefix}, the genesis accounts have ${decodeBech32(first).prefix}`,
    );
  }
  const isThere = present.includes(address);
  if (isThere && !append) throw new DuplicateAccountError(`the account ${address} is in the genesis already`);
  const auth = moduleState(genesis, "auth");
  const accounts = listIn(auth, "auth", "accounts");
  const account = genesisAccount({ ...kind, address, bytes, coins, number: nextAccountNumber(accounts) });
  if (!isThere) accounts.push(account);
  const bank = moduleState(genesis, "bank");
  const balances = withBalance(listIn(bank, "bank", "balances"), address, coins);
  const supply = addCoins(coinList(listIn(bank, "bank", "supply")), coins);
  return {
    ...genesis,
    app_state: {
      ...genesis.app_state,
      auth: { ...auth, accounts },
      bank: { ...bank, balances, supply: coinsToMessages(supply) as unknown as JsonValue },
    },
  };
}

function coinList(coins: readonly JsonValue[]): readonly Coin[] {
  return coinsFromMessages(coins as unknown as { denom: string; amount: string }[]);
}

function nextAccountNumber(accounts: readonly JsonValue[]): string {
  let next = 0n;
  for (const account of accounts) {
    const number = accountNumberOf(account);
    if (number >= next) next = number + 1n;
  }
  return next.toString();
}

function accountNumberOf(account: JsonValue): bigint {
  const text = JSON.stringify(account);
  const match = /"account_number":"?(\d+)"?/.exec(text);
  return match === null ? 0n : BigInt(match[1]!);
}

/** Balances are kept in ascending order of the address bytes, as the SDK sorts them. */
function withBalance(balances: readonly JsonValue[], address: string, coins: readonly Coin[]): JsonValue {
  const old = (balances as readonly JsonObject[]).find((balance) => balance.address === address);
  const others = (balances as readonly JsonObject[]).filter((balance) => balance !== old);
  const before = old === undefined ? [] : coinList((old.coins ?? []) as readonly JsonValue[]);
  const balance = { address, coins: coinsToMessages(addCoins(before, coins)) as unknown as JsonValue };
  return [...others, balance].sort((a, b) =>
    Buffer.compare(decodeBech32(String(a.address)).bytes, decodeBech32(String(b.address)).bytes),
  );
}

/** The same genesis with these genesis transactions, each a transaction as JSON. */
export function withGenesisTransactions(genesis: AppGenesis, transactions: readonly JsonValue[]): AppGenesis {
  const genutil = genesis.app_state.genutil;
  const kept =
    typeof genutil === "object" && genutil !== null && !Array.isArray(genutil) ? (genutil as JsonObject) : {};
  return { ...genesis, app_state: { ...genesis.app_state, genutil: { ...kept, gen_txs: [...transactions] } } };
}
