// Owns whether a genesis holds together: the document's own rules, each module's rules for its part, and what only shows
// when parts are seen together. Every problem names the place in the file. It changes nothing.
import type { AnyModuleDefinition } from "../chain/module/define.ts";
import { batchesOfPiece, GenesisPart } from "../chain/module/genesis-part.ts";
import { decodeBech32 } from "../chain/types/address.ts";
import { addCoins, amountOf, type Coin, coinsFromMessages } from "../chain/types/coin.ts";
import { GenesisError, parseGenesisDocument } from "../chain/types/genesis-doc.ts";
import { durationToNanoseconds, parseTime, ZERO_TIME } from "../chain/types/time.ts";
import type { JsonValue } from "../proto/json.ts";
import type { JsonText } from "../proto/json-text.ts";
import { accountAddresses } from "./add-accounts.ts";
import { GenesisFormError } from "./app-genesis.ts";
import { unbondingTime } from "./build.ts";
import { checkDelegation, fundsOf, type GenesisTransaction, readGenesisTransaction } from "./genesis-transaction.ts";
import { maxGenesisTransactions, maxReportedProblems } from "./limits.ts";
import { type GenesisInParts, genesisInParts, itemsIn, piecesOf, type StateParts } from "./state-parts.ts";

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

/** Checks a genesis where it lies against the modules of the application. Throws JsonTextError for a text that is not JSON at all. */
export function validateGenesis(text: JsonText, modules: readonly AnyModuleDefinition[]): GenesisReport {
  const problems: GenesisProblem[] = [];
  const notices: string[] = [];
  let genesis: GenesisInParts;
  try {
    genesis = genesisInParts(text);
  } catch (error) {
    if (error instanceof GenesisFormError) return { problems: [{ path: "", message: error.message }], notices };
    throw error;
  }
  const { document, parts } = genesis;
  const report = (path: string, message: string): void => {
    if (problems.length < maxReportedProblems) problems.push({ path, message });
  };
  checkDocument(document, report);
  for (const name of Object.keys(document)) {
    if (!members.has(name)) notices.push(`${name} is no member of a genesis and is ignored`);
  }
  const known = new Map(modules.map((module) => [module.name, module]));
  for (const [name, part] of parts) {
    const module = known.get(name);
    if (module === undefined) {
      checkPart(`app_state.${name}`, () => readThrough(name, part), report);
      if (!isEmpty(part)) notices.push(`app_state.${name} is ignored: this application has no module ${name}`);
    } else if (!isNull(part)) {
      checkPart(`app_state.${name}`, () => module.validateGenesis(part), report);
    }
  }
  // What is seen across modules makes sense only when each part is sound.
  if (problems.length === 0) {
    checkTogether(genesis, report, notices);
    noticeShortEvidence(genesis, notices);
  }
  return { problems, notices };
}

type Report = (path: string, message: string) => void;

type Part = JsonValue | GenesisPart;

function isNull(part: Part): boolean {
  return part instanceof GenesisPart ? part.isNull : part === null;
}

function isEmpty(part: Part): boolean {
  if (part instanceof GenesisPart) return part.isEmpty;
  return part === null || (typeof part === "object" && Object.keys(part).length === 0);
}

/** Reads all of a part that no module looks at: throws where it is not JSON. */
function readThrough(module: string, part: Part): void {
  for (const [, value] of piecesOf(module, part) ?? []) for (const _ of batchesOfPiece(value) ?? []);
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

function checkDocument(document: GenesisInParts["document"], report: Report): void {
  if (typeof document.chain_id === "string" && document.chain_id.trim() !== document.chain_id) {
    report("chain_id", "has spaces at an end");
  }
  if (typeof document.genesis_time === "string") {
    checkPart("genesis_time", () => parseTime(document.genesis_time), report);
  }
  try {
    parseGenesisDocument(document, ZERO_TIME);
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
function checkTogether({ document, parts }: GenesisInParts, report: Report, notices: string[]): void {
  let prefix: string | undefined;
  let index = 0;
  for (const address of accountAddresses(parts)) {
    checkPart(
      `app_state.auth.accounts[${index}]`,
      () => {
        const found = decodeBech32(address).prefix;
        prefix ??= found;
        if (found !== prefix)
          throw new Error(`the address ${address} has the prefix ${found}, the accounts before it have ${prefix}`);
      },
      report,
    );
    index++;
  }
  checkBalances(parts, prefix, report);
  const count = checkGenesisTransactions(parts, report);
  const hasValidator = itemsIn(parts, "staking", "validators").next().done !== true;
  const consensusValidators = document.consensus?.validators as readonly JsonValue[] | null | undefined;
  if (count === 0 && !hasValidator && (consensusValidators ?? []).length === 0) {
    notices.push("there is no validator yet: the chain cannot start until a gentx is collected");
  }
}

/** Evidence that is too old before stake is free lets whoever signed twice leave unpunished (ASA-2024-004). A count of blocks may still reach further. */
function noticeShortEvidence({ document, parts }: GenesisInParts, notices: string[]): void {
  const unbonding = unbondingTime(parts);
  if (unbonding === undefined) return;
  const { maxAgeDuration, maxAgeNumBlocks } = parseGenesisDocument(document, ZERO_TIME).consensusParams.evidence;
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

function checkBalances(parts: StateParts, prefix: string | undefined, report: Report): void {
  if (!parts.has("bank") || isNull(parts.get("bank")!)) return;
  let total: readonly Coin[] = [];
  let index = 0;
  for (const balance of itemsIn(parts, "bank", "balances")) {
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
    index++;
  }
  const supply = coinsFromMessages([...itemsIn(parts, "bank", "supply")] as unknown as {
    denom: string;
    amount: string;
  }[]);
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
function checkGenesisTransactions(parts: StateParts, report: Report): number {
  const transactions = [...itemsIn(parts, "genutil", "gen_txs")];
  if (transactions.length > maxGenesisTransactions) {
    report("app_state.genutil.gen_txs", `has ${transactions.length} transactions, more than ${maxGenesisTransactions}`);
    return transactions.length;
  }
  const nodes = new Set<string>();
  const read: (readonly [path: string, transaction: GenesisTransaction])[] = [];
  for (const [index, json] of transactions.entries()) {
    const path = `app_state.genutil.gen_txs[${index}]`;
    checkPart(
      path,
      () => {
        const transaction = readGenesisTransaction(json);
        read.push([path, transaction]);
        const node = transaction.memo.split("@")[0]!;
        if (node !== "" && nodes.has(node)) throw new Error(`another genesis transaction names the same node ${node}`);
        nodes.add(node);
      },
      report,
    );
  }
  const funds = fundsOf(
    parts,
    read.map(([, transaction]) => transaction),
  );
  for (const [path, transaction] of read) checkPart(path, () => checkDelegation(transaction, funds), report);
  return transactions.length;
}
