/**
 * Owns the tour's settlement of a private datanet's use: a batch like any other, and the proof that nothing of the notes got on
 * the chain, by looking through every transaction since. It does not own the datanet (private-notes.ts).
 */
import { nativeMessage } from "../../client/registry.ts";
import { utf8 } from "../../proto/bytes.ts";
import { acknowledgement } from "../batch-host.ts";
import type { ChainSession } from "../chain-session.ts";
import { answering, untilFinal, type WaitingBatch } from "./batches.ts";
import { check, type TourContext } from "./context.ts";
import type { Secret } from "./private-notes.ts";
import type { SecretResult } from "./report.ts";
import { askFor } from "./uses.ts";

/** So many bytes in a row are no accident. */
const WINDOW_BYTES = 16;
const BLOCKS_AT_ONCE = 16;
const PROMPT = "Before we list a token";

/** A private batch that waits for its window to end. */
export interface WaitingSecret {
  readonly answer: () => Promise<void>;
  readonly finish: () => Promise<SecretResult>;
}

/**
 * Has a use answered from the notes and settled by batch, and the batch checked by the watcher, who was given the notes.
 * `published` is what stands on the chain in the open: what looks for bytes must find it.
 */
export async function settleInPrivate(
  tour: TourContext,
  secret: Secret,
  { watcher, batchHost, library, texts, answer }: WaitingBatch,
  published: Uint8Array,
): Promise<WaitingSecret> {
  const { session, user, host, say } = tour;
  const { datanetId, contributor, notes, model } = secret;
  for (const number of notes.keys()) {
    const { record } = await session.query("tributary.datanet.v1.Query/Record", { datanetId, number });
    while ((await session.blockTime()) <= record.finalAt) await session.breathe();
  }
  await library.follow(session, datanetId, texts);
  const [asked] = await askFor(tour, secret, [PROMPT]);
  const answered = { useId: asked!.useId, prompt: utf8(PROMPT), output: asked!.output, units: 1n };
  await session.send(host, [await acknowledgement(session, user, host, answered)]);
  // The public batch must not wait for an answer until this one is posted.
  await answer();
  const built = await batchHost.build(model.id, [answered]);
  const cited = built.body.shares.filter(({ record }) => record?.datanetId === datanetId);
  check(cited.length > 0, `the answer to use ${answered.useId} holds words of the private notes`);
  const batchId = await batchHost.post(built);
  const verdict = (await watcher.pass()).find((one) => one.batchId === batchId);
  check(verdict?.is === "honest", `the watcher, who may read the notes, finds batch ${batchId} as it should be`);
  const finish = async (): Promise<SecretResult> => {
    await untilFinal(tour, batchId);
    const index = built.body.payees.findIndex(({ payee }) => payee.beneficiary === contributor.address);
    check(index !== -1, `batch ${batchId} pays ${contributor.name}`);
    const payee = built.payouts.openPayee(index);
    const claim = { sender: contributor.address, batchId, payee };
    await session.send(contributor, [nativeMessage("tributary.attribution.v1.MsgClaimPayout", claim)]);
    const transactions = await transactionsOf(session);
    check(holds(transactions, published), "the search through all transactions finds what was settled in the open");
    for (const { text } of notes.values()) {
      check(!holds(transactions, text), `no ${WINDOW_BYTES} bytes of the private notes stand in any transaction`);
    }
    check(!holds(transactions, answered.output), `nor does the answer to use ${answered.useId}`);
    const bytes = transactions.reduce((sum, { length }) => sum + length, 0);
    say(
      `batch ${batchId} paid ${contributor.name} ${payee.payee.amount}uopen for words of private notes; nothing of them stands in ${transactions.length} transactions`,
    );
    return {
      ...{ datanetId: datanetId.toString(), modelId: model.id.toString(), notes: notes.size },
      ...{ useId: answered.useId.toString(), batchId: batchId.toString(), shares: cited.length },
      claimed: { name: contributor.name, amount: payee.payee.amount },
      searched: { transactions: transactions.length, bytes },
    };
  };
  return { answer: answering(tour, batchHost, batchId, built), finish };
}

/** All transactions of the chain, failed ones too. */
async function transactionsOf(session: ChainSession): Promise<readonly Uint8Array[]> {
  const last = await session.height();
  const found: Uint8Array[] = [];
  for (let from = 1; from <= last; from += BLOCKS_AT_ONCE) {
    const heights = Array.from({ length: Math.min(BLOCKS_AT_ONCE, last - from + 1) }, (_, i) => from + i);
    const blocks = await Promise.all(heights.map((height) => session.comet.block(height)));
    found.push(...blocks.flatMap(({ block }) => block.txs));
  }
  return found;
}

/** Whether any run of bytes of a text stands in a transaction. */
function holds(transactions: readonly Uint8Array[], text: Uint8Array): boolean {
  const runs = new Set<string>();
  const characters = Buffer.from(text).toString("latin1");
  for (let i = 0; i + WINDOW_BYTES <= characters.length; i++) runs.add(characters.slice(i, i + WINDOW_BYTES));
  return transactions.some((bytes) => {
    const written = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    for (let i = 0; i + WINDOW_BYTES <= written.length; i++) {
      if (runs.has(written.slice(i, i + WINDOW_BYTES))) return true;
    }
    return false;
  });
}
