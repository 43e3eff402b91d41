/** A host's routine on a real chain, pass after pass in one process: what waits, what is posted when, what is left alone. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BuiltBatch } from "../../attribution/batch-builder.ts";
import { type AnsweredUse, acknowledgementTextOf } from "../../attribution/batch-host.ts";
import { signText } from "../../attribution/chain-session.ts";
import { Host, type HostOptions } from "../../attribution/host.ts";
import { Watcher } from "../../attribution/watcher.ts";
import { nativeMessage } from "../../client/registry.ts";
import { base64 } from "../../proto/bytes.ts";
import { BatchPart, BatchStatus, UseStatus } from "../../proto/enums.gen.ts";
import { ServedChain } from "../support/served-chain.ts";

const FIRST = "one two three four five six";
let chain: ServedChain;
let served = "";
let folders = 0;
const lines: string[] = [];

beforeAll(async () => {
  chain = await ServedChain.start({
    texts: [
      { contributor: "dave", text: FIRST },
      { contributor: "erin", text: "red green blue yellow white black" },
    ],
    ...{ windowSeconds: 20, answerSeconds: 15, rules: { minTokens: 4, maxOccurrences: 2 } },
  });
}, 120_000);

afterAll(() => chain?.stop());

/** A host with a folder of its own. */
function newHost(changes: Partial<HostOptions> = {}): Host {
  if (changes.served === undefined) {
    served = join(chain.folder, `served-${folders++}`);
    mkdirSync(served);
  }
  lines.length = 0;
  return new Host({
    ...{ session: chain.session, party: chain.party("bob"), library: chain.library, texts: chain.texts },
    ...{ bodies: chain.bodies, served, fewestUses: 2, marginSeconds: 60, again: false },
    report: (line) => lines.push(line),
    ...changes,
  });
}

/** Puts uses into the host's folder, signed by the user. */
async function put(uses: readonly AnsweredUse[], signer: "carol" | "judy" = "carol"): Promise<void> {
  for (const use of uses) {
    const folder = join(served, `${use.useId}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "prompt"), use.prompt);
    writeFileSync(join(folder, "output"), use.output);
    const signature = await signText(chain.party(signer), acknowledgementTextOf(chain.session, use));
    writeFileSync(join(folder, "signature"), base64(signature));
  }
}

const asked = { prompt: "?", output: `${FIRST}.` };
const useOf = async (useId: bigint) => (await chain.session.query("tributary.attribution.v1.Query/Use", { useId })).use;

describe("a host", () => {
  test("hands in what is signed for, and posts when there are enough uses", async () => {
    const host = newHost();
    const [first] = await chain.open([asked]);
    await put([first!]);
    expect(await host.pass()).toEqual([]);
    expect((await useOf(first!.useId)).status).toBe(UseStatus.USE_STATUS_ACKNOWLEDGED);
    const [second] = await chain.open([asked]);
    await put([second!]);
    const [batchId] = await host.pass();
    expect((await chain.batch(batchId!)).useIds).toEqual([first!.useId, second!.useId]);
    expect(await host.pass()).toEqual([]);
    expect(lines).toHaveLength(3);
  }, 60_000);

  test("posts fewer when their time is nearly over", async () => {
    const host = newHost();
    await put(await chain.open([asked]));
    expect(await host.pass()).toEqual([]);
    const { params } = await chain.session.query("tributary.attribution.v1.Query/Params", {});
    const hurried = newHost({ served, marginSeconds: params.game.settleSeconds });
    expect(await hurried.pass()).toHaveLength(1);
  }, 60_000);

  test("is not held up by a signature of somebody else, texts that were changed, or a use that is another's", async () => {
    const host = newHost({ fewestUses: 1 });
    const [forged, changed, good] = await chain.open([asked, asked, asked]);
    await put([forged!], "judy");
    await put([changed!, good!]);
    writeFileSync(join(served, `${changed!.useId}`, "output"), "something else");
    mkdirSync(join(served, "999999"));
    mkdirSync(join(served, "notes"));
    const [batchId] = await host.pass();
    expect((await chain.batch(batchId!)).useIds).toEqual([good!.useId]);
    expect(lines).toContain("use 999999 is not one of this host's: it is left alone");
    expect(lines.filter((line) => line.includes("signature"))).toHaveLength(2);
    // What was said is not said again.
    const { length } = lines;
    expect(await host.pass()).toEqual([]);
    expect(lines).toHaveLength(length);
  }, 60_000);

  test("answers for its batches as long as they can be challenged, whatever else it does", async () => {
    const host = newHost({ fewestUses: 1 });
    await put(await chain.open([asked]));
    const [batchId] = await host.pass();
    const judy = chain.party("judy");
    const demand = {
      challenger: judy.address,
      batchId: batchId!,
      part: BatchPart.BATCH_PART_PAYEE,
      index: 0n,
      entry: 0n,
    };
    await chain.session.send(judy, [nativeMessage("tributary.attribution.v1.MsgDemand", demand)]);
    await host.pass();
    expect(await chain.batch(batchId!)).toMatchObject({ openChallenges: 0, status: BatchStatus.BATCH_STATUS_OPEN });
    expect(lines.at(-1)).toBe(`1 challenges of batch ${batchId} were answered`);
  }, 60_000);

  test("posts what was refuted again only when it is told to", async () => {
    const host = newHost({ fewestUses: 1 });
    const uses = await chain.serve([asked]);
    await put(uses);
    const honest = await chain.host.build(chain.modelId, uses);
    const payees = honest.body.payees.map(({ payee, entries }) => ({
      payee: { ...payee, beneficiary: payee.beneficiary === "" ? "" : chain.party("judy").address },
      entries,
    }));
    const lie = new BuiltBatch({ ...honest.body, payees });
    const watcher = new Watcher({
      ...{ session: chain.session, party: chain.party("ivan"), library: chain.library, texts: chain.texts },
      ...{ bodies: chain.bodies, report: () => undefined },
    });
    const refuted = await chain.host.post(lie);
    await watcher.pass();
    expect((await chain.batch(refuted)).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    expect(await host.pass()).toEqual([]);
    expect(lines.at(-1)).toContain("was in a batch that was shown to be false");

    const told = newHost({ served, fewestUses: 1, again: true });
    expect(await told.pass()).toHaveLength(1);
  }, 60_000);
});
