// Owns whether a genesis holds together: the document's own rules, each module's rules for its part, and what only shows
// when parts are seen together. Every problem names the place in the file. It changes nothing.
import type { AnyModuleDefinition } from "../chain/module/define.ts";
import { decodeBech32 } from "../chain/types/address.ts";
import { addCoins, amountOf, type Coin, coinsFromMessages } from "../chain/types/coin.ts";
import { GenesisError, parseGenesisDocument } from "../chain/types/genesis-doc.ts";
import { durationToNanoseconds, parseTime, ZERO_TIME } from "../chain/types/time.ts";
import { unpackAny } from "../proto/codec.ts";
import { fromJson, type JsonValue } from "../proto/json.ts";
import type { Messages } from "../proto/types.gen.ts";
import { type AppGenesis, GenesisFormError, listIn, toAppGenesis } from "./app-genesis.ts";
import { accountAddresses, unbondingTime } from "./build.ts";
import { maxGenesisTransactions, maxReportedProblems } from "./limits.ts";

/** One thing wrong in a genesis. `path` is the place, such as `app_state.bank.balances[3].coins`. */
export interface GenesisProblem {
  readonly path: string;
  readonly message: string;
}

/** What a check found. Notices do not keep a chain from starting. */
export interface GenesisReport {
  readonly problems: readonly GenesisProblem[];
  readonly notices: readonly string[];
}

/** The members a genesis has, in either form. */
const members = new Set([
  ...["app_name", "app_version", "genesis_time", "chain_id", "initial_height", "app_hash", "app_state", "consensus"],
  ...["consensus_params", "validators"],
]);

/** Checks a parsed genesis against the modules of the application. */
export function validateGenesis(json: unknown, modules: readonly AnyModuleDefinition[]): GenesisReport {
  const problems: GenesisProblem[] = [];
  const notices: string[] = [];
  let genesis: AppGenesis;
  try {
    genesis = toAppGenesis(json);
  } catch (error) {
    if (error instanceof GenesisFormError) return { problems: [{ path: "", message: error.message }], notices };
    throw error;
  }
  const report = (path: string, message: string): void => {
    if (problems.length < maxReportedProblems) problems.push({ path, message });
  };
  checkDocument(json, genesis, report);
  for (const name of Object.keys(genesis)) {
    if (!members.has(name)) notices.push(`${name} is no member of a genesis and is ignored`);
  }
  const known = new Map(modules.map((module) => [module.name, module]));
  for (const [name, state] of Object.entries(genesis.app_state)) {
    const module = known.get(name);
    if (module === undefined) {
      if (!isEmpty(state)) notices.push(`app_state.${name} is ignored: this application has no module ${name}`);
    } else if (state !== null) {
      checkPart(`app_state.${name}`, () => module.validateGenesis(state), report);
    }
  }
  // What is seen across modules makes sense only when each part is sound.
  if (problems.length === 0) {
    checkTogether(genesis, report, notices);
    noticeShortEvidence(json, genesis, notices);
  }
  return { problems, notices };
}

type Report = (path: string, message: string) => void;

function isEmpty(state: JsonValue): boolean {
  return state === null || (typeof state === "object" && Object.keys(state).length === 0);
}

/** Runs a check and turns its throw into a problem; a path the thrower knows is appended to `path`. */
function checkPart(path: string, check: () => void, report: Report): void {
  try {
    check();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // proto/json.ts begins with the message's name and the way to the field: "a.b.v1.GenesisState.balances[0]: ...".
    const place = /^[a-z0-9.]+\.v\d[a-z0-9]*\.[A-Z][A-Za-z]*((?:\.[a-z_0-9]+|\[\d+\])*): /.exec(text);
    report(`${path}${place?.[1] ?? ""}`, place === null ? text : text.slice(place[0].length));
  }
}

function checkDocument(json: unknown, genesis: AppGenesis, report: Report): void {
  if (typeof genesis.chain_id === "string" && genesis.chain_id.trim() !== genesis.chain_id) {
    report("chain_id", "has spaces at an end");
  }
  if (typeof genesis.genesis_time === "string") {
    checkPart("genesis_time", () => parseTime(genesis.genesis_time), report);
  }
  try {
    parseGenesisDocument(json, ZERO_TIME);
  } catch (error) {
    if (!(error instanceof GenesisError)) throw error;
    report(documentPath(error.message), error.message);
  }
}

/** The member a rule of the document speaks of, found by its name in the message. */
function documentPath(message: string): string {
  const named = /\b(chain_id|initial_height|genesis_time|app_hash|app_name|app_version|app_state)\b/.exec(message)?.[1];
  if (named !== undefined) return named;
  if (/validator #(\d+)|validators/.test(message)) return "consensus.validators";
  const param = /\b(block|evidence|validator|version|abci)\.[A-Za-z]+/.exec(message)?.[0];
  return param === undefined
    ? "consensus.params"
    : `consensus.params.${param.replace(/([A-Z])/g, (letter) => `_${letter.toLowerCase()}`).replace("._", ".")}`;
}

/** What only shows when parts are seen together. */
function checkTogether(genesis: AppGenesis, report: Report, notices: string[]): void {
  const accounts = accountAddresses(genesis);
  const seen = new Set<string>();
  let prefix: string | undefined;
  for (const [index, address] of accounts.entries()) {
    const path = `app_state.auth.accounts[${index}]`;
    checkPart(
      path,
      () => {
        const found = decodeBech32(address).prefix;
        prefix ??= found;
        if (found !== prefix)
          throw new Error(`the address ${address} has the prefix ${found}, the accounts before it have ${prefix}`);
      },
      report,
    );
    if (seen.has(address)) report(path, `the account ${address} is there twice`);
    seen.add(address);
  }
  checkBalances(genesis, prefix, report);
  const count = checkGenesisTransactions(genesis, seen, report);
  const staking = genesis.app_state.staking as { readonly validators?: readonly JsonValue[] | null } | null | undefined;
  const consensusValidators = genesis.consensus?.validators as readonly JsonValue[] | null | undefined;
  if (count === 0 && (staking?.validators ?? []).length === 0 && (consensusValidators ?? []).length === 0) {
    notices.push("there is no validator yet: the chain cannot start until a gentx is collected");
  }
}

/** Evidence that is too old before stake is free lets whoever signed twice leave unpunished (ASA-2024-004). A count of blocks may still reach further. */
function noticeShortEvidence(json: unknown, genesis: AppGenesis, notices: string[]): void {
  const unbonding = unbondingTime(genesis.app_state);
  if (unbonding === undefined) return;
  const { maxAgeDuration, maxAgeNumBlocks } = parseGenesisDocument(json, ZERO_TIME).consensusParams.evidence;
  const [evidence, bound] = [durationToNanoseconds(maxAgeDuration), durationToNanoseconds(unbonding)];
  if (evidence >= bound) return;
  notices.push(
    `consensus.params.evidence.max_age_duration is ${evidence / 1_000_000_000n} s, but stake is bound for ${unbonding.seconds} s: a double signature proven in between goes unpunished unless it is less than ${maxAgeNumBlocks} blocks old`,
  );
}

interface JsonBalance {
  readonly address?: JsonValue;
  readonly coins?: JsonValue;
}

function checkBalances(genesis: AppGenesis, prefix: string | undefined, report: Report): void {
  const bank = genesis.app_state.bank as { readonly [key: string]: JsonValue } | null | undefined;
  if (bank === undefined || bank === null) return;
  let total: readonly Coin[] = [];
  for (const [index, balance] of listIn(bank, "bank", "balances").entries()) {
    const { address, coins } = balance as JsonBalance;
    checkPart(
      `app_state.bank.balances[${index}]`,
      () => {
        const found = decodeBech32(String(address)).prefix;
        if (prefix !== undefined && found !== prefix) {
          throw new Error(
            `the address ${String(address)} has the prefix ${found}, the genesis accounts have ${prefix}`,
          );
        }
        total = addCoins(total, coinsFromMessages(coins as unknown as { denom: string; amount: string }[]));
      },
      report,
    );
  }
  const supply = coinsFromMessages(listIn(bank, "bank", "supply") as unknown as { denom: string; amount: string }[]);
  if (supply.length === 0) return;
  for (const denom of new Set([...total, ...supply].map((coin) => coin.denom))) {
    if (amountOf(total, denom) !== amountOf(supply, denom)) {
      report(
        "app_state.bank.supply",
        `says ${amountOf(supply, denom)}${denom}, the balances sum to ${amountOf(total, denom)}${denom}`,
      );
    }
  }
}

/** Checks every genesis transaction: one MsgCreateValidator, by an account that has what it delegates. Returns how many. */
function checkGenesisTransactions(genesis: AppGenesis, accounts: ReadonlySet<string>, report: Report): number {
  const genutil = genesis.app_state.genutil;
  if (genutil === undefined || genutil === null) return 0;
  const transactions = listIn(genutil as { readonly [key: string]: JsonValue }, "genutil", "gen_txs");
  if (transactions.length > maxGenesisTransactions) {
    report("app_state.genutil.gen_txs", `has ${transactions.length} transactions, more than ${maxGenesisTransactions}`);
    return transactions.length;
  }
  const nodes = new Set<string>();
  for (const [index, transaction] of transactions.entries()) {
    checkPart(
      `app_state.genutil.gen_txs[${index}]`,
      () => {
        const { memo } = checkGenesisTransaction(transaction, genesis, accounts);
        const node = memo.split("@")[0]!;
        if (node !== "" && nodes.has(node)) throw new Error(`another genesis transaction names the same node ${node}`);
        nodes.add(node);
      },
      report,
    );
  }
  return transactions.length;
}

/** What a genesis transaction says. */
export interface GenesisTransaction {
  readonly message: Messages["cosmos.staking.v1beta1.MsgCreateValidator"];
  /** `<node id>@<host>:<port>`, or empty. */
  readonly memo: string;
  /** The account that delegates, as text. */
  readonly delegator: string;
}

/**
 * Reads a genesis transaction (JSON of a Tx) and checks it against the accounts and balances of the genesis: exactly one
 * MsgCreateValidator, a known account, the staking coin, and enough of it. Throws with what is wrong.
 */
export function checkGenesisTransaction(
  transaction: JsonValue,
  genesis: AppGenesis,
  accounts: ReadonlySet<string>,
): GenesisTransaction {
  const tx = fromJson("cosmos.tx.v1beta1.Tx", transaction);
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
  const delegator = [...accounts].find((account) => Buffer.compare(decodeBech32(account).bytes, bytes) === 0);
  if (delegator === undefined) {
    throw new Error(
      `the account of ${message.validatorAddress} is not in app_state.auth.accounts; add it with add-genesis-account`,
    );
  }
  checkDelegation(message, delegator, genesis);
  return { message, memo: tx.body?.memo ?? "", delegator };
}

function checkDelegation(
  message: Messages["cosmos.staking.v1beta1.MsgCreateValidator"],
  delegator: string,
  genesis: AppGenesis,
): void {
  const staking = genesis.app_state.staking as
    | { readonly params?: { readonly bond_denom?: string } }
    | null
    | undefined;
  const bondDenom = staking?.params?.bond_denom;
  const { denom, amount } = message.value ?? { denom: "", amount: "0" };
  if (bondDenom !== undefined && denom !== bondDenom) {
    throw new Error(`delegates ${amount}${denom}, but app_state.staking.params.bond_denom is ${bondDenom}`);
  }
  const bank = genesis.app_state.bank as { readonly [key: string]: JsonValue };
  const balance = listIn(bank, "bank", "balances").find((one) => (one as JsonBalance).address === delegator) as
    | JsonBalance
    | undefined;
  const held = amountOf(
    coinsFromMessages((balance?.coins ?? []) as unknown as { denom: string; amount: string }[]),
    denom,
  );
  if (held < BigInt(amount)) throw new Error(`delegates ${amount}${denom}, and ${delegator} has ${held}${denom}`);
}
