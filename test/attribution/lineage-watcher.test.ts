/**
 * Watching lineages on a real chain: a model that leaves a record out is disputed when an answer quotes it, wherever the texts
 * of the use are to be had; one that declares it, whose parent does, or that has the words from elsewhere, never is. Its owner
 * answers for it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AnsweredUse } from "../../attribution/batch-host.ts";
import { type ChainSession, signText } from "../../attribution/chain-session.ts";
import { DisputeAnswerer, type DisputeAnswererOptions } from "../../attribution/dispute-answers.ts";
import { Library } from "../../attribution/library.ts";
import { LineageWatcher, type LineageWatcherOptions } from "../../attribution/lineage-watcher.ts";
import type { Record } from "../../attribution/record-texts.ts";
import { TextTree } from "../../chain/types/text-tree.ts";
import { nativeMessage } from "../../client/registry.ts";
import { showStretch } from "../../modules/attribution/proof/text-window.ts";
import { receiptText } from "../../modules/attribution/receipt.ts";
import { utf8 } from "../../proto/bytes.ts";
import { decode } from "../../proto/codec.ts";
import { sha256 } from "../support/native-world.ts";
import { type Asked, ServedChain } from "../support/served-chain.ts";

const wordsOf = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`).join(" ");
/** More than a dispute shows at most. */
const DAVES = wordsOf("dave", 400);
const ERINS = wordsOf("erin", 80);
const LATE = wordsOf("late", 80);
const QUOTE = `As I always say: ${DAVES.split(" ").slice(20, 120).join(" ")}, and so on.`;
const BOND = 1_000_000n;

let chain: ServedChain;
let served: string;
let folders = 0;
const lines: string[] = [];
/** By what they are. */
const models = new Map<string, bigint>();

beforeAll(async () => {
  chain = await ServedChain.start({
    texts: [{ contributor: "dave", text: "of all this nothing is ever quoted" }],
    ...{ windowSeconds: 600, answerSeconds: 60, rules: { minTokens: 4, maxOccurrences: 2 } },
  });
  served = join(chain.folder, "uses");
  mkdirSync(served);
  // Datanet 2 is Erin's, and 3 Dave's, who has Erin's words too; 4 has Dave's, later.
  await chain.publish("erin", [ERINS]);
  await chain.publish("dave", [DAVES, `Erin says: ${ERINS}`]);
  await chain.publish("frank", [`copied ${DAVES}`]);
  const one = { datanetId: 1n, recordCount: 1n };
  const of = (datanetId: bigint, recordCount = 1n) => ({ datanetId, recordCount });
  models.set("omits", await chain.register("omits", { lineage: [one] }));
  models.set("declares", await chain.register("declares", { lineage: [one, of(3n, 2n)] }));
  models.set("derived", await chain.register("derived", { lineage: [one], baseModelId: models.get("declares")! }));
  models.set("has-erins", await chain.register("has-erins", { lineage: [of(2n)] }));
  models.set("has-a-copy", await chain.register("has-a-copy", { lineage: [one, of(4n)] }));
  models.set("omits-too", await chain.register("omits-too", { lineage: [one, of(2n)] }));
  models.set("omits-as-well", await chain.register("omits-as-well", { lineage: [one] }));
  await chain.publish("dave", [LATE], "late");
  const amount = { denom: "uopen", amount: (10n * BOND).toString() };
  const owner = chain.party("alice");
  const bond = nativeMessage("tributary.model.v1.MsgBondOperator", { operator: owner.address, amount });
  await chain.session.send(owner, [bond]);
}, 120_000);

afterAll(() => chain?.stop());

/** Uses that user and host signed for. */
const serve = (model: string, ...asked: readonly Asked[]) =>
  chain.serve(asked.map((one) => ({ ...one, modelId: models.get(model)! })));

/** Puts the texts of a use into the asker's folder. */
function keep({ useId, prompt, output }: AnsweredUse, names: readonly ("prompt" | "output")[]): void {
  mkdirSync(join(served, `${useId}`), { recursive: true });
  for (const name of names) writeFileSync(join(served, `${useId}`, name), { prompt, output }[name]);
}

async function asked(model: string, output: string, prompt = "?"): Promise<bigint> {
  const [use] = await serve(model, { prompt, output });
  keep(use!, ["prompt", "output"]);
  return use!.useId;
}

const library = () => new Library(join(chain.folder, `lineages-${folders++}`));

function newWatcher(changes: Partial<LineageWatcherOptions> = {}): LineageWatcher {
  return new LineageWatcher({
    ...{ session: chain.session, party: chain.party("dave"), texts: chain.texts, bodies: chain.bodies },
    ...{ library: library(), served, datanetIds: [3n, 5n], report: (line: string) => lines.push(line) },
    ...changes,
  });
}

function newAnswerer(changes: Partial<DisputeAnswererOptions> = {}): DisputeAnswerer {
  return new DisputeAnswerer({
    ...{ session: chain.session, party: chain.party("alice"), texts: chain.texts, bodies: chain.bodies },
    ...{ library: library(), report: (line: string) => lines.push(line) },
    ...changes,
  });
}

/** What a watcher that has seen nothing says about one use. */
async function verdictOf(useId: bigint, changes: Partial<LineageWatcherOptions> = {}) {
  return (await newWatcher(changes).pass()).find((one) => one.useId === useId);
}

const disputes = async () => (await chain.session.query("tributary.attribution.v1.Query/Disputes", {})).disputes;

describe("a model that declares what it quotes is never disputed", () => {
  const none = ["words that come from the prompt", "too few of them", "a record that came after the version"] as const;
  const cases: readonly (readonly [what: string, model: string, output: string, prompt: string])[] = [
    ["the record itself", "declares", QUOTE, "?"],
    ["one that the model it was derived from declares", "derived", QUOTE, "?"],
    ["an earlier record, whatever else the other one says before it", "has-erins", `Erin says: ${ERINS}`, "?"],
    ["an earlier record with the same words", "has-erins", ERINS, "?"],
    [none[0], "omits", QUOTE, `Say ${DAVES.split(" ").slice(20, 24).join(" ")}, then ${DAVES.slice(300)}`],
    [none[1], "omits", `${DAVES.split(" ").slice(0, 63).join(" ")}.`, "?"],
    [none[2], "omits", LATE, "?"],
  ];

  test.each(cases)("%s", async (_what, model, output, prompt) => {
    const before = await chain.balance("dave");
    expect(await verdictOf(await asked(model, output, prompt))).toMatchObject({ is: "whole" });
    expect(await chain.balance("dave")).toBe(before);
    expect(await disputes()).toEqual([]);
  });

  test("and nothing is risked while the text of a declared record is not here", async () => {
    const useId = await asked("has-erins", `Erin says: ${ERINS}!`);
    const { texts } = chain;
    const textOf = (record: Record) => (record.datanetId === 2n ? undefined : texts.textOf(record));
    const blind = { texts: { textOf } };
    const reason = "the declared record 2/1 may hold them, its text is not here";
    expect(await verdictOf(useId, blind)).toEqual({ useId, is: "waiting", reason });
    expect(lines).toContain(`use ${useId} has words of a record left out, but ${reason}`);
    expect(await verdictOf(useId, { served: undefined })).toEqual({ useId, is: "unseen" });
  });
});

describe("a model that leaves a record out is disputed", () => {
  test("by the texts of a use that the asker kept, and it is kept as proved when nobody answers", async () => {
    const useId = await asked("omits", QUOTE);
    const before = await chain.balance("dave");
    let mayRead = false;
    const { texts } = chain;
    const watcher = newWatcher({ texts: { textOf: (record) => (mayRead ? texts.textOf(record) : undefined) } });
    // What was looked at before the texts came is looked at again.
    expect(await watcher.pass()).toContainEqual({ useId, is: "whole" });
    expect(await watcher.pass()).toEqual([]);
    mayRead = true;
    const start = QUOTE.indexOf("dave20");
    const end = QUOTE.indexOf(", and so on");
    const what = `bytes ${start} to ${end} of the answer to use ${useId} stand in record 3/1, which version 1 of model`;
    const reason = expect.stringContaining(what);
    expect((await watcher.pass()).filter(({ is }) => is !== "whole")).toEqual([{ useId, is: "disputed", reason }]);
    expect(before - (await chain.balance("dave"))).toBe(BOND);
    // It is disputed once, by this watcher and by one that begins anew.
    expect(await watcher.pass()).toEqual([]);
    expect((await newWatcher().pass()).map(({ is }) => is)).not.toContain("disputed");
    // Others do not wait for it: it might be the owner's own.
    const others = await newWatcher({ party: chain.party("judy") }).pass();
    expect(others.filter(({ is }) => is === "disputed").map((one) => one.useId)).toEqual([useId]);
    const [dispute] = await disputes();
    // The owner has no answer, and is told.
    const answerer = newAnswerer();
    expect(await answerer.pass()).toEqual([]);
    expect(lines.at(-1)).toContain("has no answer here: no declared record that is earlier has the words");
    await chain.until(dispute!.answerBy + 2n);
    await chain.until((await disputes()).at(-1)!.answerBy + 2n);
    expect(await disputes()).toMatchObject([{ id: dispute!.id, isProved: true }]);
    expect(await chain.balance("dave")).toBe(before);
  }, 60_000);

  test("by the body of a batch, when the records that it declares hold a later copy alone", async () => {
    const modelId = models.get("has-a-copy")!;
    const uses = await serve("has-a-copy", { prompt: "?", output: DAVES });
    await chain.library.follow(chain.session, 4n, chain.texts);
    const [{ useId }] = uses as [AnsweredUse];
    expect(await verdictOf(useId)).toEqual({ useId, is: "unseen" });
    await chain.host.post(await chain.host.build(modelId, uses));
    expect(await verdictOf(useId)).toMatchObject({ is: "disputed" });
  }, 60_000);

  test("by an answer that was settled at once, with the asker's prompt", async () => {
    const modelId = models.get("omits-as-well")!;
    const [use] = await chain.open([{ prompt: "what do you say?", output: QUOTE, modelId }]);
    const { useId, output } = use!;
    const receipt = await signText(chain.party("carol"), receiptText(chain.session.chainId, useId, sha256(output)));
    const host = chain.party("bob");
    const value = { host: host.address, useId, output, receipt, spans: [] };
    await chain.session.send(host, [nativeMessage("tributary.attribution.v1.MsgSettleUse", value)]);
    expect(await verdictOf(useId)).toEqual({ useId, is: "unseen" });
    keep(use!, ["prompt"]);
    expect(await verdictOf(useId)).toMatchObject({ is: "disputed" });
  }, 60_000);
});

describe("an owner that declared an earlier record with the words", () => {
  /** Dave disputes what any watcher would have let be: Erin's words are declared, and earlier than his copy of them. */
  async function accuse(): Promise<bigint> {
    const output = utf8(`I say: ${ERINS}`);
    const [use] = await serve("omits-too", { prompt: "?", output });
    const { useId, prompt } = use!;
    keep(use!, ["prompt", "output"]);
    const copy = utf8(`Erin says: ${ERINS}`);
    const show = (text: Uint8Array, from: number) => showStretch(new TextTree(text), text.length, from, text.length);
    const dave = chain.party("dave");
    const shown = {
      ...{ challenger: dave.address, useId, recordId: { datanetId: 3n, number: 2n } },
      ...{ matchStart: 7n, matchEnd: BigInt(output.length), recordStart: 11n },
      ...{ output: show(output, 7), record: show(copy, 11), prompt: show(prompt, 0) },
    };
    const message = nativeMessage("tributary.attribution.v1.MsgDisputeLineage", shown);
    const { responses } = await chain.session.send(dave, [message]);
    return decode("tributary.attribution.v1.MsgDisputeLineageResponse", responses[0]!.value).disputeId;
  }

  /** The chain as one sees it whose node has indexed no transaction. */
  const unindexed = (): ChainSession => {
    const comet = { txSearch: async () => ({ txs: [] }) };
    return new Proxy(chain.session, {
      get(session, name) {
        const value = name === "comet" ? comet : Reflect.get(session, name);
        return typeof value === "function" ? value.bind(session) : value;
      },
    });
  };

  test("answers by itself, also after a restart, and has half of the challenger's bond", async () => {
    const disputeId = await accuse();
    const early = newAnswerer({ texts: { textOf: () => undefined } });
    expect(await early.pass()).toEqual([]);
    expect(lines.at(-1)).toContain("the text of 2/1 is not here; there is time until ");
    const { length } = lines;
    expect(await early.pass()).toEqual([]);
    expect(lines).toHaveLength(length);
    // Others' disputes are not its own.
    expect(await newAnswerer({ party: chain.party("bob") }).pass()).toEqual([]);
    const before = await chain.balance("alice");
    expect(await newAnswerer().pass()).toEqual([disputeId]);
    expect((await chain.balance("alice")) - before).toBe(BOND / 2n);
    expect(lines.at(-1)).toContain("was answered: the words stand in record 2/1, which it declares");
    expect((await disputes()).map(({ id }) => id)).not.toContain(disputeId);
  }, 60_000);

  test("answers from the texts of the use when its node has not indexed the dispute", async () => {
    const disputeId = await accuse();
    expect(await newAnswerer({ session: unindexed() }).pass()).toEqual([]);
    expect(lines.at(-1)).toContain("neither this node's index nor any folder here has the words");
    expect(await newAnswerer({ session: unindexed(), served }).pass()).toEqual([disputeId]);
  }, 60_000);
});
