// Owns contributing in two steps: a transaction that commits to all records, and, from the next block on, transactions that
// reveal them, so that nobody who sees them on their way can submit them first. What is needed to go on after a crash is in
// a file (pending.ts) before anything is sent.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { commitmentHash } from "../../modules/datanet/keeper/commitments.ts";
import { MAX_OPEN_COMMITMENTS, MAX_RECORDS_PER_MESSAGE } from "../../modules/datanet/limits.ts";
import { nodeHasher } from "../../node/crypto.ts";
import { decode, packAny } from "../../proto/codec.ts";
import { CliError, messageOf } from "../errors.ts";
import { notice } from "../output.ts";
import { QueryError, type RpcClient } from "../rpc-client.ts";
import { feeOf } from "../tx/build.ts";
import type { Any } from "../tx/transaction.ts";
import type { PreparedFile } from "./folder.ts";
import {
  inclusionTimeoutMs,
  pollMs,
  revealGasPerByte,
  revealGasPerRecord,
  revealGasPerTx,
  saltBytes,
} from "./limits.ts";
import { type Pending, type PendingCommitment, PendingFile, type PendingPlace } from "./pending.ts";
import { batchOf, draftTx, joining, type Plan, type Quote, resendTx, type SentBatch, sendTx } from "./submit.ts";

const NOTHING: Uint8Array = new Uint8Array();

/** Simulates the commitment and reckons what revealing takes: that cannot be simulated before the commitment is there. */
export async function quoteCommitted(
  plan: Plan,
  files: readonly PreparedFile[],
  blockGas: bigint | undefined,
): Promise<Quote> {
  const dearest = files.reduce((most, file) => (revealGasOf(file) > most ? revealGasOf(file) : most), 1n);
  const fitting = blockGas === undefined ? MAX_RECORDS_PER_MESSAGE : Number((blockGas - revealGasPerTx) / dearest);
  const filesPerTx = Math.max(1, Math.min(MAX_RECORDS_PER_MESSAGE, fitting));
  const commitments = groupsOf(files, filesPerTx).slice(0, MAX_OPEN_COMMITMENTS);
  const hidden = commitments.map(() => commitMessage(plan, NOTHING));
  const { gas } = await draftTx(plan, [...joining(plan), ...hidden]);
  const reveals = Math.ceil(files.length / filesPerTx);
  const rounds = Math.ceil(reveals / MAX_OPEN_COMMITMENTS);
  const reveal = files.reduce((sum, file) => sum + revealGasOf(file), BigInt(reveals) * revealGasPerTx);
  const all = gas * BigInt(rounds) + reveal;
  return { transactions: rounds + reveals, gas: all, fee: feeOf(plan.settings, all), filesPerTx };
}

function revealGasOf({ input }: PreparedFile): bigint {
  return revealGasPerRecord + revealGasPerByte * BigInt(input.fingerprint.length);
}

/** Commits to all files and reveals them. `sent` is told of each transaction of records; the files are for the caller to remove. */
export async function submitCommitted(
  plan: Plan,
  place: PendingPlace,
  files: readonly PreparedFile[],
  filesPerTx: number,
  sent: (batch: SentBatch) => void,
): Promise<readonly PendingFile[]> {
  const done: PendingFile[] = [];
  for (const some of groupsOf(files, filesPerTx * MAX_OPEN_COMMITMENTS)) {
    const commitments = groupsOf(some, filesPerTx).map((group): PendingCommitment => {
      const salt = new Uint8Array(randomBytes(saltBytes));
      return { salt, records: group.map(({ input }) => input), revealTx: NOTHING };
    });
    const file = PendingFile.create(plan.settings.paths.home, { ...place, commitTx: NOTHING, commitments });
    const isFirst = done.length === 0;
    await carryOn(isFirst ? plan : { ...plan, join: false, payoutAddress: "" }, file, sent);
    done.push(file);
  }
  return done;
}

/** Goes on with what earlier runs began. What cannot be revealed any more is forgotten: its texts are contributed anew. */
export async function resumeCommitted(
  plan: Plan,
  place: PendingPlace,
  sent: (batch: SentBatch) => void,
): Promise<readonly PendingFile[]> {
  const files = PendingFile.of(plan.settings.paths.home, place);
  for (const file of files) {
    notice(`going on with the contribution in ${file.path}`);
    await carryOn(plan, file, sent);
  }
  return files;
}

/** Commits unless that was done, and reveals what was not revealed. */
async function carryOn(plan: Plan, file: PendingFile, sent: (batch: SentBatch) => void): Promise<void> {
  const { client } = plan;
  const { commitTx } = file.pending;
  const isNew = commitTx.length === 0;
  const committed = isNew ? await commitAll(plan, file) : await resendTx(client, commitTx);
  if (committed === undefined) {
    notice("the commitment got into no block: its texts are contributed anew");
    return;
  }
  if (isNew) notice(`committed in block ${committed.height}, transaction ${committed.hash}`);
  const ids = committed.responses
    .filter(({ typeUrl }) => typeUrl === "/tributary.datanet.v1.MsgCommitResponse")
    .map(({ value }) => decode("tributary.datanet.v1.MsgCommitResponse", value).commitmentId);
  await waitForBlockAfter(client, committed.height);
  for (const [index, id] of ids.entries()) {
    const batch = await reveal(index === 0 ? plan : { ...plan, payoutAddress: "" }, file, index, id);
    if (batch === undefined) notice(`commitment ${id} has expired with its deposit: its texts are contributed anew`);
    else sent(batch);
  }
}

/** Commits to all groups of records in one transaction. The file has it before it is sent. */
async function commitAll(plan: Plan, file: PendingFile) {
  const hashes = file.pending.commitments.map((one) => hashOf(plan, file.pending, one));
  const { tx } = await draftTx(plan, [...joining(plan), ...hashes.map((hash) => commitMessage(plan, hash))]);
  return await sendTx(plan, tx, (bytes) => file.committing(bytes));
}

/** Reveals one commitment, unless a transaction of an earlier run did. Undefined when it is not there any more. */
async function reveal(plan: Plan, file: PendingFile, index: number, id: bigint): Promise<SentBatch | undefined> {
  const { client, signer, payoutAddress } = plan;
  const { salt, records, revealTx } = file.pending.commitments[index]!;
  const files = records.map((input) => ({ name: input.name, input }));
  const before = revealTx.length === 0 ? undefined : await resendTx(client, revealTx);
  if (before !== undefined) return batchOf(before, files);
  if (!(await isOpen(client, id))) return undefined;
  const contributor = signer.address;
  const messages: Any[] = [
    packAny("tributary.datanet.v1.MsgReveal", { contributor, commitmentId: id, salt, records: [...records] }),
  ];
  if (payoutAddress !== "") {
    messages.push(packAny("tributary.datanet.v1.MsgSetPayoutAddress", { contributor, payoutAddress }));
  }
  try {
    const { tx } = await draftTx(plan, messages);
    return batchOf(await sendTx(plan, tx, (bytes) => file.revealing(index, bytes)), files);
  } catch (error) {
    throw new CliError(
      `commitment ${id} is not revealed: ${messageOf(error)}`,
      `run the command again to go on; removing ${file.path} gives it up, with its deposit`,
    );
  }
}

function commitMessage({ signer, datanet }: Plan, hash: Uint8Array): Any {
  const bytes = hash.length === 0 ? new Uint8Array(32) : hash;
  return packAny("tributary.datanet.v1.MsgCommit", { contributor: signer.address, datanetId: datanet.id, hash: bytes });
}

function hashOf({ settings }: Plan, { datanetId, contributor }: Pending, one: PendingCommitment): Uint8Array {
  const account = settings.addresses().parseAccount(contributor);
  return commitmentHash(datanetId, account, one.salt, one.records, nodeHasher());
}

async function isOpen(client: RpcClient, commitmentId: bigint): Promise<boolean> {
  try {
    await client.query(
      "/tributary.datanet.v1.Query/Commitment",
      "tributary.datanet.v1.QueryCommitmentRequest",
      "tributary.datanet.v1.QueryCommitmentResponse",
      { commitmentId },
    );
    return true;
  } catch (error) {
    if (error instanceof QueryError && /NotFound/.test(error.message)) return false;
    throw error;
  }
}

/** A commitment is revealed a block later at the earliest, and simulated on the newest there is. */
async function waitForBlockAfter(client: RpcClient, height: bigint): Promise<void> {
  for (let waitedMs = 0; waitedMs < inclusionTimeoutMs; waitedMs += pollMs) {
    const { sync_info } = await client.call<{ sync_info: { latest_block_height: string } }>("status");
    if (BigInt(sync_info.latest_block_height) > height) return;
    await sleep(pollMs);
  }
  throw new CliError(`there is no block after ${height}`, "run the command again to go on with the contribution");
}

function groupsOf<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
