// Owns what a genesis transaction says, and whether the accounts and balances of a genesis bear it. Does not own making one (cli/genesis/gentx.ts)
// nor delivering it (modules/genutil).
import { decodeBech32 } from "../chain/types/address.ts";
import { amountOf, type Coin, coinsFromMessages } from "../chain/types/coin.ts";
import { hex } from "../proto/bytes.ts";
import { unpackAny } from "../proto/codec.ts";
import { fromJson, type JsonValue } from "../proto/json.ts";
import type { Messages } from "../proto/types.gen.ts";
import { accountAddresses } from "./add-accounts.ts";
import { itemsIn, memberIn, type StateParts } from "./state-parts.ts";

/** What a genesis transaction says. */
export interface GenesisTransaction {
  readonly message: Messages["cosmos.staking.v1beta1.MsgCreateValidator"];
  /** `<node id>@<host>:<port>`, or empty. */
  readonly memo: string;
  /** The bytes of the operator's address, which are those of the account that delegates. */
  readonly operator: Uint8Array;
}

/** Reads a genesis transaction (JSON of a Tx): exactly one MsgCreateValidator, and signed. Throws with what is wrong. */
export function readGenesisTransaction(json: JsonValue): GenesisTransaction {
  const tx = fromJson("cosmos.tx.v1beta1.Tx", json);
  const messages = tx.body?.messages ?? [];
  const first = messages[0];
  if (first === undefined || messages.length !== 1) {
    throw new Error(`a genesis transaction has exactly one message, this has ${messages.length}`);
  }
  const { name, value } = unpackAny(first);
  if (name !== "cosmos.staking.v1beta1.MsgCreateValidator") {
    throw new Error(`a genesis transaction creates a validator, this is ${first.typeUrl}`);
  }
  if (tx.signatures.length === 0) throw new Error("is not signed");
  const message = value as Messages["cosmos.staking.v1beta1.MsgCreateValidator"];
  const { prefix, bytes } = decodeBech32(message.validatorAddress);
  if (!prefix.endsWith("valoper"))
    throw new Error(`validator_address ${message.validatorAddress} is not an operator address`);
  return { message, memo: tx.body?.memo ?? "", operator: bytes };
}

/** What a genesis has for those who delegate in its transactions. */
export interface GenesisFunds {
  /** The staking coin; undefined when the genesis does not say. */
  readonly bondDenom: string | undefined;
  /** Accounts and their balances by the hex of their bytes. */
  readonly accounts: ReadonlyMap<string, { readonly address: string; readonly coins: readonly Coin[] }>;
}

/** Looks up the accounts that the transactions name. Holds those, and a batch of the others at a time. */
export function fundsOf(parts: StateParts, transactions: readonly GenesisTransaction[]): GenesisFunds {
  const wanted = new Set(transactions.map(({ operator }) => hex(operator)));
  const accounts = new Map<string, { readonly address: string; coins: readonly Coin[] }>();
  const byAddress = new Map<string, string>();
  if (wanted.size > 0) {
    for (const address of accountAddresses(parts)) {
      const key = hex(decodeBech32(address).bytes);
      if (!wanted.has(key) || accounts.has(key)) continue;
      accounts.set(key, { address, coins: [] });
      byAddress.set(address, key);
    }
  }
  if (accounts.size > 0) {
    for (const balance of itemsIn(parts, "bank", "balances")) {
      const { address, coins } = balance as { readonly address?: JsonValue; readonly coins?: JsonValue };
      const account = accounts.get(byAddress.get(String(address)) ?? "");
      if (account !== undefined)
        account.coins = coinsFromMessages((coins ?? []) as unknown as { denom: string; amount: string }[]);
    }
  }
  const params = memberIn(parts, "staking", "params") as { readonly bond_denom?: string } | null | undefined;
  return { bondDenom: params?.bond_denom, accounts };
}

/** Throws unless a known account delegates, in the staking coin, and has enough of it. */
export function checkDelegation(
  { message, operator }: GenesisTransaction,
  { bondDenom, accounts }: GenesisFunds,
): void {
  const delegator = accounts.get(hex(operator));
  if (delegator === undefined) {
    throw new Error(
      `the account of ${message.validatorAddress} is not in app_state.auth.accounts; add it with add-genesis-account`,
    );
  }
  const { denom, amount } = message.value ?? { denom: "", amount: "0" };
  if (bondDenom !== undefined && denom !== bondDenom) {
    throw new Error(`delegates ${amount}${denom}, but app_state.staking.params.bond_denom is ${bondDenom}`);
  }
  const held = amountOf(delegator.coins, denom);
  if (held < BigInt(amount))
    throw new Error(`delegates ${amount}${denom}, and ${delegator.address} has ${held}${denom}`);
}
