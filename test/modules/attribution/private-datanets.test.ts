/**
 * A use of a model over a private datanet, from its opening to the last claim, on the whole application: nothing that goes
 * through a block, nothing that a block tells and nothing that is stored holds a stretch of the datanet's texts.
 */
import { describe, expect, test } from "vitest";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { recordInputOf } from "../../../modules/datanet/record-input.ts";
import { registrationText } from "../../../modules/model/registration.ts";
import { newKey, sealText } from "../../../node/data/content-key.ts";
import { fromHex } from "../../../proto/bytes.ts";
import { encode } from "../../../proto/codec.ts";
import { BatchPart, BatchStatus, ShareKind } from "../../../proto/enums.gen.ts";
import { BatchWorld, DAY, FIRST, OUTPUT, SECOND } from "../../support/batch-world.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { type MadeBatch, makeBatch, textRecord } from "../../support/honest-batch.ts";
import { responseOf, sha256 } from "../../support/native-world.ts";

/** So many bytes in a row are a stretch: less than a token list of any span that is paid, more than chance gives. */
const STRETCH_BYTES = 10;
const encoder = new TextEncoder();
const LATER = "mapping(address => uint256) private _later; // a text that is contributed while it is watched";

/** Every stretch of the texts, as it is and in hexadecimal. */
const needles = new Set(
  [FIRST, SECOND, OUTPUT, LATER].flatMap((text) => {
    const stretches = Array.from({ length: text.length - STRETCH_BYTES + 1 }, (_, i) =>
      text.slice(i, i + STRETCH_BYTES),
    );
    return [...stretches, ...stretches.map((stretch) => Buffer.from(stretch).toString("hex"))];
  }),
);

/** A stretch of the texts that the bytes hold; undefined for none. */
function stretchIn(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("latin1");
  for (let at = 0; at < text.length; at++) {
    for (const length of [STRETCH_BYTES, 2 * STRETCH_BYTES]) {
      const part = text.slice(at, at + length);
      if (needles.has(part)) return part;
    }
  }
  return undefined;
}

/** A world, everything that goes into and comes out of its blocks from now on, and all that it has stored by then. */
function watched<World extends BatchWorld>(make: () => World): { world: World; seen: () => readonly Uint8Array[] } {
  const world = make();
  const { chain } = world;
  const seen: Uint8Array[] = [];
  const block = chain.block.bind(chain);
  chain.block = (txs, options) => {
    seen.push(...txs);
    const results = block(txs, options);
    seen.push(encode("tendermint.abci.ResponseFinalizeBlock", chain.lastBlock!));
    return results;
  };
  const write = chain.records.write.bind(chain.records);
  chain.records.write = (writes) => {
    for (const { key, value } of writes) seen.push(key, ...(value === undefined ? [] : [value]));
    write(writes);
  };
  const stored = () => [...chain.records.records].flatMap(([key, value]) => [fromHex(key), value]);
  return { world, seen: () => [...seen, ...stored()] };
}

const contentKey = newKey();

class PrivateWorld extends BatchWorld {
  override createDatanet(name: string): MessageToSend {
    return super.createDatanet(name, { isPrivate: true });
  }

  /** As `contribute` of the command line describes private texts. */
  override contribute(contributor: string, texts: readonly string[], datanetId = 1n): MessageToSend {
    const records = texts.map((text, i) => {
      const sealed = sealText(encoder.encode(text), contentKey, {
        chainId: this.chain.chainId,
        datanetId,
        keyVersion: 1,
      });
      const described = recordInputOf(encoder.encode(text), { name: `file${i}`, licence: "", class: "" });
      return { ...described, contentHash: sha256(sealed), semanticSignature: new Uint8Array() };
    });
    return ["tributary.datanet.v1.MsgContribute", { contributor: this.address(contributor), datanetId, records }];
  }
}

/** Asks for a share, as eve, and gives the host's answer without any text. */
function bareAnswer(world: BatchWorld, batchId: bigint, batch: MadeBatch, index: number): MessageToSend {
  const demanded = world.ok("eve", world.demand(batchId, BatchPart.BATCH_PART_SHARE, BigInt(index)));
  const { challengeId } = responseOf("tributary.attribution.v1.MsgDemandResponse", demanded);
  const share = batch.shares.open(index);
  return ["tributary.attribution.v1.MsgRespond", { host: world.address("host"), challengeId, share }];
}

describe("a private datanet", () => {
  test("is settled by batch, to the last claim, without a stretch of its texts in a message, an event or the state", () => {
    const { world, seen } = watched(() => new PrivateWorld());
    world.ok("ann", world.contribute("ann", [LATER]));
    const useIds = [world.acknowledged(), world.acknowledged()];
    const batch = world.made(useIds);
    const batchId = world.posted(useIds, batch);
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    for (const name of ["ann", "bob", ""])
      world.ok("other", world.claim(batchId, batch, world.payeeIndex(batch, name)));
    const credit = { sender: world.address("other"), datanetId: 1n, recordCount: 3n, numbers: [1n, 2n] };
    world.ok("other", ["tributary.attribution.v1.MsgClaimLineage", credit]);
    expect(world.chain.balance("ann", "uopen")).toBeGreaterThan(0n);
    expect(seen().length).toBeGreaterThan(500);
    for (const bytes of seen()) expect(stretchIn(bytes)).toBeUndefined();
  });

  test("is asked for every share, and the host opens each without a stretch of any text", () => {
    const { world, seen } = watched(() => new PrivateWorld());
    const useIds = [world.acknowledged()];
    const batch = world.made(useIds);
    const batchId = world.posted(useIds, batch);
    const kinds = new Set(batch.shares.shares.map(({ kind }) => kind));
    expect(kinds).toEqual(new Set([ShareKind.SHARE_KIND_UNMATCHED, ShareKind.SHARE_KIND_SPAN]));
    for (const index of batch.shares.shares.keys()) world.ok("host", bareAnswer(world, batchId, batch, index));
    expect(world.batch(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_OPEN, openChallenges: 0 });
    world.chain.checkInvariants();
    for (const bytes of seen()) expect(stretchIn(bytes)).toBeUndefined();
  });

  test("nobody can make the host show which of several records do not hold a match", () => {
    const world = new PrivateWorld();
    const useIds = [world.acknowledged()];
    const batch = world.made(useIds);
    const batchId = world.posted(useIds, batch);
    const index = batch.shares.shares.findIndex(({ kind }) => kind === ShareKind.SHARE_KIND_SPAN);
    const occurrences = [{ record: { datanetId: 1n, number: 1n }, recordStart: 0n }];
    const common = { challenger: world.address("eve"), batchId, share: batch.shares.open(index), occurrences };
    const result = world.run("eve", ["tributary.attribution.v1.MsgChallengeCommonness", common]);
    expect([result.codespace, result.code]).toEqual(["attribution", 18]);
    expect(result.log).toContain("record 1/1 is of a private datanet");
  });

  test("is not settled at once: the output and the spans would be published", () => {
    const world = new PrivateWorld();
    const result = world.run("host", world.settle(world.opened(), OUTPUT));
    expect([result.codespace, result.code, result.log]).toEqual([
      "attribution",
      29,
      expect.stringContaining("datanet 1"),
    ]);
    const bare = world.run("host", world.settle(world.opened(), "nothing of it", { spans: [] }));
    expect([bare.codespace, bare.code]).toEqual(["attribution", 29]);
  });
});

test("the search finds the texts of a public datanet that is settled at once", () => {
  const { world, seen } = watched(() => new BatchWorld());
  world.ok("host", world.settle(world.opened(), OUTPUT));
  expect(seen().some((bytes) => stretchIn(bytes) !== undefined)).toBe(true);
});

describe("a private datanet beside a public one", () => {
  /** Model 2 of the owner's: datanet 1, which is public, and a private one of its own that it says nearly all is owed to. */
  function mixedWorld(): BatchWorld {
    const world = new BatchWorld();
    world.ok("owner", world.createDatanet("tiny", { isPrivate: true }));
    world.ok("owner", world.contribute("owner", [FIRST], 2n));
    world.chain.block([], { nanoseconds: 3n * DAY });
    const [name, weightsHash] = ["mixed", sha256(encoder.encode("mixed"))];
    const signature = world.signText("owner", registrationText(world.chain.chainId, name, weightsHash));
    const lineage = [
      { datanetId: 1n, recordCount: 3n, sharePpm: 1, version: 0n },
      { datanetId: 2n, recordCount: 1n, sharePpm: 999_998, version: 0n },
    ];
    world.ok("owner", world.registerModel({ name, weightsHash, signature, lineage }));
    return world;
  }

  test("tiny private datanet: spares a host nothing, it must show what the public one's contributors are owed, or lose", () => {
    const world = mixedWorld();
    const useIds = [world.acknowledged(OUTPUT, 1n, 2n)];
    // It says that nobody's words stand in an answer that is Ann's and Bob's.
    const lie = world.made(useIds, []);
    const batchId = world.posted(useIds, lie);
    const bare = world.run("host", bareAnswer(world, batchId, lie, 0));
    expect([bare.codespace, bare.code]).toEqual(["attribution", 21]);
    world.chain.block([], { nanoseconds: 21_602_000_000_000n });
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    world.chain.checkInvariants();
  });

  test("its own records cannot be cited: what nobody may see would outrank what everybody may", () => {
    const world = mixedWorld();
    const useIds = [world.acknowledged(OUTPUT, 1n, 2n)];
    const honest = world.made(useIds);
    const texts = [
      { ...textRecord(1n, world.address("owner"), encoder.encode(FIRST)), id: { datanetId: 2n, number: 1n } },
    ];
    const lie = makeBatch(honest.uses, texts, defaultParams.rules);
    expect(lie.shares.shares.map(({ record }) => record?.datanetId)).toContain(2n);
    const batchId = world.posted(useIds, lie);
    const index = lie.shares.shares.findIndex(({ record }) => record !== undefined);
    const shown = { challenger: world.address("eve"), batchId, shares: [lie.shares.open(index)] };
    world.ok("eve", ["tributary.attribution.v1.MsgChallengeShare", shown]);
    expect(world.batch(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    const again = world.posted(useIds, honest);
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    expect(world.batch(again).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
  });
});

test("a host must show the texts that shares of a public datanet rest on", () => {
  const world = new BatchWorld();
  const useIds = [world.acknowledged()];
  const batch = world.made(useIds);
  const batchId = world.posted(useIds, batch);
  for (const index of batch.shares.shares.keys()) {
    const result = world.run("host", bareAnswer(world, batchId, batch, index));
    expect([result.codespace, result.code]).toEqual(["attribution", 21]);
  }
});
