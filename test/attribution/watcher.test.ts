/**
 * The watcher on a real chain: hosts that cheat in different ways lose their bond to it, an honest one loses nothing, and
 * what a contributor earned is claimed. Amounts are computed here from the chain's parameters.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributeUses, BuiltBatch, type ServedUse } from "../../attribution/batch-builder.ts";
import { type AnsweredUse, BatchHost } from "../../attribution/batch-host.ts";
import { BodyFolder } from "../../attribution/body-store.ts";
import { attributionContext, lineageOf, useFacts } from "../../attribution/chain-facts.ts";
import { Library } from "../../attribution/library.ts";
import { EMPTY_SHARE } from "../../attribution/span-shares.ts";
import { Watcher, type WatcherOptions } from "../../attribution/watcher.ts";
import { payeesOf } from "../../modules/attribution/batch/payees.ts";
import type { Share } from "../../modules/attribution/batch/shares.ts";
import { BatchStatus, ProofType, ShareKind } from "../../proto/enums.gen.ts";
import { awayOnce } from "../support/away-once.ts";
import { ServedChain } from "../support/served-chain.ts";

/** Seconds. A watcher without a body waits for half of it, and has the other half for its demand. */
const WINDOW = 600;
const FIRST = "one two three four five six";
const SECOND = "red green blue yellow white black";
const COMMON = "so it is and so it was";
/** A label, then features. */
const example = (label: number, ...features: number[]) => Uint8Array.of(label, ...features);

let chain: ServedChain;
let uses: readonly AnsweredUse[];
let honest: BuiltBatch;
const lines: string[] = [];
let libraries = 0;

beforeAll(async () => {
  chain = await ServedChain.start({
    texts: [
      { contributor: "dave", text: FIRST },
      { contributor: "erin", text: SECOND },
      { contributor: "frank", text: `zero ${FIRST} seven` },
      ...(["dave", "erin", "frank"] as const).map((contributor, i) => ({ contributor, text: `${COMMON} ${i}` })),
      { contributor: "grace", text: example(1, 10, 10) },
      { contributor: "heidi", text: example(1, 12, 10) },
      { contributor: "erin", text: example(2, 90, 90) },
    ],
    ...{ windowSeconds: WINDOW, answerSeconds: 60, rules: { minTokens: 4, maxOccurrences: 2 } },
    listedTerms: 8,
  });
  uses = await chain.serve([
    { prompt: "?", output: `${FIRST}, then ${SECOND}. ${COMMON}` },
    { prompt: "zero or seven", output: "nothing of theirs", proof: ProofType.PROOF_TYPE_BM25 },
    { prompt: Uint8Array.of(11, 10), output: Uint8Array.of(1), proof: ProofType.PROOF_TYPE_KNN },
  ]);
  honest = await chain.host.build(chain.modelId, uses);
}, 120_000);

afterAll(() => chain?.stop());

/** A watcher with an index of its own, that has seen nothing. */
function newWatcher(changes: Partial<WatcherOptions> = {}): Watcher {
  return new Watcher({
    ...{ session: chain.session, party: chain.party("ivan"), bodies: chain.bodies, texts: chain.texts },
    ...{ library: new Library(`${chain.folder}/watcher-${libraries++}`), report: (line) => lines.push(line) },
    ...changes,
  });
}

/** What a host makes that acts as if there were no such record. */
async function builtWithout(number: bigint): Promise<BuiltBatch> {
  const { session, library, modelId } = chain;
  const { params } = await session.query("tributary.attribution.v1.Query/Params", {});
  const lineage = await lineageOf(session, modelId, 1);
  const served: ServedUse[] = [];
  let asOf = 0n;
  for (const one of uses) {
    const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId: one.useId });
    asOf ||= use.openedAt;
    served.push({ ...one, facts: useFacts(use) });
  }
  const context = await attributionContext(session, library, { lineage, rules: params.rules, asOf });
  return BuiltBatch.of(served, attributeUses(served, { ...context, counts: (id) => id.number !== number }));
}

/** The honest batch with one share changed and payouts that follow from the shares. */
function withShare(index: number, share: Share): BuiltBatch {
  const shares = honest.body.shares.map((own, i) => (i === index ? share : own));
  const payees = payeesOf(shares).map(({ payee, entries }) => ({ payee, entries: [...entries] }));
  return new BuiltBatch({ ...honest.body, shares, payees });
}

function find(claim: (share: Share) => boolean): readonly [number, Share] {
  const index = honest.body.shares.findIndex(claim);
  return [index, honest.body.shares[index]!];
}

const cites = (number: bigint) => (share: Share) => share.record?.number === number;

describe("what the host builds", () => {
  test("has the earliest owners, common words that pay nobody, passages by score, and neighbours", () => {
    const { shares } = honest.body;
    expect(shares.map(({ kind, record }) => [kind, record?.number])).toEqual([
      [ShareKind.SHARE_KIND_SPAN, 1n],
      [ShareKind.SHARE_KIND_UNMATCHED, undefined],
      [ShareKind.SHARE_KIND_SPAN, 2n],
      [ShareKind.SHARE_KIND_UNMATCHED, undefined],
      [ShareKind.SHARE_KIND_COMMON, undefined],
      [ShareKind.SHARE_KIND_PASSAGE, 3n],
      [ShareKind.SHARE_KIND_UNMATCHED, undefined],
      [ShareKind.SHARE_KIND_NEIGHBOUR, 7n],
      [ShareKind.SHARE_KIND_NEIGHBOUR, 8n],
      [ShareKind.SHARE_KIND_NEIGHBOUR, 9n],
      [ShareKind.SHARE_KIND_UNMATCHED, undefined],
    ]);
  });
});

describe("a host that cheats loses its bond, half of it to the watcher, when it", () => {
  const cheats: readonly (readonly [what: string, kind: string, batch: () => BuiltBatch | Promise<BuiltBatch>])[] = [
    [
      "leaves a record out",
      "omission",
      () => {
        const [index, own] = find(cites(1n));
        const { usePosition, start, end, weightBefore, weightAfter, weightTotal, amount } = own;
        const fields = { usePosition, start, end, weightBefore, weightAfter, weightTotal, amount };
        return withShare(index, { ...EMPTY_SHARE, ...fields });
      },
    ],
    [
      "pays a later record that copied the words",
      "omission",
      () => {
        const [index, own] = find(cites(1n));
        const beneficiary = chain.party("frank").address;
        return withShare(index, { ...own, record: { datanetId: 1n, number: 3n }, recordStart: 5n, beneficiary });
      },
    ],
    [
      "pays a record that does not hold the words",
      "share",
      () => {
        const [index, own] = find(cites(1n));
        const beneficiary = chain.party("erin").address;
        return withShare(index, { ...own, record: { datanetId: 1n, number: 2n }, recordStart: 0n, beneficiary });
      },
    ],
    ["leaves a neighbour out of the ranks", "rank", () => builtWithout(8n)],
    ["leaves the passage out that scores best", "rank", () => builtWithout(3n)],
    [
      "pays one contributor's part to another",
      "payout",
      () => {
        const at = honest.body.payees.findIndex(({ payee }) => payee.beneficiary === chain.party("dave").address);
        const payees = honest.body.payees.map((one, i) =>
          i === at ? { ...one, payee: { ...one.payee, beneficiary: chain.party("judy").address } } : one,
        );
        payees.sort((a, b) => (a.payee.beneficiary < b.payee.beneficiary ? -1 : 1));
        return new BuiltBatch({ ...honest.body, payees });
      },
    ],
  ];

  test.each(cheats)("%s", async (_what, kind, made) => {
    const [watcherBefore, hostBefore] = [await chain.balance("ivan"), await chain.balance("bob")];
    const batchId = await chain.host.post(await made());
    const verdicts = await newWatcher().pass();
    const verdict = verdicts.find((one) => one.batchId === batchId);
    expect(verdict).toMatchObject({ is: "challenged", kind });
    const { status, bond } = await chain.batch(batchId);
    expect(status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    const { params } = await chain.session.query("tributary.attribution.v1.Query/Params", {});
    // Gas is free on this chain, so what comes is the bounty to the last unit.
    const bounty = (BigInt(bond) * BigInt(params.game.bountyPpm)) / 1_000_000n;
    expect(bounty).toBe(BigInt(bond) / 2n);
    expect((await chain.balance("ivan")) - watcherBefore).toBe(bounty);
    expect(hostBefore - (await chain.balance("bob"))).toBe(BigInt(bond));
  });

  test("pays for words that everybody has, and cannot show that somebody has not", async () => {
    const [index, own] = find(({ kind }) => kind === ShareKind.SHARE_KIND_COMMON);
    const claimed = {
      ...{ ...own, kind: ShareKind.SHARE_KIND_SPAN, occurrencesHash: new Uint8Array(0) },
      ...{ record: { datanetId: 1n, number: 4n }, recordStart: 0n, beneficiary: chain.party("dave").address },
    };
    const { body } = withShare(index, claimed);
    const before = await chain.balance("ivan");
    const batchId = await chain.host.post(new BuiltBatch({ ...body, lists: [] }));
    const verdicts = await newWatcher().pass();
    expect(verdicts.at(-1)).toMatchObject({ batchId, is: "challenged", kind: "commonness" });
    const { challenges } = await chain.session.query("tributary.attribution.v1.Query/Challenges", { batchId });
    await chain.until(challenges[0]!.answerBy + 2n);
    const { status, bond } = await chain.batch(batchId);
    expect(status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    // The challenge's own bond came back.
    expect((await chain.balance("ivan")) - before).toBe(BigInt(bond) / 2n);
  }, 60_000);

  test("pays for words that everybody has, and contests the places, having none of the texts: the watcher shows them", async () => {
    const [index, own] = find(({ kind }) => kind === ShareKind.SHARE_KIND_COMMON);
    const claimed = {
      ...{ ...own, kind: ShareKind.SHARE_KIND_SPAN, occurrencesHash: new Uint8Array(0) },
      ...{ record: { datanetId: 1n, number: 4n }, recordStart: 0n, beneficiary: chain.party("dave").address },
    };
    const built = new BuiltBatch({ ...withShare(index, claimed).body, lists: [] });
    const before = await chain.balance("ivan");
    const batchId = await chain.host.post(built);
    const watcher = newWatcher();
    await watcher.pass();
    const empty = new Library(`${chain.folder}/no-texts`);
    const blind = new BatchHost(chain.session, chain.party("bob"), empty, chain.bodies);
    expect(await blind.answer(batchId, built)).toBe(1);
    // It has nothing to say until they are shown.
    expect(await blind.answer(batchId, built)).toBe(0);
    const verdicts = await watcher.pass();
    expect(verdicts.find((one) => one.batchId === batchId)).toEqual({ batchId, is: "shown", places: 3 });
    const { status, bond } = await chain.batch(batchId);
    expect(status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    expect((await chain.balance("ivan")) - before).toBe(BigInt(bond) / 2n);
  }, 60_000);

  test("publishes no body and does not open what is asked for", async () => {
    const before = await chain.balance("ivan");
    const batchId = await chain.host.post(honest);
    const watcher = newWatcher({ bodies: new BodyFolder(`${chain.folder}/nowhere`) });
    expect((await watcher.pass()).at(-1)).toEqual({ batchId, is: "withheld", demanded: false });
    const { windowEnd } = await chain.batch(batchId);
    await chain.until(windowEnd - BigInt(WINDOW / 2));
    expect((await watcher.pass()).at(-1)).toEqual({ batchId, is: "withheld", demanded: true });
    const { challenges } = await chain.session.query("tributary.attribution.v1.Query/Challenges", { batchId });
    expect(challenges).toHaveLength(1);
    await chain.until(challenges[0]!.answerBy + 2n);
    const { status, bond } = await chain.batch(batchId);
    expect(status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    expect((await chain.balance("ivan")) - before).toBe(BigInt(bond) / 2n);
  }, 60_000);
});

describe("a false batch is not forgotten", () => {
  test("when the node was away as the challenge was sent", async () => {
    const batchId = await chain.host.post(await builtWithout(1n));
    const watcher = newWatcher({ session: awayOnce(chain.session) });
    await expect(watcher.pass()).rejects.toThrow("fetch failed");
    expect((await watcher.pass()).at(-1)).toMatchObject({ batchId, is: "challenged", kind: "omission" });
  });

  test("when the texts that show it come after the first look", async () => {
    const batchId = await chain.host.post(await builtWithout(1n));
    let mayRead = false;
    const watcher = newWatcher({ texts: { textOf: (record) => (mayRead ? chain.texts.textOf(record) : undefined) } });
    expect((await watcher.pass()).at(-1)).toEqual({ batchId, is: "honest" });
    expect((await watcher.pass()).filter((one) => one.batchId === batchId)).toEqual([]);
    mayRead = true;
    expect((await watcher.pass()).at(-1)).toMatchObject({ batchId, is: "challenged", kind: "omission" });
  });
});

describe("an honest batch", () => {
  test("is left alone, answers a demand, becomes final, and pays the contributor the watcher watches for", async () => {
    const batchId = await chain.host.post(honest);
    const dave = chain.party("dave").address;
    const watcher = newWatcher({ contributor: dave });
    const before = await chain.balance("ivan");
    expect((await watcher.pass()).filter((one) => one.batchId === batchId)).toEqual([{ batchId, is: "honest" }]);
    expect((await watcher.pass()).filter((one) => one.batchId === batchId)).toEqual([]);
    expect(await chain.balance("ivan")).toBe(before);
    expect(lines.at(-1)).toBe(`batch ${batchId} of ${chain.party("bob").address} is as it should be`);
    // One that has no texts finds nothing to say against it, and says that it has not.
    const unread = newWatcher({ texts: { textOf: () => undefined } });
    expect((await unread.pass()).filter((one) => one.batchId === batchId)).toEqual([{ batchId, is: "honest" }]);
    expect(lines.at(-1)).toContain("as far as can be told without the texts of 9 records");
    // Another one without a body asks, and the host that answers earns half of the demand's bond.
    const blind = newWatcher({ party: chain.party("judy"), bodies: new BodyFolder(`${chain.folder}/nowhere`) });
    const { windowEnd } = await chain.batch(batchId);
    await chain.until(windowEnd - BigInt(WINDOW / 2));
    expect((await blind.pass()).at(-1)).toMatchObject({ is: "withheld", demanded: true });
    const hostBefore = await chain.balance("bob");
    expect(await chain.host.answer(batchId, honest)).toBe(1);
    const { params } = await chain.session.query("tributary.attribution.v1.Query/Params", {});
    expect((await chain.balance("bob")) - hostBefore).toBe(BigInt(params.game.challengeBond) / 2n);
    await chain.until((await chain.batch(batchId)).windowEnd + 2n);
    expect((await chain.batch(batchId)).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    const own = honest.body.payees.find(({ payee }) => payee.beneficiary === dave)!.payee.amount;
    expect((await watcher.pass()).filter((one) => one.batchId === batchId)).toEqual([
      { batchId, is: "claimed", amount: own },
    ]);
    // Nothing is claimed twice, by this watcher or by one that begins anew.
    expect(await watcher.pass()).toEqual([]);
    expect((await newWatcher({ contributor: dave }).pass()).filter(({ is }) => is === "claimed")).toEqual([]);
    expect(lines).toContain(`${own} of batch ${batchId} were claimed for ${dave}`);
  }, 60_000);
});
