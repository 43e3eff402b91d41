/**
 * Owns the tour's batches: uses that are acknowledged and settled by commitments, a host that cheats three times and is
 * caught each time by a watcher that knows nothing but the chain and the texts, and an honest batch that becomes final.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hex, utf8 } from "../../proto/bytes.ts";
import { BatchStatus } from "../../proto/enums.gen.ts";
import type { BuiltBatch } from "../batch-builder.ts";
import { type AnsweredUse, acknowledgement, BatchHost } from "../batch-host.ts";
import { BodyFolder } from "../body-store.ts";
import { Library } from "../library.ts";
import type { TextSource } from "../record-texts.ts";
import { Watcher } from "../watcher.ts";
import { type Cheat, cheats } from "./cheats.ts";
import { check, feeAmountOf, type TourContext, TourError } from "./context.ts";
import { type Ground, textOfFile } from "./ground.ts";
import type { Secret } from "./private-notes.ts";
import { PROMPTS } from "./prompts.ts";
import type { BatchResult } from "./report.ts";
import { askFor } from "./uses.ts";

/** How many of the tour's prompts are settled by the batch. */
const BATCH_USES = 6;
/** Longer than a development chain's window with the answers it may wait for. */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 500;

/** An honest batch that waits for its window to end, and what is needed to see it through. */
export interface WaitingBatch {
  /** What other batches are made and watched with. */
  readonly batchHost: BatchHost;
  readonly watcher: Watcher;
  readonly library: Library;
  readonly texts: TextSource;
  /** Answers what is asked about the batch now. */
  readonly answer: () => Promise<void>;
  /** To be called while the batch is answered for (`attended`). */
  readonly finish: () => Promise<BatchResult>;
}

/** Throws TourError on a chain whose batches take longer to become final than the tour waits. */
export async function requireShortWindow({ session }: TourContext): Promise<void> {
  const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
  const { windowSeconds, answerSeconds } = params.game;
  if ((windowSeconds + answerSeconds) * 1000 <= PATIENCE_MS) return;
  throw new TourError(
    `batches of this chain can be challenged for ${windowSeconds} seconds, longer than the tour waits: \`tributaryd dev --reset\` makes a chain with a short window`,
  );
}

/** Opens and serves uses, has three false batches refuted, and posts the honest one. */
export async function settleByBatch(tour: TourContext, ground: Ground, secret: Secret): Promise<WaitingBatch> {
  const { session, host, user, watcher: party, contributors, say } = tour;
  const folder = tour.batchFolder ?? mkdtempSync(join(tmpdir(), "tributary-tour-batches-"));
  const bodies = new BodyFolder(join(folder, "bodies"));
  const fileOf = textOfFile(ground);
  const texts: TextSource = {
    textOf: (record) =>
      record.datanetId === secret.datanetId ? secret.notes.get(record.number)?.text : fileOf(record),
  };
  const library = new Library(join(folder, "host"));
  await library.follow(session, ground.datanetId, texts);
  const batchHost = new BatchHost(session, host, library, bodies);
  const answered = await serve(tour, ground);
  const messages = await Promise.all(answered.map((one) => acknowledgement(session, user, host, one)));
  await session.send(host, messages);
  say(`${user.name} and ${host.name} signed for ${answered.length} uses that a batch will settle`);
  const honest = await batchHost.build(ground.model.id, answered);
  const own = contributors.find(({ address }) => honest.body.payees.some(({ payee }) => payee.beneficiary === address));
  // The watcher makes its own index from the texts: it believes nothing of the host's.
  const watcher = new Watcher({
    ...{ session, party, bodies, texts, library: new Library(join(folder, "watcher")) },
    ...{ contributor: own?.address, report: say },
  });
  const caught: BatchResult["caught"][number][] = [];
  for (const cheat of cheats(honest)) caught.push(await catchCheat(tour, { batchHost, watcher, cheat }));
  const batchId = await batchHost.post(honest);
  const verdicts = await watcher.pass();
  check(
    verdicts.some((verdict) => verdict.batchId === batchId && verdict.is === "honest"),
    `the watcher finds the honest batch ${batchId} as it should be`,
  );
  const finish = async (): Promise<BatchResult> => {
    try {
      await untilFinal(tour, batchId);
      const claimed = (await watcher.pass()).find(({ is }) => is === "claimed");
      check(
        own === undefined || claimed !== undefined,
        `the watcher claims what ${own?.name} earned from batch ${batchId}`,
      );
      const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId });
      return {
        ...{ batchId: batchId.toString(), uses: answered.length, sum: batch.sum, caught },
        ...{ shares: honest.body.shares.length, payees: honest.body.payees.length, bodyHash: hex(honest.bodyHash) },
        claimed: claimed?.is === "claimed" ? { name: own!.name, amount: claimed.amount } : undefined,
      };
    } finally {
      if (tour.batchFolder === undefined) rmSync(folder, { recursive: true, force: true });
    }
  };
  return { batchHost, watcher, library, texts, answer: answering(tour, batchHost, batchId, honest), finish };
}

/** Uses that are opened and answered; their receipts are signed when they are acknowledged. */
async function serve(tour: TourContext, ground: Ground): Promise<readonly AnsweredUse[]> {
  const answers = await askFor(tour, ground, PROMPTS.slice(0, BATCH_USES));
  return answers.map(({ useId, prompt, output }) => ({ useId, prompt: utf8(prompt), output, units: 1n }));
}

/** Posts a false batch, and has it refuted. */
async function catchCheat(
  { session, watcher: party, host, say }: TourContext,
  { batchHost, watcher, cheat }: { batchHost: BatchHost; watcher: Watcher; cheat: Cheat },
): Promise<BatchResult["caught"][number]> {
  const balance = async (): Promise<bigint> => BigInt(feeAmountOf(await party.client.getAllBalances(party.address)));
  const batchId = await batchHost.post(cheat.batch);
  say(`${host.name} posted batch ${batchId}, which ${cheat.what}`);
  const before = await balance();
  const verdicts = await watcher.pass();
  const verdict = verdicts.find((one) => one.batchId === batchId);
  if (verdict?.is !== "challenged") throw new TourError(`batch ${batchId}, which ${cheat.what}, was not challenged`);
  check(verdict.kind === cheat.kind, `batch ${batchId} is shown false by ${cheat.kind}, not ${verdict.kind}`);
  const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId });
  check(batch.status === BatchStatus.BATCH_STATUS_REJECTED, `batch ${batchId} is rejected`);
  const bounty = (await balance()) - before;
  check(bounty > 0n, `the bounty for batch ${batchId} is more than the challenge cost`);
  say(`${party.name} earned ${bounty} for it, fees deducted; ${host.name} lost a bond of ${batch.bond}`);
  return {
    batchId: batchId.toString(),
    what: cheat.what,
    kind: verdict.kind,
    reason: verdict.reason,
    bond: batch.bond,
  };
}

/** Answers for a batch once, if anything is asked: an audit may fall on any, and has to be answered within seconds. */
export function answering(tour: TourContext, host: BatchHost, batchId: bigint, built: BuiltBatch): () => Promise<void> {
  return async () => {
    const { batch } = await tour.session.query("tributary.attribution.v1.Query/Batch", { batchId });
    const answered = batch.openChallenges === 0 ? 0 : await host.answer(batchId, built);
    if (answered > 0) tour.say(`the host opened ${answered} shares of batch ${batchId} for an audit`);
  };
}

/** Does something that needs no key of the host's, while batches are answered for. */
export async function attended<Result>(
  batches: readonly Pick<WaitingBatch, "answer">[],
  action: () => Promise<Result>,
): Promise<Result> {
  let isOver = false;
  const loop = (async () => {
    while (!isOver) {
      for (const { answer } of batches) await answer();
      await pause();
    }
  })();
  // What it fails with is thrown when the action is over.
  loop.catch(() => undefined);
  try {
    return await action();
  } finally {
    isOver = true;
    await loop;
  }
}

/** Waits for the end of a batch's window. */
export async function untilFinal({ session, say }: TourContext, batchId: bigint): Promise<void> {
  const started = Date.now();
  for (;;) {
    const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId });
    if (batch.status === BatchStatus.BATCH_STATUS_FINAL) break;
    check(batch.status === BatchStatus.BATCH_STATUS_OPEN, `nothing shows the honest batch ${batchId} to be false`);
    if (Date.now() - started > PATIENCE_MS)
      throw new TourError(`batch ${batchId} is not final after ${PATIENCE_MS} ms`);
    await pause();
  }
  say(`batch ${batchId} became final: nobody could show it to be false`);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
