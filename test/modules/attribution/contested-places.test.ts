/** Lists of places that are said to hold a paid match: the host contests those it has no text of, and the challenger must show them. */
import { describe, expect, test } from "vitest";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { BatchPart, BatchStatus } from "../../../proto/enums.gen.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { BatchWorld, DAY, FIRST, OUTPUT } from "../../support/batch-world.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { responseOf, sha256 } from "../../support/native-world.ts";
import { showPlaces, Texts } from "../../support/watcher.ts";

/** One more than `max_occurrences` admits. */
const PLACES = 65;
const ALL = [...Array(PLACES).keys()];
const ROUND = 21_602_000_000_000n;
const OPEN = 1_000_000n;

function contest(world: BatchWorld, contested: readonly number[], name = "host"): MessageToSend {
  return ["tributary.attribution.v1.MsgContestOccurrences", { host: world.address(name), challengeId: 1n, contested }];
}

function refused(world: BatchWorld, from: string, message: MessageToSend, code: number): void {
  const result = world.run(from, message);
  expect([result.codespace, result.code, result.log]).toEqual(["attribution", code, result.log]);
  world.chain.checkInvariants();
}

/** Many records hold the words that the host pays Ann alone for, and eve lists them. */
function falseBatch() {
  const copies = ALL.map((i) => (i === 0 ? FIRST : `// ${i}\n${FIRST}`));
  const world = new BatchWorld(
    {},
    {},
    copies.map((text, i) => ({ contributor: i === 0 ? "ann" : "eve", text })),
  );
  const useIds = [world.acknowledged(FIRST)];
  const batch = world.made(useIds, [0], FIRST);
  const truth = new Texts(world.made(useIds, ALL, FIRST));
  const batchId = world.posted(useIds, batch);
  const occurrences = copies.map((text, i) => {
    return { record: { datanetId: 1n, number: BigInt(i + 1) }, recordStart: BigInt(text.indexOf(FIRST)) };
  });
  const share = batch.shares.open(0);
  const list = (name = "eve"): MessageToSend => {
    const value = { challenger: world.address(name), batchId, share, occurrences };
    return ["tributary.attribution.v1.MsgChallengeCommonness", value];
  };
  const show = (positions: readonly number[], name = "eve"): MessageToSend => {
    const shown = showPlaces(truth, share, occurrences, positions)!;
    const value = { ...shown, challenger: world.address(name), challengeId: 1n };
    expect(encode("tributary.attribution.v1.MsgShowOccurrences", value).length).toBeLessThan(8192);
    return ["tributary.attribution.v1.MsgShowOccurrences", value];
  };
  world.ok("eve", list());
  return { world, batchId, list, show };
}

/** An honest batch of a model whose lineage has records of hashes that are nobody's text, which eve lists. */
function honestBatchBesideNothing(listedAfter = 0n) {
  const world = new BatchWorld();
  const nothing = { tokenCount: 0, fingerprint: new Uint8Array(0), semanticSignature: new Uint8Array(0) };
  const named = { licence: "", class: "", name: "", length: 1000n };
  const records = ALL.map((i) => {
    return { ...nothing, ...named, contentHash: sha256(utf8(`content ${i}`)), textRoot: sha256(utf8(`root ${i}`)) };
  });
  const contributor = world.address("eve");
  world.ok("eve", ["tributary.datanet.v1.MsgContribute", { contributor, datanetId: 1n, records }]);
  world.chain.block([], { nanoseconds: 3n * DAY });
  const [name, weightsHash] = ["second", sha256(utf8("other weights"))];
  const text = `tributary model registration\nchain: ${world.chain.chainId}\nname: ${name}\nweights sha256: ${hex(weightsHash)}`;
  const lineage = [{ datanetId: 1n, recordCount: BigInt(world.records.length + PLACES), sharePpm: 0, version: 0n }];
  world.ok("owner", world.registerModel({ name, weightsHash, signature: world.signText("owner", text), lineage }));
  const maxFee = { denom: "uopen", amount: "10000000" };
  const receiptKey = accountOf("user").publicKey;
  const opened = world.ok(
    "user",
    world.openUse({ modelId: 2n, maxFee, maxUnits: 3n, host: world.address("host"), receiptKey }),
  );
  const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
  world.ok("other", world.ack(useId, OUTPUT, 1n));
  const batch = world.made([useId]);
  const batchId = world.posted([useId], batch);
  const share = batch.shares.open(0);
  const occurrences = ALL.map((i) => {
    return { record: { datanetId: 1n, number: BigInt(world.records.length + i + 1) }, recordStart: 0n };
  });
  const value = { challenger: world.address("eve"), batchId, share, occurrences };
  world.chain.block([], { nanoseconds: listedAfter });
  const before = world.chain.balance("eve", "uopen");
  world.ok("eve", ["tributary.attribution.v1.MsgChallengeCommonness", value]);
  return { world, batchId, batch, share, before };
}

describe("records whose texts nobody has", () => {
  test("do not beat an honest batch as places of its match: the host contests them, and who listed them loses its bond", () => {
    const { world, batchId, batch, share, before } = honestBatchBesideNothing();
    const host = world.chain.balance("host", "uopen");
    world.ok("host", contest(world, ALL));
    world.chain.checkInvariants();
    // Whatever is shown, it does not lead to a root that is no text's.
    const { output, record } = new Texts(batch).evidence(share.share);
    const shown = [{ chosen: 0, record: record! }];
    const value = { challenger: world.address("eve"), challengeId: 1n, share, output: output!, shown };
    refused(world, "eve", ["tributary.attribution.v1.MsgShowOccurrences", value], 18);
    world.chain.block([], { nanoseconds: ROUND });
    expect(world.batch(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_OPEN, openChallenges: 0 });
    expect(world.challenges(batchId)).toEqual([]);
    expect(world.chain.balance("eve", "uopen") - before).toBe(-OPEN);
    expect(world.chain.balance("host", "uopen") - host).toBe(OPEN / 2n);
    world.chain.checkInvariants();
    world.chain.block([], { nanoseconds: DAY + ROUND });
    world.chain.block([]);
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    world.chain.checkInvariants();
  });

  test("listed shortly before the window ends hold the batch up for both rounds, and not for longer", () => {
    const { world, batchId } = honestBatchBesideNothing(DAY - 60_000_000_000n);
    const { windowEnd, isExtended } = world.batch(batchId);
    const { answerBy } = world.challenges(batchId)[0]!;
    expect([windowEnd, isExtended]).toEqual([answerBy, true]);
    world.chain.block([], { nanoseconds: ROUND - 60_000_000_000n });
    world.ok("host", contest(world, ALL));
    expect(world.batch(batchId).windowEnd).toBe(windowEnd);
    world.chain.block([], { nanoseconds: 3_600_000_000_000n });
    expect(world.batch(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_OPEN, openChallenges: 1 });
    world.chain.block([], { nanoseconds: ROUND });
    world.chain.block([]);
    world.chain.block([]);
    expect(world.batch(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_FINAL, openChallenges: 0 });
    world.chain.checkInvariants();
  });
});

describe("a batch that pays for common words", () => {
  test("loses though its host contests every place, when the challenger shows all, in as many messages as it takes", () => {
    const { world, batchId, show } = falseBatch();
    const before = world.chain.balance("eve", "uopen");
    world.ok("host", contest(world, ALL));
    refused(world, "eve", show([]), 18);
    const first = world.ok("eve", show(ALL.slice(0, 15)));
    expect(responseOf("tributary.attribution.v1.MsgShowOccurrencesResponse", first)).toEqual({
      ...{ left: 50, bounty: { denom: "uopen", amount: "0" } },
    });
    // What was shown is not shown again, and is not contested again.
    refused(world, "eve", show([3]), 18);
    refused(world, "host", contest(world, [3]), 21);
    for (let i = 15; i < PLACES; i += 10) world.ok("eve", show(ALL.slice(i, i + 10)));
    const { status, bond } = world.batch(batchId);
    expect(status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    expect(world.chain.balance("eve", "uopen") - before).toBe(BigInt(bond) / 2n + OPEN);
    world.chain.checkInvariants();
  });

  test("stands when one contested place is not shown in time, and falls at once when it was the host that was silent", () => {
    const { world, batchId, show } = falseBatch();
    world.ok("host", contest(world, [7, 8]));
    world.ok("eve", show([8]));
    world.chain.block([], { nanoseconds: ROUND });
    expect(world.batch(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_OPEN, openChallenges: 0 });
    world.chain.checkInvariants();

    const silent = falseBatch();
    silent.world.chain.block([], { nanoseconds: ROUND });
    expect(silent.world.batch(silent.batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    silent.world.chain.checkInvariants();
  });

  test("is contested by its host alone, in time, with positions of the list; and shown by the challenger alone", () => {
    const { world, list, show } = falseBatch();
    refused(world, "eve", show([0]), 18);
    refused(world, "eve", contest(world, [0], "eve"), 9);
    for (const wrong of [[], [1, 0], [2, 2], [PLACES]]) refused(world, "host", contest(world, wrong), 21);
    // Another's list about the same share is not kept out by this one; the same account's is.
    refused(world, "eve", list(), 20);
    world.ok("ann", list("ann"));
    world.ok("host", contest(world, [4]));
    refused(world, "ann", show([4], "ann"), 36);
    refused(world, "eve", show([5]), 18);
    refused(world, "eve", show([4, 4]), 18);
  });

  test("cannot be contested where a part was demanded: that the host has", () => {
    const world = new BatchWorld();
    const useIds = [world.acknowledged()];
    const batchId = world.posted(useIds, world.made(useIds));
    world.ok("eve", world.demand(batchId, BatchPart.BATCH_PART_SHARE));
    refused(world, "host", contest(world, [0]), 21);
  });

  test("on an imported chain is waited for as on the one that was left", () => {
    const { world, batchId, show } = falseBatch();
    world.ok("host", contest(world, [2, 9]));
    world.ok("eve", show([2]));
    const imported = ChainHarness.genesis({
      wholeAppState: JSON.parse(JSON.stringify(world.chain.application.exportGenesis())) as JsonValue,
      chainId: world.chain.chainId,
      initialHeight: world.chain.height + 1n,
      time: world.chain.time,
    });
    for (const chain of [world.chain, imported]) {
      chain.block([], { nanoseconds: ROUND });
      chain.checkInvariants();
    }
    expect(world.batch(batchId).openChallenges).toBe(0);
    expect(imported.application.exportGenesis().attribution).toEqual(
      world.chain.application.exportGenesis().attribution,
    );
  });
});
