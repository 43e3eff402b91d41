// Owns the account that a genesis begins with, of every kind that a person may add: plain, vesting, of a module; as the SDK's
// x/genutil AddGenesisAccounts makes them. Does not own where they stand in the genesis (build.ts).
import { moduleAddress } from "../chain/types/address.ts";
import { type Coin, coinsToMessages, formatCoins, isAllGte } from "../chain/types/coin.ts";
import type { JsonValue } from "../proto/json.ts";
import { GenesisFormError } from "./app-genesis.ts";

/** Coins that come free over time. */
export interface Vesting {
  readonly amount: readonly Coin[];
  /** Unix seconds at which they begin to come free, evenly; 0 when all come free at the end. */
  readonly start: bigint;
  /** Unix seconds at which all are free. */
  readonly end: bigint;
}

/** What an account is besides an address with coins. */
export interface AccountKind {
  readonly vesting?: Vesting;
  /** The module whose account it is. */
  readonly module?: string;
}

interface NewAccount extends AccountKind {
  readonly address: string;
  readonly bytes: Uint8Array;
  readonly number: string;
  readonly coins: readonly Coin[];
}

/** The account as genesis JSON. Throws GenesisFormError when its parts do not fit. */
export function genesisAccount({ address, bytes, number, coins, vesting, module }: NewAccount): JsonValue {
  const base = { address, pub_key: null, account_number: number, sequence: "0" };
  if (vesting !== undefined && vesting.amount.length > 0) {
    if (module !== undefined) throw new GenesisFormError("the account of a module does not vest");
    return vestingAccount(base, coins, vesting);
  }
  if (module === undefined) return { "@type": "/cosmos.auth.v1beta1.BaseAccount", ...base };
  if (Buffer.compare(moduleAddress(module), bytes) !== 0) {
    throw new GenesisFormError(`${address} is not the address of module ${module}`);
  }
  const permissions = ["burner", "minter"];
  return { "@type": "/cosmos.auth.v1beta1.ModuleAccount", base_account: base, name: module, permissions };
}

function vestingAccount(
  base: { readonly [member: string]: JsonValue },
  coins: readonly Coin[],
  { amount, start, end }: Vesting,
): JsonValue {
  if (!isAllGte(coins, amount)) {
    throw new GenesisFormError(
      `vesting amount cannot be greater than total amount: ${formatCoins(amount)} of ${formatCoins(coins)}`,
    );
  }
  if (end === 0n) throw new GenesisFormError("invalid vesting parameters; must supply start and end time or end time");
  if (start >= end) throw new GenesisFormError(`the vesting start time ${start} is not before the end time ${end}`);
  const whole = {
    base_account: base,
    original_vesting: coinsToMessages(amount) as unknown as JsonValue,
    delegated_free: [],
    delegated_vesting: [],
    end_time: end.toString(),
  };
  const type = (kind: string): string => `/cosmos.vesting.v1beta1.${kind}VestingAccount`;
  return start === 0n
    ? { "@type": type("Delayed"), base_vesting_account: whole }
    : { "@type": type("Continuous"), base_vesting_account: whole, start_time: start.toString() };
}
