// Owns sending a contribution: how records are divided into transactions, what they cost, and each sent when the one before is in a block. What
// is in them is decided before (command.ts), the certificate is made afterwards (certificate.ts).
import { setTimeout as sleep } from "node:timers/promises";
import { MAX_RECORDS_PER_MESSAGE } from "../../modules/datanet/limits.ts";
import { decode, packAny } from "../../proto/codec.ts";
import { CliError } from "../errors.ts";
import { type RpcClient, RpcError } from "../rpc-client.ts";
import type { Settings } from "../settings.ts";
import { estimateGas, feeOf, type Signer, signAlone, signingFacts, withFee } from "../tx/build.ts";
import { broadcast, type IndexedTx, messageResponses, refusedByChain, refusedByNode, txResponse } from "../tx/send.ts";
import { type Any, type Fee, signModeOf, type Tx, txBytes, txHash, unsignedTx } from "../tx/transaction.ts";
import { validityOf } from "../tx/validity.ts";
import type { Datanet } from "./chain.ts";
import type { PreparedFile } from "./folder.ts";
import { gasAdjustmentPercent, inclusionTimeoutMs, maxRecordsPerTx, pollMs } from "./limits.ts";

/** What a certificate says of a file. */
export type SentFile = Pick<PreparedFile, "name" | "input">;

/** A transaction in a block, and the records it brought. */
export interface SentBatch {
  readonly hash: string;
  readonly height: bigint;
  readonly tx: Uint8Array;
  readonly records: readonly { readonly file: SentFile; readonly number: bigint }[];
}

/** A transaction that is in a block and did not fail there. */
export interface IncludedTx {
  readonly hash: string;
  readonly height: bigint;
  readonly bytes: Uint8Array;
  /** What its messages answered. */
  readonly responses: ReturnType<typeof messageResponses>;
}

/** What is about to be sent. */
export interface Plan {
  readonly settings: Settings;
  readonly client: RpcClient;
  readonly signer: Signer;
  readonly datanet: Datanet;
  readonly join: boolean;
  /** Where earnings go from now on; empty leaves it. */
  readonly payoutAddress: string;
  /** Who pays the fees; undefined when the flags say so, or the signer. */
  readonly feeGranter: string | undefined;
}

/** What sending a transaction takes. */
type Sender = Pick<Plan, "settings" | "client" | "signer" | "feeGranter">;

/** A transaction that is made and not signed. */
interface Draft {
  readonly tx: Tx;
  readonly gas: bigint;
}

/** What the fees come to, as far as it can be known: later transactions are reckoned by the first. */
export interface Quote {
  readonly transactions: number;
  readonly gas: bigint;
  readonly fee: Fee;
  /** Files of each transaction. */
  readonly filesPerTx: number;
}

/** Simulates the first transaction and reckons the others by it. `blockGas` is what a block may use. */
export async function quote(plan: Plan, files: readonly PreparedFile[], blockGas: bigint | undefined): Promise<Quote> {
  let filesPerTx = maxRecordsPerTx;
  for (;;) {
    const some = files.slice(0, filesPerTx);
    const first = await draftTx(plan, messagesOf(plan, some, true));
    if (blockGas !== undefined && first.gas > blockGas && some.length > 1) {
      filesPerTx = Math.ceil(some.length / 2);
      continue;
    }
    const gas = (first.gas * BigInt(files.length) + BigInt(some.length) - 1n) / BigInt(some.length);
    const fee = feeOf(plan.settings, gas);
    return { transactions: Math.ceil(files.length / filesPerTx), gas, fee, filesPerTx };
  }
}

/** Sends all files, one transaction after another. `sent` is told of each that is in a block. Throws CliError at the first that fails. */
export async function submit(
  plan: Plan,
  files: readonly PreparedFile[],
  filesPerTx: number,
  sent: (batch: SentBatch) => void,
): Promise<void> {
  for (let at = 0; at < files.length; at += filesPerTx) {
    const some = files.slice(at, at + filesPerTx);
    const found = await sendTx(plan, (await draftTx(plan, messagesOf(plan, some, at === 0))).tx);
    sent(batchOf(found, some));
  }
}

/** One transaction with its gas, simulated on the present state. */
export async function draftTx(sender: Sender, messages: readonly Any[]): Promise<Draft> {
  const { settings, client, signer } = sender;
  const tx = withFee(
    unsignedTx({
      messages,
      memo: settings.setting("note") ?? settings.text("memo") ?? "",
      ...validityOf(settings, Date.now()),
      fee: feeOf(settings, 0n),
    }),
    granted(sender, feeOf(settings, 0n)),
  );
  const { sequence } = await signingFacts(settings, client, signer.address, tx, false);
  const estimate = await estimateGas(settings, client, tx, signer, sequence);
  const isAdjusted = settings.setting("gas-adjustment") !== undefined;
  const gas = isAdjusted ? estimate : (estimate * gasAdjustmentPercent) / 100n;
  return { tx: withFee(tx, granted(sender, feeOf(settings, gas))), gas };
}

function granted({ feeGranter }: Sender, fee: Fee): Fee {
  return feeGranter === undefined ? fee : { ...fee, granter: feeGranter };
}

function messagesOf(plan: Plan, files: readonly PreparedFile[], isFirst: boolean): readonly Any[] {
  const { datanet, signer } = plan;
  const messages: Any[] = isFirst ? [...joining(plan)] : [];
  for (let at = 0; at < files.length; at += MAX_RECORDS_PER_MESSAGE) {
    messages.push(
      packAny("tributary.datanet.v1.MsgContribute", {
        contributor: signer.address,
        datanetId: datanet.id,
        records: files.slice(at, at + MAX_RECORDS_PER_MESSAGE).map(({ input }) => input),
        payoutAddress: isFirst && at === 0 ? plan.payoutAddress : "",
      }),
    );
  }
  return messages;
}

/** The message that joins, where the sender is no member yet. */
export function joining({ join, datanet, signer }: Plan): readonly Any[] {
  if (!join) return [];
  return [packAny("tributary.datanet.v1.MsgJoin", { member: signer.address, datanetId: datanet.id })];
}

/** Signs a transaction, sends it and waits for its block. `signed` is told of the bytes before they are sent. */
export async function sendTx(
  sender: Sender,
  tx: Tx,
  signed: (bytes: Uint8Array) => void = () => undefined,
): Promise<IncludedTx> {
  const { settings, client, signer } = sender;
  const facts = await signingFacts(settings, client, signer.address, tx, false);
  const bytes = txBytes(await signAlone(settings, tx, signer, signModeOf(settings.text("sign-mode")), facts));
  signed(bytes);
  const answer = await broadcast(client, bytes, "sync");
  if (answer.code !== 0) throw refusedByNode(answer);
  return await included(client, bytes);
}

/** A transaction of an earlier run, sent again if it is in no block; undefined when the node takes it no more. */
export async function resendTx(client: RpcClient, bytes: Uint8Array): Promise<IncludedTx | undefined> {
  const known = await indexed(client, txHash(bytes));
  if (known === undefined) {
    const { code } = await broadcast(client, bytes, "sync");
    if (code !== 0 && code !== ALREADY_SENT) return undefined;
  } else if ((known.tx_result.code ?? 0) !== 0) return undefined;
  return await included(client, bytes);
}

/** Of the SDK's root table: the node has it already. */
const ALREADY_SENT = 19;

/** The records of a transaction, with the numbers that its messages answered. */
export function batchOf({ hash, height, bytes, responses }: IncludedTx, files: readonly SentFile[]): SentBatch {
  const numbers = contributedNumbers(responses);
  if (numbers.length !== files.length)
    throw new Error(`${files.length} records were sent, ${numbers.length} came back`);
  const records = files.map((file, index) => ({ file, number: numbers[index]! }));
  return { hash, height, tx: bytes, records };
}

/** What the node knows of a transaction, or undefined while it is in no block. */
async function indexed(client: RpcClient, hash: string): Promise<IndexedTx | undefined> {
  try {
    return await client.call<IndexedTx>("tx", { hash: Buffer.from(hash, "hex").toString("base64"), prove: false });
  } catch (error) {
    if (error instanceof RpcError && /not found/.test(error.message)) return undefined;
    throw error;
  }
}

/** Waits until a transaction is in a block. Throws CliError when that takes too long, or it failed there. */
async function included(client: RpcClient, bytes: Uint8Array): Promise<IncludedTx> {
  const hash = txHash(bytes);
  for (let waitedMs = 0; waitedMs < inclusionTimeoutMs; waitedMs += pollMs) {
    const found = await indexed(client, hash);
    if (found !== undefined) {
      const response = txResponse(found, "");
      if (response.code !== 0) throw refusedByChain(response);
      const responses = messageResponses(new Uint8Array(Buffer.from(found.tx_result.data ?? "", "base64")));
      return { hash, height: BigInt(found.height), bytes, responses };
    }
    await sleep(pollMs);
  }
  throw new CliError(
    `transaction ${hash} is in no block after ${inclusionTimeoutMs / 1000} seconds`,
    "it may still get into one; run the command again later: what is recorded by then is left out",
  );
}

/** The numbers the chain gave, from the answers of the contributing messages. */
function contributedNumbers(responses: IncludedTx["responses"]): readonly bigint[] {
  return responses.flatMap(({ typeUrl, value }) => {
    if (typeUrl === "/tributary.datanet.v1.MsgRevealResponse") {
      return decode("tributary.datanet.v1.MsgRevealResponse", value).numbers;
    }
    if (typeUrl !== "/tributary.datanet.v1.MsgContributeResponse") return [];
    const { firstNumber, recordCount } = decode("tributary.datanet.v1.MsgContributeResponse", value);
    return Array.from({ length: Number(recordCount) }, (_, index) => firstNumber + BigInt(index));
  });
}

/** A fee as people read it. */
export function feeText({ amount }: Fee): string {
  return amount.length === 0 ? "nothing" : amount.map((coin) => `${coin.amount}${coin.denom}`).join(",");
}
