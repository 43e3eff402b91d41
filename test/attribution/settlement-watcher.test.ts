/**
 * The watcher of inline settlements on a real chain: a host that leaves a span out, or pays a later copy, loses half of its
 * bond to it each time; an honest one loses nothing.
 */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AnsweredUse } from "../../attribution/batch-host.ts";
import { signText } from "../../attribution/chain-session.ts";
import { Corpus } from "../../attribution/corpus.ts";
import { Library } from "../../attribution/library.ts";
import type { TextSource } from "../../attribution/record-texts.ts";
import { SpanProver } from "../../attribution/settlement.ts";
import { SettlementWatcher } from "../../attribution/settlement-watcher.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { nativeMessage } from "../../client/registry.ts";
import { receiptText } from "../../modules/attribution/receipt.ts";
import { utf8 } from "../../proto/bytes.ts";
import { ServedChain } from "../support/served-chain.ts";

const FIRST = "one two three four five six";
const SECOND = "red green blue yellow white black";
const TEXTS = [
  { contributor: "dave", text: FIRST },
  { contributor: "erin", text: SECOND },
  { contributor: "frank", text: `zero ${FIRST} seven` },
] as const;
const BOND = 1_000_000n;

let chain: ServedChain;
const lines: string[] = [];
let watchers = 0;

beforeAll(async () => {
  const rules = { minTokens: 4, maxOccurrences: 2 };
  chain = await ServedChain.start({ texts: TEXTS, windowSeconds: 600, answerSeconds: 60, rules });
  const amount = { denom: "uopen", amount: BOND.toString() };
  const host = chain.party("bob");
  await chain.session.send(host, [
    nativeMessage("tributary.model.v1.MsgBondOperator", { operator: host.address, amount }),
  ]);
}, 120_000);

afterAll(() => chain?.stop());

/** Settles uses at once, as a host does that knows these of the records alone. */
async function settle(uses: readonly AnsweredUse[], known: readonly number[]): Promise<void> {
  const [host, user] = [chain.party("bob"), chain.party("carol")];
  const records = known.map((number) => {
    return { datanetId: 1n, number: BigInt(number), text: utf8(TEXTS[number - 1]!.text) };
  });
  const prover = SpanProver.over(new SpanIndex(Corpus.of(records)));
  for (const { useId, output } of uses) {
    const hash = createHash("sha256").update(output).digest();
    const receipt = await signText(user, receiptText(chain.session.chainId, useId, hash));
    const spans = prover.prove(output, { minSpanTokens: 6, maxSpans: 64 });
    const value = { host: host.address, useId, output, receipt, spans };
    await chain.session.send(host, [nativeMessage("tributary.attribution.v1.MsgSettleUse", value)]);
  }
}

function newWatcher(texts: TextSource, session = chain.session): SettlementWatcher {
  return new SettlementWatcher({
    ...{ session, party: chain.party("ivan"), texts },
    ...{
      library: new Library(`${chain.folder}/settlements-${watchers++}`),
      report: (line: string) => lines.push(line),
    },
  });
}

test("what a settlement leaves out is shown to the chain, once", async () => {
  const uses = await chain.open([
    { prompt: "?", output: `${FIRST}, then ${SECOND}` },
    { prompt: "?", output: `${FIRST}, then ${SECOND}` },
    { prompt: "?", output: `I say ${SECOND}` },
    { prompt: "?", output: "nothing of theirs" },
  ]);
  await settle(uses.slice(0, 1), [1, 2, 3]);
  await settle(uses.slice(1, 2), [2, 3]);
  await settle(uses.slice(2, 3), [1]);
  await settle(uses.slice(3), []);
  const watcher = newWatcher(chain.texts);
  const before = await chain.balance("ivan");
  expect(await watcher.pass()).toEqual([
    { useId: 1n, is: "honest" },
    { useId: 2n, is: "challenged", reason: `bytes 0 to ${FIRST.length} of the answer are record 1/1's` },
    { useId: 3n, is: "challenged", reason: `bytes 6 to ${6 + SECOND.length} of the answer are record 1/2's` },
    { useId: 4n, is: "honest" },
  ]);
  // Half of the bond, then half of what is left; the watcher has half of either.
  expect((await chain.balance("ivan")) - before).toBe(BOND / 4n + BOND / 8n);
  expect(lines).toHaveLength(2);
  expect(await watcher.pass()).toEqual([]);
}, 60_000);

test("one that was looked at before all texts were there is looked at again when they come, until it is too late", async () => {
  const uses = await chain.open([
    { prompt: "?", output: `I say ${SECOND}` },
    { prompt: "?", output: FIRST },
  ]);
  await settle(uses.slice(0, 1), []);
  await settle(uses.slice(1), [1]);
  const [wrong, honest] = uses.map(({ useId }) => useId);
  let mayRead = false;
  const { texts } = chain;
  const watcher = newWatcher({ textOf: (record) => (mayRead ? texts.textOf(record) : undefined) });
  const ofThese = async () => (await watcher.pass()).filter(({ useId }) => useId === wrong || useId === honest);
  expect(await ofThese()).toEqual([
    { useId: wrong, is: "honest" },
    { useId: honest, is: "honest" },
  ]);
  expect(await ofThese()).toEqual([]);
  mayRead = true;
  const [challenged, other, ...rest] = await ofThese();
  expect([challenged, other, rest]).toMatchObject([{ is: "challenged" }, { useId: honest, is: "honest" }, []]);
  const [late] = await chain.open([{ prompt: "?", output: `You say ${SECOND}` }]);
  await settle([late!], []);
  const { use } = await chain.session.query("tributary.attribution.v1.Query/Use", { useId: late!.useId });
  await chain.until(use.expiresAt + 601n);
  expect(await watcher.pass()).toEqual([{ useId: late!.useId, is: "unseen" }]);
  expect(await watcher.pass()).toEqual([]);
}, 60_000);

test("one that the node does not find yet is looked at again, and a use that nobody settled is passed over", async () => {
  const [abandoned, wrong] = await chain.open([
    { prompt: "?", output: FIRST },
    { prompt: "?", output: `He says ${SECOND}` },
  ]);
  await settle([wrong!], []);
  let finds = false;
  const { session } = chain;
  const comet = new Proxy(session.comet, {
    get: (target, name) => {
      if (name === "txSearch" && !finds) return async () => ({ txs: [], totalCount: 0 });
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const blind = new Proxy(session, {
    get: (target, name) => {
      const value = name === "comet" ? comet : (Reflect.get(target, name) as unknown);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const watcher = newWatcher(chain.texts, blind);
  const ofIt = async () => (await watcher.pass()).filter(({ useId }) => useId === wrong!.useId);
  expect(await ofIt()).toEqual([{ useId: wrong!.useId, is: "unseen" }]);
  expect(await ofIt()).toEqual([]);
  finds = true;
  expect(await ofIt()).toMatchObject([{ is: "challenged" }]);
  const { use } = await session.query("tributary.attribution.v1.Query/Use", { useId: abandoned!.useId });
  expect(watcher.from).toBe(abandoned!.useId);
  await chain.until(use.expiresAt + 1n);
  await watcher.pass();
  expect(watcher.from).toBe(wrong!.useId + 1n);
}, 60_000);
