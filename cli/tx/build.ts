// Owns the way of a transaction through the command line: from messages and flags to gas, fee, signature and broadcast,
// as simd does it (client/tx). The pieces are in transaction.ts (values), send.ts (the node) and keys/ (signatures).

import { coinsToMessages, parseCoins } from "../../chain/types/coin.ts";
import { Dec } from "../../chain/types/dec.ts";
import { mulDecCoins, parseDecCoins } from "../../chain/types/dec-coin.ts";
import { CliError, messageOf, usageError } from "../errors.ts";
import { findKey } from "../keys/commands.ts";
import type { KeyRecord } from "../keys/keyring.ts";
import { asMultisig } from "../keys/public-key.ts";
import { defaultGasLimit } from "../limits.ts";
import { notice, printData } from "../output.ts";
import { confirm } from "../prompt.ts";
import { RpcClient } from "../rpc-client.ts";
import type { Settings } from "../settings.ts";
import { accountNumbers, broadcast, refusedByNode, simulate } from "./send.ts";
import {
  type Any,
  type Fee,
  requiredSigners,
  type SignerInfo,
  type SigningFacts,
  type SignMode,
  sequenceFor,
  signBytes,
  signMode,
  signModeOf,
  singleSigner,
  type Tx,
  txBytes,
  txToJson,
  unsignedTx,
  withSigners,
} from "./transaction.ts";
import { validityOf } from "./validity.ts";

/** Who signs: a key, and the account it signs for. */
export interface Signer {
  readonly key: KeyRecord;
  readonly address: string;
}

/** The signer --from names. */
export async function signerOf(settings: Settings): Promise<Signer> {
  const from = settings.text("from");
  if (from === undefined)
    throw usageError("no signer was named", "give one with --from (a key of `tributaryd keys list`)");
  const key = await findKey(settings, from);
  return { key, address: settings.addresses().account(key.address) };
}

/** The address --from names; with --generate-only or --dry-run it need not be in the keyring. */
export async function senderAddress(settings: Settings): Promise<string> {
  const from = settings.text("from");
  if (from === undefined)
    throw usageError("no sender was named", "give one with --from (a key of `tributaryd keys list`)");
  if (settings.isSet("generate-only") || settings.isSet("dry-run")) {
    try {
      settings.addresses().parseAccount(from);
      return from;
    } catch {
      // Not an address: a name, then.
    }
  }
  return (await signerOf(settings)).address;
}

/** Carries the messages out: prints, simulates, or signs and sends, as the flags say. */
export async function runMessages(settings: Settings, messages: readonly Any[]): Promise<void> {
  checkFlags(settings);
  const offline = settings.isSet("offline");
  const draft = unsignedTx({
    messages,
    memo: settings.setting("note") ?? settings.text("memo") ?? "",
    ...validityOf(settings, Date.now()),
    fee: feeOf(settings, 0n),
  });
  if (settings.isSet("generate-only")) {
    const limit = await generateOnlyGas(settings, draft, offline);
    printData(txToJson(withFee(draft, feeOf(settings, limit))), "json");
    return;
  }
  const client = new RpcClient(settings.nodeUrl());
  if (settings.isSet("dry-run")) {
    const numbers = await accountNumbers(client, await senderAddress(settings));
    notice(
      `gas estimate: ${await estimateGas(settings, client, draft, undefined, settings.bigint("sequence") ?? sequenceFor(draft, numbers.sequence))}`,
    );
    return;
  }
  const signer = await signerOf(settings);
  checkSigner(settings, draft, signer);
  const facts = await signingFacts(settings, client, signer.address, draft, offline);
  const mode = signModeOf(settings.text("sign-mode"));
  let limit = gasLimit(settings);
  if (limit === "auto") {
    if (offline) throw usageError("--gas auto asks a node, which --offline forbids", "give a number with --gas");
    limit = await estimateGas(settings, client, draft, signer, facts.sequence);
    notice(`gas estimate: ${limit}`);
  }
  const tx = withFee(draft, feeOf(settings, limit));
  if (!settings.isSet("yes")) {
    notice(JSON.stringify(txToJson(tx)));
    if (!(await confirm("confirm transaction before signing and broadcasting"))) {
      throw new CliError("aborted", "nothing was signed or sent");
    }
  }
  const signed = await signAlone(settings, tx, signer, mode, facts);
  if (offline) {
    printData(txToJson(signed), "json");
    return;
  }
  await sendAndPrint(settings, client, txBytes(signed));
}

/** Sends signed bytes and prints the answer; a refusal is a failure of the command. */
export async function sendAndPrint(settings: Settings, client: RpcClient, bytes: Uint8Array): Promise<void> {
  const mode = settings.setting("broadcast-mode") ?? "sync";
  if (mode !== "sync" && mode !== "async") {
    throw usageError(
      `the broadcast mode ${JSON.stringify(mode)} does not exist`,
      "use sync or async; wait with `tributaryd query wait-tx`",
    );
  }
  const response = await broadcast(client, bytes, mode);
  printData({ ...response }, settings.output("json"));
  if (response.code !== 0) throw refusedByNode(response);
}

function checkFlags(settings: Settings): void {
  if (settings.isSet("generate-only") && settings.isSet("dry-run")) {
    throw usageError("--generate-only and --dry-run cannot be used together", "choose one");
  }
  if (settings.isSet("offline")) {
    if (settings.isSet("dry-run")) throw usageError("--dry-run asks a node, which --offline forbids", "leave one out");
    if (settings.isSet("generate-only")) return;
    requireNumbers(settings, settings.isSet("unordered"));
  }
}

/** The flags' gas limit; the default when none is given. */
function gasLimit(settings: Settings): bigint | "auto" {
  const text = settings.setting("gas");
  if (text === undefined) return defaultGasLimit;
  if (text === "auto") return "auto";
  if (!/^\d{1,19}$/.test(text)) throw usageError(`--gas ${text} is neither a number nor "auto"`);
  return BigInt(text);
}

async function generateOnlyGas(settings: Settings, draft: Tx, offline: boolean): Promise<bigint> {
  const limit = gasLimit(settings);
  if (limit !== "auto") return limit;
  if (offline) throw usageError("--gas auto asks a node, which --offline forbids", "give a number with --gas");
  const client = new RpcClient(settings.nodeUrl());
  const numbers = await accountNumbers(client, await senderAddress(settings));
  const estimate = await estimateGas(settings, client, draft, undefined, sequenceFor(draft, numbers.sequence));
  notice(`gas estimate: ${estimate}`);
  return estimate;
}

/** Simulated gas times the adjustment, rounded down as the SDK does. */
export async function estimateGas(
  settings: Settings,
  client: RpcClient,
  draft: Tx,
  signer: Signer | undefined,
  sequence: bigint,
): Promise<bigint> {
  const text = settings.setting("gas-adjustment") ?? "1";
  const adjustment = Number(text);
  if (!(adjustment > 0) || !Number.isFinite(adjustment))
    throw usageError(`--gas-adjustment ${text} is not a number above 0`);
  const count = Math.max(1, requiredSigners(draft, settings.addresses()).length);
  const infos: SignerInfo[] = Array.from({ length: count }, (_, index) =>
    singleSigner(index === 0 ? signer?.key.publicKey : undefined, signMode.direct, sequence),
  );
  // Taking a fee costs gas too, so the simulation carries one of about the right size, paid by whoever will pay.
  const granter = draft.authInfo?.fee?.granter ?? "";
  const fee = { ...feeOf(settings, defaultGasLimit), granter, gasLimit: 0n };
  const probe = withSigners(
    withFee(draft, fee),
    infos,
    infos.map(() => new Uint8Array(0)),
  );
  const used = await simulate(client, probe);
  return BigInt(Math.floor(Number(used) * adjustment));
}

/** The fee the flags ask for at a gas limit: --fees as given, or --gas-prices times the limit, rounded up. */
export function feeOf(settings: Settings, limit: bigint): Fee {
  const fees = settings.setting("fees");
  const prices = settings.setting("gas-prices");
  if (fees !== undefined && prices !== undefined) {
    throw usageError("cannot provide both fees and gas prices", "leave --fees or --gas-prices out");
  }
  try {
    const amount =
      fees !== undefined
        ? parseCoins(fees)
        : prices !== undefined && limit > 0n
          ? mulDecCoins(parseDecCoins(prices), Dec.fromInt(limit)).map((coin) => ({
              denom: coin.denom,
              amount: coin.amount.ceil().truncateInt(),
            }))
          : [];
    return {
      amount: coinsToMessages(amount),
      gasLimit: limit,
      payer: settings.setting("fee-payer") ?? "",
      granter: settings.setting("fee-granter") ?? "",
    };
  } catch (error) {
    throw usageError(
      `${fees !== undefined ? "--fees" : "--gas-prices"}: ${messageOf(error)}`,
      "coins look like 5000uopen",
    );
  }
}

/** The same transaction with this fee. */
export function withFee(tx: Tx, fee: Fee): Tx {
  return { ...tx, authInfo: { signerInfos: [], tip: undefined, ...tx.authInfo, fee } };
}

/** What --offline must be told; an unordered transaction has no sequence. */
function requireNumbers(settings: Settings, unordered: boolean): void {
  const hasSequence = unordered || settings.bigint("sequence") !== undefined;
  if (settings.bigint("account-number") !== undefined && hasSequence) return;
  throw usageError(
    `--offline needs --account-number${unordered ? "" : " and --sequence"}`,
    "`tributaryd query auth account <address>` shows them",
  );
}

/** The chain, account number and sequence a signature of this transaction covers; asked from the node unless given. */
export async function signingFacts(
  settings: Settings,
  client: RpcClient,
  address: string,
  tx: Tx,
  offline: boolean,
): Promise<SigningFacts> {
  const givenNumber = settings.bigint("account-number");
  const givenSequence = settings.bigint("sequence");
  const chainId = settings.chainId();
  if (offline) {
    if (chainId === undefined)
      throw usageError("--offline needs --chain-id", "the chain's name is part of what is signed");
    requireNumbers(settings, tx.body?.unordered === true);
    return { chainId, accountNumber: givenNumber ?? 0n, sequence: sequenceFor(tx, givenSequence ?? 0n) };
  }
  const network = (await client.call<{ node_info: { network: string } }>("status")).node_info.network;
  if (chainId !== undefined && chainId !== network) {
    throw new CliError(
      `the node at ${client.url} runs the chain ${network}, not ${chainId}`,
      "correct --chain-id (or chain-id in client.toml), or ask another node with --node; nothing was sent",
    );
  }
  const numbers = await accountNumbers(client, address);
  return {
    chainId: network,
    accountNumber: givenNumber ?? numbers.accountNumber,
    sequence: sequenceFor(tx, givenSequence ?? numbers.sequence),
  };
}

function checkSigner(settings: Settings, tx: Tx, signer: Signer): void {
  const required = requiredSigners(tx, settings.addresses());
  if (!required.includes(signer.address)) {
    throw usageError(
      `the transaction must be signed by ${required.join(" and ")}, and --from is ${signer.address}`,
      "name the right key with --from; nothing was signed",
    );
  }
  if (required.length > 1) {
    throw usageError(
      `the transaction needs ${required.length} signatures: ${required.join(", ")}`,
      "make it with --generate-only, sign it once per signer with `tx sign --sign-mode amino-json`, then `tx broadcast`",
    );
  }
  if (asMultisig(signer.key.publicKey) !== undefined) {
    throw usageError(
      `${signer.key.name} is a multisig`,
      "make the transaction with --generate-only, let members sign with `tx sign --multisig`, join with `tx multi-sign`",
    );
  }
}

/** Signs a transaction that has this one signer. */
export async function signAlone(
  settings: Settings,
  tx: Tx,
  signer: Signer,
  mode: SignMode,
  facts: SigningFacts,
): Promise<Tx> {
  const info = singleSigner(signer.key.publicKey, mode, facts.sequence);
  const prepared = withSigners(tx, [info], []);
  const signature = await (await settings.keyring()).sign(signer.key.name, signBytes(prepared, mode, facts));
  return withSigners(tx, [info], [signature]);
}

/** Shows data of a transaction the way --output asks; JSON by default. */
export function showTx(settings: Settings, tx: Tx): void {
  const json = txToJson(tx);
  if (settings.output("json") === "json") printData(json, "json");
  else printData(json, "text");
}
