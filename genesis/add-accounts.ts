// Owns adding accounts with their first balances to a genesis that need not be held: which numbers they get, where their balances stand, and
// the supply. Does not own what kinds of accounts there are (account-kinds.ts), nor the file.
import { batchesOfPiece, type GenesisPieces } from "../chain/module/genesis-part.ts";
import { decodeBech32 } from "../chain/types/address.ts";
import { addCoins, type Coin, coinsFromMessages, coinsToMessages } from "../chain/types/coin.ts";
import type { JsonValue } from "../proto/json.ts";
import { type AccountKind, genesisAccount } from "./account-kinds.ts";
import { type AppGenesis, GenesisFormError } from "./app-genesis.ts";
import { batchesIn, itemsIn, neededPieces, partsOf, type StateParts } from "./state-parts.ts";

/** An account to be added. */
export interface AccountToAdd {
  readonly address: string;
  readonly coins: readonly Coin[];
  readonly kind: AccountKind;
}

/** The parts that adding accounts changes. What lies in a file is read again whenever they are walked. */
export interface PartsWithAccounts {
  readonly auth: GenesisPieces;
  readonly bank: GenesisPieces;
}

/** An account was to be added twice. */
export class DuplicateAccountError extends GenesisFormError {}

type JsonObject = { readonly [key: string]: JsonValue };

/** The addresses of the genesis accounts, in their order. */
export function* accountAddresses(parts: StateParts): Generator<string, void, undefined> {
  for (const account of itemsIn(parts, "auth", "accounts")) {
    const address = addressOfAccount(account);
    if (address !== undefined) yield address;
  }
}

/** The address inside a genesis account of any kind. */
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

/**
 * Adds accounts with their first balances, and the balances to the supply. `append` adds to a balance that is there; without
 * it an account that is there is refused (SDK x/genutil AddGenesisAccounts). An account that is there keeps its kind. Every
 * address must have the prefix of the others. Holds what is added, and no more of the rest than a batch. Throws GenesisFormError.
 */
export function addAccounts(parts: StateParts, added: readonly AccountToAdd[], append = false): PartsWithAccounts {
  const auth = neededPieces(parts, "auth");
  const bank = neededPieces(parts, "bank");
  const known = presentAccounts(parts, new Set(added.map(({ address }) => address)));
  const accounts: JsonValue[] = [];
  const gains = new Map<string, readonly Coin[]>();
  let supply = coinList([...itemsIn(parts, "bank", "supply")]);
  let { prefix: shared, next } = known;
  for (const { address, coins, kind } of added) {
    const { prefix, bytes } = decodeBech32(address);
    shared ??= prefix;
    if (shared !== prefix) {
      throw new GenesisFormError(
        `the address ${address} has the prefix ${prefix}, the genesis accounts have ${shared}`,
      );
    }
    const isThere = known.addresses.has(address);
    if (isThere && !append) throw new DuplicateAccountError(`the account ${address} is in the genesis already`);
    const account = genesisAccount({ ...kind, address, bytes, coins, number: next.toString() });
    if (!isThere) {
      accounts.push(account);
      known.addresses.add(address);
      next += 1n;
    }
    gains.set(address, addCoins(gains.get(address) ?? [], coins));
    supply = addCoins(supply, coins);
  }
  const balances = { [Symbol.iterator]: () => withGains(parts, gains) };
  const longer = { [Symbol.iterator]: () => followed(batchesIn(parts, "auth", "accounts"), accounts) };
  return {
    auth: withMember(auth, "accounts", { batches: longer }),
    bank: withMember(
      withMember(bank, "balances", { batches: balances }),
      "supply",
      coinsToMessages(supply) as unknown as JsonValue,
    ),
  };
}

/** Adds one account to a genesis in memory; as `addAccounts`. */
export function addAccount(
  genesis: AppGenesis,
  address: string,
  coins: readonly Coin[],
  append = false,
  kind: AccountKind = {},
): AppGenesis {
  const { auth, bank } = addAccounts(partsOf(genesis.app_state), [{ address, coins, kind }], append);
  return { ...genesis, app_state: { ...genesis.app_state, auth: held(auth), bank: held(bank) } };
}

function held(pieces: GenesisPieces): JsonValue {
  return Object.fromEntries(
    pieces.map(([member, value]) => {
      const batches = batchesOfPiece(value);
      return [member, batches === undefined ? (value as JsonValue) : [...batches].flat(1)];
    }),
  );
}

function withMember(pieces: GenesisPieces, name: string, value: GenesisPieces[number][1]): GenesisPieces {
  const isThere = pieces.some(([member]) => member === name);
  if (!isThere) return [...pieces, [name, value]];
  return pieces.map(([member, old]) => [member, member === name ? value : old]);
}

/** Of the accounts that are there: the first one's prefix, the first free number, and which of `wanted` are among them. */
function presentAccounts(parts: StateParts, wanted: ReadonlySet<string>) {
  const addresses = new Set<string>();
  let prefix: string | undefined;
  let next = 0n;
  for (const account of itemsIn(parts, "auth", "accounts")) {
    const number = accountNumberOf(account);
    if (number >= next) next = number + 1n;
    const address = addressOfAccount(account);
    if (address === undefined) continue;
    prefix ??= decodeBech32(address).prefix;
    if (wanted.has(address)) addresses.add(address);
  }
  return { addresses, prefix, next };
}

function accountNumberOf(account: JsonValue): bigint {
  const text = JSON.stringify(account);
  const match = /"account_number":"?(\d+)"?/.exec(text);
  return match === null ? 0n : BigInt(match[1]!);
}

function* followed(batches: Iterable<readonly JsonValue[]>, last: readonly JsonValue[]) {
  yield* batches;
  if (last.length > 0) yield last;
}

function coinList(coins: readonly JsonValue[]): readonly Coin[] {
  return coinsFromMessages(coins as unknown as { denom: string; amount: string }[]);
}

/** The balances with what accounts gain. A new one stands before the first of a greater address: the SDK sorts them by bytes. */
function* withGains(
  parts: StateParts,
  gains: ReadonlyMap<string, readonly Coin[]>,
): Generator<readonly JsonValue[], void, undefined> {
  const missing = new Set(gains.keys());
  for (const balance of itemsIn(parts, "bank", "balances")) missing.delete(addressOfBalance(balance));
  const waiting = [...missing]
    .map((address) => ({ bytes: bytesOf(address), balance: balanceOf(address, gains.get(address) ?? []) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  let written = 0;
  for (const batch of batchesIn(parts, "bank", "balances")) {
    const longer: JsonValue[] = [];
    for (const balance of batch) {
      const address = addressOfBalance(balance);
      if (written < waiting.length) {
        const bytes = bytesOf(address);
        for (; written < waiting.length && Buffer.compare(waiting[written]!.bytes, bytes) < 0; written++)
          longer.push(waiting[written]!.balance);
      }
      const gain = gains.get(address);
      const before = (balance as JsonObject).coins ?? [];
      longer.push(
        gain === undefined ? balance : balanceOf(address, addCoins(coinList(before as readonly JsonValue[]), gain)),
      );
    }
    yield longer;
  }
  if (written < waiting.length) yield waiting.slice(written).map(({ balance }) => balance);
}

function addressOfBalance(balance: JsonValue): string {
  return String((balance as JsonObject | null)?.address);
}

function bytesOf(address: string): Uint8Array {
  return decodeBech32(address).bytes;
}

function balanceOf(address: string, coins: readonly Coin[]): JsonValue {
  return { address, coins: coinsToMessages(coins) as unknown as JsonValue };
}
