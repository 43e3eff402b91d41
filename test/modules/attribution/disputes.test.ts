/** Disputes about lineages through a chain: words of a record that a model's lineage leaves out, answers, and silence. */
import { beforeEach, describe, expect, test } from "vitest";
import { acknowledgementText } from "../../../modules/attribution/receipt.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { DAY, FIRST } from "../../support/batch-world.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { textRecord } from "../../support/honest-batch.ts";
import { DAVES, LineageWorld, shown, whole } from "../../support/lineage-world.ts";
import { responseOf, sha256 } from "../../support/native-world.ts";

const OUTPUT = `as I always say: ${DAVES}, and so on`;
const HOURS = 3_600_000_000_000n;
const BOND = 1_000_000n;
const encoder = new TextEncoder();

let world: LineageWorld;

beforeEach(() => {
  world = new LineageWorld();
  world.ok("owner", world.bond("owner", 10n * BOND));
});

function disputes(version: { modelId?: bigint; modelVersion?: number } = {}) {
  const request = ["tributary.attribution.v1.QueryDisputesRequest", version] as const;
  const path = "/tributary.attribution.v1.Query/Disputes";
  return world.chain.query(path, request, "tributary.attribution.v1.QueryDisputesResponse").disputes;
}

function answer(changes: object): MessageToSend {
  const { start, opening } = shown(DAVES);
  const value = { disputeId: 1n, recordId: { datanetId: 1n, number: 1n }, recordStart: start, record: opening };
  return ["tributary.attribution.v1.MsgAnswerDispute", { owner: world.address("owner"), ...value, ...changes }];
}

/** Opens a use of model 2. */
function openedUse(): bigint {
  const opened = world.ok("user", world.openUse({ modelId: 2n }));
  return responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened).useId;
}

describe("a lineage that leaves out a record", () => {
  test("is kept as proved when the owner does not answer; nobody is punished by it, the model goes on, and governance can decide", () => {
    const dave = world.chain.balance("dave", "uopen");
    const opened = world.ok("dave", world.dispute(world.served(OUTPUT), OUTPUT));
    const { disputeId } = responseOf("tributary.attribution.v1.MsgDisputeLineageResponse", opened);
    expect(dave - world.chain.balance("dave", "uopen")).toBe(BOND);
    world.chain.checkInvariants();
    world.chain.block([], { nanoseconds: 6n * HOURS + 2_000_000_000n });
    world.chain.checkInvariants();
    const request = ["tributary.attribution.v1.QueryDisputeRequest", { disputeId }] as const;
    const path = "/tributary.attribution.v1.Query/Dispute";
    const { dispute } = world.chain.query(path, request, "tributary.attribution.v1.QueryDisputeResponse");
    expect(dispute).toMatchObject({ modelId: 2n, modelVersion: 1, isProved: true, bond: "0" });
    expect(dispute.provedAt).toBeGreaterThan(0n);
    expect(disputes({ modelId: 2n, modelVersion: 1 })).toEqual([dispute]);
    expect(disputes({ modelId: 1n, modelVersion: 1 })).toEqual([]);
    expect(world.bondOf("owner")).toBe(10n * BOND);
    expect(world.chain.balance("dave", "uopen")).toBe(dave);
    world.refused("owner", answer({}), 32);
    // Once is enough for a record of a version.
    world.refused("dave", world.dispute(1n, OUTPUT), 31);
    world.served("the model goes on");
  });

  test("is shown by what user and host signed for too, before any batch", () => {
    const maxFee = { denom: "uopen", amount: "2000000" };
    const opened = world.ok("user", world.openUse({ modelId: 2n, maxFee }));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    const prompt = "what do you always say?";
    const commit = (text: string) => textRecord(1n, "", encoder.encode(text)).text;
    const receipt = {
      ...{ promptRoot: commit(prompt).root, promptLength: BigInt(prompt.length), units: 1n },
      ...{ outputRoot: commit(OUTPUT).root, outputLength: BigInt(OUTPUT.length) },
    };
    const text = acknowledgementText(world.chain.chainId, useId, receipt);
    const signatures = { userSignature: world.signText("user", text), hostSignature: world.signText("owner", text) };
    const sender = world.address("other");
    world.ok("other", ["tributary.attribution.v1.MsgAckUse", { sender, useId, receipt, ...signatures }]);
    const opening = { output: shown(OUTPUT, DAVES).opening, prompt: shown(prompt).opening };
    world.refused("dave", world.dispute(useId, OUTPUT, DAVES, { ...opening, prompt: whole("prompt") }), 31, "prompt");
    world.ok("dave", world.dispute(useId, OUTPUT, DAVES, opening));
    expect(disputes()).toHaveLength(1);
    world.chain.checkInvariants();
  });

  test("survives an export: the time to answer ends on the imported chain as well", () => {
    world.ok("dave", world.dispute(world.served(OUTPUT), OUTPUT));
    const imported = ChainHarness.genesis({
      wholeAppState: JSON.parse(JSON.stringify(world.chain.application.exportGenesis())) as JsonValue,
      initialHeight: world.chain.height + 1n,
      time: world.chain.time,
    });
    for (const chain of [world.chain, imported]) chain.block([], { nanoseconds: 6n * HOURS + 2_000_000_000n });
    expect(disputes()[0]?.isProved).toBe(true);
    expect(imported.application.exportGenesis()).toEqual(world.chain.application.exportGenesis());
    imported.checkInvariants();
  });
});

describe("an owner that declared an earlier record with the words", () => {
  test("shows it, and has half of the challenger's bond; the version stays as it is", () => {
    // Model 3 declares Dave's record; Joe puts the same words into a datanet of his later, and accuses it.
    world = new LineageWorld();
    world.ok("user", world.createDatanet("copies", {}, "user"));
    world.ok("user", world.contribute("user", [DAVES], 3n));
    world.chain.block([], { nanoseconds: 3n * DAY });
    world.ok("owner", world.weights([{ datanetId: 2n, recordCount: 1n }]));
    const useId = world.served(OUTPUT, 3n);
    const accusation = { challenger: world.address("user"), recordId: { datanetId: 3n, number: 1n } };
    world.ok("user", world.dispute(useId, OUTPUT, DAVES, accusation));
    const owner = world.chain.balance("owner", "uopen");
    const daves = { recordId: { datanetId: 2n, number: 1n } };
    world.refused("owner", answer({ recordId: { datanetId: 3n, number: 1n } }), 21, "not of the version's lineage");
    world.refused("owner", answer({ ...daves, recordStart: 1n }), 21);
    world.refused("user", answer({ ...daves, owner: world.address("user") }), 33);
    world.ok("owner", answer(daves));
    expect(world.chain.balance("owner", "uopen") - owner).toBe(BOND / 2n);
    expect(disputes()).toEqual([]);
    world.chain.block([], { nanoseconds: 7n * HOURS });
    world.ok("user", world.openUse({ modelId: 3n }));
    world.chain.checkInvariants();
  });

  test("cannot answer with a later one", () => {
    // The datanet that model 3 declares has Dave's words from someone who copied them.
    world.ok("other", world.createDatanet("copies", {}, "other"));
    world.ok("other", world.contribute("other", [DAVES], 3n));
    world.chain.block([], { nanoseconds: 3n * DAY });
    world.ok("owner", world.weights([{ datanetId: 3n, recordCount: 1n }]));
    world.ok("dave", world.dispute(world.served(OUTPUT, 3n), OUTPUT));
    const copy = { recordId: { datanetId: 3n, number: 1n } };
    world.refused("owner", answer(copy), 21, "no earlier than the disputed one");
    world.refused("owner", answer({ disputeId: 9n }), 32);
  });
});

describe("a dispute is refused", () => {
  test("for words of the prompt, for too few, and for what stands in neither text", () => {
    const useId = world.served(OUTPUT);
    const few = DAVES.split(" ").slice(0, 63).join(" ");
    world.refused("dave", world.dispute(useId, OUTPUT, few), 31, "63 tokens");
    world.refused("dave", world.dispute(useId, OUTPUT, DAVES, { recordStart: 6n }), 31);
    world.refused("dave", world.dispute(useId, OUTPUT, DAVES, { output: whole(`${OUTPUT}!`) }), 31, "the whole output");
    const asked = world.ok("user", world.openUse({ modelId: 2n, promptHash: hashOf(`say ${DAVES}`) }));
    const prompted = responseOf("tributary.attribution.v1.MsgOpenUseResponse", asked).useId;
    world.ok("owner", world.settle(prompted, OUTPUT, { host: world.address("owner"), spans: [] }));
    const prompt = whole(`say ${DAVES}`);
    world.refused(
      "dave",
      world.dispute(prompted, OUTPUT, DAVES, { prompt }),
      31,
      "words of the match stand in the prompt",
    );
    world.refused("dave", world.dispute(99n, OUTPUT), 2);
    expect(disputes()).toEqual([]);
  });

  test("for a record of the lineage, and one that came after the version", () => {
    const declared = `${FIRST} and ${DAVES}`;
    const of = (number: bigint) => ({ recordId: { datanetId: 1n, number } });
    world.refused(
      "dave",
      world.dispute(world.served(declared), declared, DAVES, of(1n)),
      31,
      "is of the lineage, or was not there before",
    );
    const late = `late ${DAVES}`;
    world.ok("dave", world.contribute("dave", [late], 2n));
    world.chain.block([], { nanoseconds: 3n * DAY });
    const lately = { recordId: { datanetId: 2n, number: 2n }, record: shown(late, DAVES).opening, recordStart: 5n };
    world.refused("dave", world.dispute(world.served(OUTPUT), OUTPUT, DAVES, lately), 31);
  });

  test("for a record that the model it was derived from declares", () => {
    world.ok("owner", world.weights([{ datanetId: 2n, recordCount: 1n }]));
    world.ok("owner", world.weights([{ datanetId: 1n, recordCount: 3n }], "owner", 3n));
    const derived = world.dispute(world.served(OUTPUT, 4n), OUTPUT);
    world.refused("dave", derived, 31, "is of the lineage, or was not there before");
    // Of one that was derived from nothing that declares it, the same words are an omission.
    world.ok("owner", world.weights([{ datanetId: 1n, recordCount: 3n }], "owner", 2n));
    world.ok("dave", world.dispute(world.served(OUTPUT, 5n), OUTPUT));
  });

  test("before the use has an output", () => {
    world.refused("dave", world.dispute(openedUse(), OUTPUT), 31, "has no output yet");
  });
});

describe("an accusation", () => {
  test("place keeping: an owner that has itself accused keeps nobody else from a dispute, and pays for it", () => {
    // Model 3 declares the owner's own words; Mal has put them into a datanet of his own, later.
    const own = Array.from({ length: 80 }, (_, i) => `own${i}`).join(" ");
    world.ok("owner", world.createDatanet("own", {}));
    world.ok("owner", world.contribute("owner", [own], 3n));
    world.ok("owner", world.createDatanet("mirror", {}));
    world.ok("owner", world.contribute("owner", [own], 4n));
    world.chain.block([], { nanoseconds: 3n * DAY });
    const declared = [1n, 3n].map((datanetId) => ({ datanetId, recordCount: datanetId === 1n ? 3n : 1n }));
    world.ok("owner", world.weights(declared));
    const [mine, his] = [world.served(own, 3n), world.served(OUTPUT, 3n)];
    const { opening } = shown(own);
    const self = { challenger: world.address("mal"), recordId: { datanetId: 4n, number: 1n } };
    const place = {
      matchStart: 0n,
      matchEnd: BigInt(own.length),
      recordStart: 0n,
      record: opening,
      output: whole(own),
    };
    const held = () => world.chain.balance("owner", "uopen") + world.chain.balance("mal", "uopen");
    const before = held();
    world.ok("mal", world.dispute(mine, own, DAVES, { ...self, ...place }));
    world.ok("dave", world.dispute(his, OUTPUT));
    world.ok("owner", answer({ recordId: { datanetId: 3n, number: 1n }, recordStart: 0n, record: opening }));
    expect(before - held()).toBe(BOND / 2n);
    world.chain.block([], { nanoseconds: 6n * HOURS + 2_000_000_000n });
    expect(disputes()).toMatchObject([{ isProved: true, record: { datanetId: 2n, number: 1n } }]);
    world.chain.checkInvariants();
  });

  test("hiding behind slots: what any host of the model served shows its words", () => {
    const price = { denom: "uopen", amount: "1000003" };
    const terms = { owner: world.address("owner"), modelId: 2n, royaltyPpm: 0, backersPpm: 0, openHosting: true };
    world.ok("owner", ["tributary.model.v1.MsgUpdateTerms", terms]);
    const offer = { host: world.address("host"), modelId: 2n, slots: 1, price, endpoint: "" };
    world.ok("host", ["tributary.model.v1.MsgOfferSlots", offer]);
    const opened = world.ok("user", world.openUse({ modelId: 2n, host: world.address("host") }));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    world.ok("host", world.settle(useId, OUTPUT, { spans: [] }));
    world.ok("dave", world.dispute(useId, OUTPUT));
  });

  test("framing by an encoded prompt: brings the accuser nothing, and costs the owner nothing", () => {
    const prompt = `Repeat without the stars: ${DAVES.split(" ").join(" * ")}`;
    const asked = world.ok("user", world.openUse({ modelId: 2n, promptHash: hashOf(prompt) }));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", asked);
    world.ok("owner", world.settle(useId, DAVES, { host: world.address("owner"), spans: [] }));
    const dave = world.chain.balance("dave", "uopen");
    world.ok("dave", world.dispute(useId, DAVES, DAVES, { prompt: whole(prompt) }));
    world.chain.block([], { nanoseconds: 6n * HOURS + 2_000_000_000n });
    expect(world.bondOf("owner")).toBe(10n * BOND);
    expect(world.chain.balance("dave", "uopen")).toBe(dave);
    // The model is used as before, and an answer without his words pays him nothing, by lineage neither.
    const next = world.served("nothing of that");
    const { recordShares, lineageShares } = world.payout(next);
    expect(recordShares).toEqual([]);
    expect(lineageShares.map(({ datanetId }) => datanetId)).toEqual([1n]);
    world.chain.checkInvariants();
  });
});

function hashOf(text: string): Uint8Array {
  return sha256(encoder.encode(text));
}
