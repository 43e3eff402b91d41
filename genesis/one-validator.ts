// Owns turning a chain's exported state into one that a single new validator runs: who has the power, what it stakes, and who is given coins. The rest of
// the state stays as it is. Does not own exporting, nor the files. Those who validated before are jailed and keep their delegations.
import { batchesOfPiece, type GenesisPieces } from "../chain/module/genesis-part.ts";
import { type AddressCodec, moduleAddress } from "../chain/types/address.ts";
import { upperHex } from "../chain/types/block-id.ts";
import { type Coin, coinsFromMessages, coinsToMessages, subCoins } from "../chain/types/coin.ts";
import { publicKeyToJson } from "../chain/types/genesis-doc.ts";
import { ed25519Address } from "../chain/types/public-key.ts";
import { base64 } from "../proto/bytes.ts";
import type { JsonValue } from "../proto/json.ts";
import { type AccountToAdd, addAccounts } from "./add-accounts.ts";
import { GenesisFormError } from "./app-genesis.ts";
import {
  batchesIn,
  type GenesisInParts,
  itemsIn,
  memberIn,
  neededPieces,
  piecesOf,
  type StateParts,
} from "./state-parts.ts";
import type { PartsInPieces } from "./write-pieces.ts";

/** The new validator's stake, as simd's in-place-testnet has it: more than any chain has. */
const STAKE = 900_000_000_000_000n;
const POWER = STAKE / 1_000_000n;
/** What each account that is named is given, of the coin that is staked. */
const GIVEN = 1_000_000_000_000n;

/** What the new chain is told. */
export interface OneValidator {
  readonly chainId: string;
  /** 20 bytes: the account that runs the validator. */
  readonly operator: Uint8Array;
  /** 32 bytes of ed25519. */
  readonly consensusKey: Uint8Array;
  /** Accounts to be given coins, besides the operator's. */
  readonly funded: readonly string[];
  readonly addresses: AddressCodec;
}

type JsonObject = { readonly [member: string]: JsonValue };

/** The document and the modules' parts. Throws GenesisFormError when the operator or its key validates already. */
export function withOneValidator(
  { document, parts }: GenesisInParts,
  facts: OneValidator,
): { readonly document: GenesisInParts["document"]; readonly parts: PartsInPieces } {
  const consensus = ed25519Address(facts.consensusKey);
  const stakingParams = objectOf(memberIn(parts, "staking", "params"), "staking.params");
  const denom = String(stakingParams.bond_denom);
  const bonded = bondedBefore(parts, facts);
  const changed = new Map<string, GenesisPieces>([
    ...Object.entries(fundedParts(parts, facts, denom, bonded)),
    ["staking", stakingPart(parts, facts)],
    ["distribution", distributionPart(parts, facts, BigInt(document.initial_height))],
    ["slashing", slashingPart(parts, facts.addresses.consensus(consensus), BigInt(document.initial_height))],
  ]);
  const validator = {
    address: upperHex(consensus),
    pub_key: publicKeyToJson({ ed25519: facts.consensusKey }),
    power: POWER.toString(),
    name: "",
  };
  return {
    document: {
      ...document,
      chain_id: facts.chainId,
      consensus: { ...document.consensus, validators: [validator] },
    },
    parts: [...parts].map(([module, part]) => [module, changed.get(module) ?? piecesOf(module, part)]),
  };
}

function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new GenesisFormError(`app_state.${what} is not a JSON object`);
}

/** The stake of those who validate now. */
function bondedBefore(parts: StateParts, { addresses, operator, consensusKey }: OneValidator): bigint {
  const own = addresses.validator(operator);
  const key = base64(consensusKey);
  let sum = 0n;
  for (const item of itemsIn(parts, "staking", "validators")) {
    const validator = objectOf(item, "staking.validators");
    if (validator.operator_address === own)
      throw new GenesisFormError(`${own} is a validator of this chain already: the testnet's must be another`);
    if (objectOf(validator.consensus_pubkey, "staking.validators").key === key)
      throw new GenesisFormError("a validator of this chain signs with that key: the testnet's must be another");
    if (validator.status === "BOND_STATUS_BONDED") sum += BigInt(String(validator.tokens));
  }
  return sum;
}

/** Accounts and balances: the new stake is minted, the old one goes from the pool of those who validate to that of those who do not. */
function fundedParts(parts: StateParts, facts: OneValidator, denom: string, bonded: bigint) {
  const { addresses, operator, funded } = facts;
  const pool = (name: string) => addresses.account(moduleAddress(name));
  const coins = (amount: bigint): readonly Coin[] => (amount === 0n ? [] : [{ denom, amount }]);
  const given = [...new Set([addresses.account(operator), ...funded])];
  const added: readonly AccountToAdd[] = [
    { address: pool("bonded_tokens_pool"), coins: coins(STAKE), kind: {} },
    { address: pool("not_bonded_tokens_pool"), coins: coins(bonded), kind: {} },
    ...given.map((address) => ({ address, coins: coins(GIVEN), kind: {} })),
  ];
  const { auth, bank } = addAccounts(parts, added, true);
  // Adding grew the supply by what only moved.
  const left = coins(bonded);
  const less = (value: JsonValue | undefined): JsonValue =>
    coinsToMessages(subCoins(coinsFromMessages((value ?? []) as never), left)) as unknown as JsonValue;
  const from = pool("bonded_tokens_pool");
  const moved = (balance: JsonValue): JsonValue => {
    const object = objectOf(balance, "bank.balances");
    return object.address === from ? { ...object, coins: less(object.coins) } : balance;
  };
  return {
    auth,
    bank: bank.map(([member, value]): GenesisPieces[number] => {
      const batches = batchesOfPiece(value);
      if (member === "supply") return [member, less(value as JsonValue)];
      if (member !== "balances" || batches === undefined) return [member, value];
      return [member, { batches: lazily(batches, (batch) => batch.map(moved)) }];
    }),
  };
}

type Batch = readonly JsonValue[];

/** Batches that are changed whenever they are walked. */
function lazily(batches: Iterable<Batch>, change: (batch: Batch) => Batch): Iterable<Batch> {
  return {
    *[Symbol.iterator]() {
      for (const batch of batches) yield change(batch);
    },
  };
}

/** A list with one more item. */
function longer(parts: StateParts, module: string, list: string, item: JsonValue): GenesisPieces[number] {
  const batches = {
    *[Symbol.iterator]() {
      yield* batchesIn(parts, module, list);
      yield [item];
    },
  };
  return [list, { batches }];
}

/** The pieces of a module with some of them replaced. */
function replaced(parts: StateParts, module: string, pieces: GenesisPieces): GenesisPieces {
  const names = new Set(pieces.map(([name]) => name));
  return [...neededPieces(parts, module).filter(([name]) => !names.has(name)), ...pieces];
}

function stakingPart(parts: StateParts, { addresses, operator, consensusKey }: OneValidator): GenesisPieces {
  const own = addresses.validator(operator);
  const shares = `${STAKE}.000000000000000000`;
  const never = "1970-01-01T00:00:00Z";
  const validator = {
    operator_address: own,
    consensus_pubkey: { "@type": "/cosmos.crypto.ed25519.PubKey", key: base64(consensusKey) },
    jailed: false,
    status: "BOND_STATUS_BONDED",
    tokens: STAKE.toString(),
    delegator_shares: shares,
    description: { moniker: "testnet", identity: "", website: "", security_contact: "", details: "" },
    unbonding_height: "0",
    unbonding_time: never,
    commission: {
      commission_rates: {
        rate: "0.050000000000000000",
        max_rate: "0.100000000000000000",
        max_change_rate: "0.050000000000000000",
      },
      update_time: never,
    },
    min_self_delegation: "1",
    unbonding_on_hold_ref_count: "0",
    unbonding_ids: [],
  };
  const validators = {
    *[Symbol.iterator]() {
      for (const batch of batchesIn(parts, "staking", "validators")) yield batch.map(retired);
      yield [validator];
    },
  };
  return replaced(parts, "staking", [
    ["last_total_power", POWER.toString()],
    ["last_validator_powers", [{ address: own, power: POWER.toString() }]],
    ["validators", { batches: validators }],
    longer(parts, "staking", "delegations", {
      delegator_address: addresses.account(operator),
      validator_address: own,
      shares,
    }),
    ["exported", true],
  ]);
}

/** A validator that validates no more: jailed, or its stake would bring it back with the next block. */
function retired(item: JsonValue): JsonValue {
  const validator = objectOf(item, "staking.validators");
  const status = validator.status === "BOND_STATUS_BONDED" ? "BOND_STATUS_UNBONDED" : (validator.status ?? null);
  return { ...validator, jailed: true, status };
}

/** The records of a validator whose first delegation has just begun: one period that is over, which two refer to, and one that runs. */
function distributionPart(parts: StateParts, { addresses, operator }: OneValidator, height: bigint): GenesisPieces {
  const validator_address = addresses.validator(operator);
  const list = (name: string, record: JsonObject) =>
    longer(parts, "distribution", name, { validator_address, ...record });
  return replaced(parts, "distribution", [
    list("outstanding_rewards", { outstanding_rewards: [] }),
    list("validator_accumulated_commissions", { accumulated: { commission: [] } }),
    list("validator_historical_rewards", {
      period: "1",
      rewards: { cumulative_reward_ratio: [], reference_count: 2 },
    }),
    list("validator_current_rewards", { rewards: { rewards: [], period: "2" } }),
    list("delegator_starting_infos", {
      delegator_address: addresses.account(operator),
      starting_info: { previous_period: "1", stake: `${STAKE}.000000000000000000`, height: height.toString() },
    }),
    ["previous_proposer", ""],
  ]);
}

function slashingPart(parts: StateParts, address: string, height: bigint): GenesisPieces {
  const info = {
    address,
    start_height: height.toString(),
    index_offset: "0",
    jailed_until: "1970-01-01T00:00:00Z",
    tombstoned: false,
    missed_blocks_counter: "0",
  };
  return replaced(parts, "slashing", [
    longer(parts, "slashing", "signing_infos", { address, validator_signing_info: info }),
    longer(parts, "slashing", "missed_blocks", { address, missed_blocks: [] }),
  ]);
}
