// Owns: what auth stores: the kinds of account and what they share (every kind holds a BaseAccount somewhere inside), the
// parameters, and the layout of the store with the Cosmos SDK's names and prefixes (x/auth/types/keys.go).
// Does not own: what is done with accounts (keeper.ts).

import { indexed, item, key, schema, sequence, set, value } from "../../chain/store/collections.ts";
import { decode, nameOfTypeUrl, packAny } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";

type Any = Messages["google.protobuf.Any"];
type BaseAccount = Messages["cosmos.auth.v1beta1.BaseAccount"];
type VestingName =
  | "cosmos.vesting.v1beta1.ContinuousVestingAccount"
  | "cosmos.vesting.v1beta1.DelayedVestingAccount"
  | "cosmos.vesting.v1beta1.PeriodicVestingAccount"
  | "cosmos.vesting.v1beta1.PermanentLockedAccount";

/** An account of any kind. `base` is what the ante needs; the rest stays as it was. */
export type Account =
  | { readonly kind: "base"; readonly base: BaseAccount }
  | {
      readonly kind: "module";
      readonly base: BaseAccount;
      readonly name: string;
      readonly permissions: readonly string[];
    }
  | {
      readonly kind: "vesting";
      readonly base: BaseAccount;
      readonly type: VestingName;
      readonly whole: Messages[VestingName];
    };

/** The bytes say an account, but not one of a kind that is known here, or one without its base. */
export class AccountError extends Error {
  override readonly name = "AccountError";
}

const VESTING: ReadonlySet<string> = new Set<VestingName>([
  "cosmos.vesting.v1beta1.ContinuousVestingAccount",
  "cosmos.vesting.v1beta1.DelayedVestingAccount",
  "cosmos.vesting.v1beta1.PeriodicVestingAccount",
  "cosmos.vesting.v1beta1.PermanentLockedAccount",
]);

/** Reads an account. Throws AccountError for a kind that is not known here. */
export function accountOfAny(any: Any): Account {
  const name = nameOfTypeUrl(any.typeUrl);
  if (name === "cosmos.auth.v1beta1.BaseAccount") {
    return { kind: "base", base: decode("cosmos.auth.v1beta1.BaseAccount", any.value) };
  }
  if (name === "cosmos.auth.v1beta1.ModuleAccount") {
    const { baseAccount, name: module, permissions } = decode("cosmos.auth.v1beta1.ModuleAccount", any.value);
    return { kind: "module", base: present(baseAccount, name), name: module, permissions };
  }
  if (name === undefined || !VESTING.has(name))
    throw new AccountError(`${any.typeUrl} is not a kind of account this chain knows`);
  const type = name as VestingName;
  const whole = decode(type, any.value);
  return { kind: "vesting", base: present(whole.baseVestingAccount?.baseAccount, name), type, whole };
}

/** Packs an account for storage and for queries. */
export function anyOfAccount(account: Account): Any {
  switch (account.kind) {
    case "base":
      return packAny("cosmos.auth.v1beta1.BaseAccount", account.base);
    case "module":
      return packAny("cosmos.auth.v1beta1.ModuleAccount", {
        baseAccount: account.base,
        name: account.name,
        permissions: account.permissions,
      });
    case "vesting":
      return packAny(account.type, account.whole);
  }
}

/** The same account with another base: every kind but the vesting ones holds it at the top. */
export function withBase(account: Account, base: BaseAccount): Account {
  if (account.kind !== "vesting") return { ...account, base };
  const { baseVestingAccount } = account.whole;
  if (baseVestingAccount === undefined) throw new AccountError(`${account.type} without its base`);
  return {
    ...account,
    base,
    whole: { ...account.whole, baseVestingAccount: { ...baseVestingAccount, baseAccount: base } },
  };
}

function present(base: BaseAccount | undefined, name: string): BaseAccount {
  if (base === undefined) throw new AccountError(`${name} without its base account`);
  return base;
}

type AuthParams = Messages["cosmos.auth.v1beta1.Params"];

/** The SDK's defaults. */
export const DEFAULT_PARAMS: AuthParams = {
  maxMemoCharacters: 256n,
  txSigLimit: 7n,
  txSizeCostPerByte: 10n,
  sigVerifyCostEd25519: 590n,
  sigVerifyCostSecp256k1: 1000n,
};

/** Throws when a parameter is zero: a free or impossible transaction would follow. */
export function validateParams(params: AuthParams): void {
  const named: readonly (readonly [string, bigint])[] = [
    ["max memo characters", params.maxMemoCharacters],
    ["tx signature limit", params.txSigLimit],
    ["tx size cost per byte", params.txSizeCostPerByte],
    ["ED25519 signature verification cost", params.sigVerifyCostEd25519],
    ["SECP256k1 signature verification cost", params.sigVerifyCostSecp256k1],
  ];
  for (const [name, value] of named) if (value === 0n) throw new Error(`invalid ${name}: ${value}`);
}

export const state = schema("acc", {
  params: item(0x00, value.proto("cosmos.auth.v1beta1.Params")),
  accounts: indexed(
    0x01,
    key.address,
    value.mapped<Account, ReturnType<typeof anyOfAccount>>(
      "cosmos.auth.v1beta1.AccountI",
      value.proto("google.protobuf.Any"),
      anyOfAccount,
      accountOfAny,
    ),
    {
      number: {
        prefix: "accountNumber",
        by: key.uint64,
        of: (account: Account) => account.base.accountNumber,
        unique: true,
      },
    },
  ),
  accountNumber: sequence(0x02),
  /** Of unordered transactions: when each ends, in nanoseconds since 1970, and who signed it. */
  unorderedNonces: set(0x5a, key.pair(key.int64, key.bytes)),
});
