// Owns MsgCreateValidator as the command line makes it: from simd's validator.json and from the flags of gentx.
import type { AddressCodec } from "../../chain/types/address.ts";
import { parseCoin } from "../../chain/types/coin.ts";
import { packAny } from "../../proto/codec.ts";
import { fromJson } from "../../proto/json.ts";
import { messageOf, usageError } from "../errors.ts";
import { readJsonFile } from "../files.ts";
import { publicKeyFromJson, publicKeyToJson } from "../keys/public-key.ts";
import type { Settings } from "../settings.ts";
import type { Json } from "../yaml.ts";
import type { Any } from "./transaction.ts";

/** What is said about a new validator; decimals and amounts are text. */
export interface ValidatorDescription {
  readonly pubkey: unknown;
  readonly amount: string;
  readonly moniker: string;
  readonly identity: string;
  readonly website: string;
  readonly security: string;
  readonly details: string;
  readonly commissionRate: string;
  readonly commissionMaxRate: string;
  readonly commissionMaxChangeRate: string;
  readonly minSelfDelegation: string;
}

/** Commission and self-delegation when nothing is said (SDK x/staking/client/cli). */
export const validatorDefaults = {
  commissionRate: "0.1",
  commissionMaxRate: "0.2",
  commissionMaxChangeRate: "0.01",
  minSelfDelegation: "1",
} as const;

/** The members of validator.json. */
const members = {
  pubkey: "pubkey",
  amount: "amount",
  moniker: "moniker",
  identity: "identity",
  website: "website",
  security: "security",
  details: "details",
  "commission-rate": "commissionRate",
  "commission-max-rate": "commissionMaxRate",
  "commission-max-change-rate": "commissionMaxChangeRate",
  "min-self-delegation": "minSelfDelegation",
} as const;

/** The message of a validator.json, operated by the account `sender`. */
export function createValidatorMessage(settings: Settings, file: string, sender: string): Any {
  const json = readJsonFile(file);
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw usageError(`${file} does not hold a JSON object`);
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    if (!(name in members)) {
      throw usageError(
        `${file}: there is no member ${JSON.stringify(name)}`,
        `the members are ${Object.keys(members).join(", ")}`,
      );
    }
    given[members[name as keyof typeof members]] = value;
  }
  for (const name of ["pubkey", "amount", "moniker"] as const) {
    if (given[name] === undefined || given[name] === "")
      throw usageError(`${file}: ${name} is missing`, "nothing was sent");
  }
  const text = (name: string, fallback: string): string => (given[name] === undefined ? fallback : String(given[name]));
  return validatorMessage(settings.addresses(), sender, {
    pubkey: given.pubkey,
    amount: text("amount", ""),
    moniker: text("moniker", ""),
    identity: text("identity", ""),
    website: text("website", ""),
    security: text("security", ""),
    details: text("details", ""),
    commissionRate: text("commissionRate", validatorDefaults.commissionRate),
    commissionMaxRate: text("commissionMaxRate", validatorDefaults.commissionMaxRate),
    commissionMaxChangeRate: text("commissionMaxChangeRate", validatorDefaults.commissionMaxChangeRate),
    minSelfDelegation: text("minSelfDelegation", validatorDefaults.minSelfDelegation),
  });
}

/** The message of a description. `delegator_address` stays empty, as the SDK leaves it since 0.50. */
export function validatorMessage(codec: AddressCodec, sender: string, about: ValidatorDescription): Any {
  const key = publicKeyFromJson(about.pubkey, "pubkey");
  let value: { denom: string; amount: string };
  try {
    const coin = parseCoin(about.amount);
    value = { denom: coin.denom, amount: coin.amount.toString() };
  } catch (error) {
    throw usageError(`amount: ${messageOf(error)}`, "a coin looks like 1000000uopen");
  }
  const json: Json = {
    description: {
      moniker: about.moniker,
      identity: about.identity,
      website: about.website,
      security_contact: about.security,
      details: about.details,
    },
    commission: {
      rate: about.commissionRate,
      max_rate: about.commissionMaxRate,
      max_change_rate: about.commissionMaxChangeRate,
    },
    min_self_delegation: about.minSelfDelegation,
    delegator_address: "",
    validator_address: codec.validator(codec.parseAccount(sender)),
    pubkey: publicKeyToJson(key),
    value,
  };
  try {
    return packAny(
      "cosmos.staking.v1beta1.MsgCreateValidator",
      fromJson("cosmos.staking.v1beta1.MsgCreateValidator", json as never),
    );
  } catch (error) {
    throw usageError(messageOf(error), "rates are decimals such as 0.1; nothing was sent");
  }
}
