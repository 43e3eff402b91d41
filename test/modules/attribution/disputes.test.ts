/** Disputes about lineages through a chain: words of a record that a model's lineage leaves out, answers, and silence. */
import { beforeEach, describe, expect, test } from "vitest";
import { defaultParams } from "../../../modules/attribution/params.ts";
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

function disputes() {
  const request = ["tributary.attribution.v1.QueryDisputesRequest", {}] as const;
  const path = "/tributary.attribution.v1.Query/Disputes";
  return world.chain.query(path, request, "tributary.attribution.v1.QueryDisputesResponse").disputes;
}

function answer(changes: object): MessageToSend {
  const { start, opening } = shown(DAVES);
  const value = { disputeId: 1n, recordId: { datanetId: 1n, number: 1n }, recordStart: start, record: opening };
  return ["tributary.attribution.v1.MsgAnswerDispute", { owner: world.address("owner"), ...value, ...changes }];
}

describe("a lineage that leaves out a record", () => {
  test("costs the owner three tenths of the bond, half of it the challenger's, and the version's further uses", () => {
    const dave = world.chain.balance("dave", "uopen");
    const opened = world.ok("dave", world.dispute(world.served(OUTPUT), OUTPUT));
    const { disputeId } = responseOf("tributary.attribution.v1.MsgDisputeLineageResponse", opened);
    expect(dave - world.chain.balance("dave", "uopen")).toBe(BOND);
    world.chain.checkInvariants();
    // Until the time to answer has ended the model is used as before.
    world.served("nothing new");
    world.chain.block([], { nanoseconds: 6n * HOURS + 2_000_000_000n });
    world.chain.checkInvariants();
    const request = ["tributary.attribution.v1.QueryDisputeRequest", { disputeId }] as const;
    const path = "/tributary.attribution.v1.Query/Dispute";
    const { dispute } = world.chain.query(path, request, "tributary.attribution.v1.QueryDisputeResponse");
    expect(dispute).toMatchObject({ modelId: 2n, modelVersion: 1, isProved: true, bond: "0" });
    expect(world.bondOf("owner")).toBe(7n * BOND);
    expect(world.chain.balance("dave", "uopen") - dave).toBe((3n * BOND) / 2n);
    world.refused("user", world.openUse({ modelId: 2n }), 34, "record 2/1");
    world.refused("owner", answer({}), 32);
    world.refused("dave", world.dispute(1n, OUTPUT), 20);
    // With a version that declares the record the model goes on.
    world.ok(
      "owner",
      world.version([
        { datanetId: 1n, recordCount: 3n },
        { datanetId: 2n, recordCount: 1n },
      ]),
    );
    world.ok("user", world.openUse({ modelId: 2n }));
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
    // The other half is burned, so that nobody disputes and answers himself at no cost.
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

describe("disputes of one version", () => {
  const half = (from: number) =>
    DAVES.split(" ")
      .slice(from, from + 70)
      .join(" ");

  test("wait beside each other, the next dearer, so that an owner cannot keep others away; one that is proved ends all", () => {
    const useId = world.served(OUTPUT);
    const [owner, dave] = ["owner", "dave"].map((name) => world.chain.balance(name, "uopen"));
    // The owner's own comes first, and the same words are not taken twice.
    const own = { challenger: world.address("owner") };
    world.ok("owner", world.dispute(useId, OUTPUT, DAVES, own));
    world.refused("dave", world.dispute(useId, OUTPUT), 20, "these words of the record are disputed already");
    for (const from of [0, 1, 2]) world.ok("owner", world.dispute(useId, OUTPUT, half(from), own));
    world.ok("dave", world.dispute(useId, OUTPUT, half(4)));
    const perDoubling = BigInt(defaultParams.game.challengesPerDoubling);
    expect(disputes().map(({ bond }) => BigInt(bond))).toEqual(
      [0n, 1n, 2n, 3n, 4n].map((waiting) => BOND << (waiting / perDoubling)),
    );
    world.chain.checkInvariants();
    const imported = ChainHarness.genesis({
      wholeAppState: JSON.parse(JSON.stringify(world.chain.application.exportGenesis())) as JsonValue,
      initialHeight: world.chain.height + 1n,
      time: world.chain.time,
    });
    for (const chain of [world.chain, imported]) chain.block([], { nanoseconds: 6n * HOURS + 2_000_000_000n });
    expect(imported.application.exportGenesis()).toEqual(world.chain.application.exportGenesis());
    expect(disputes()).toMatchObject([{ isProved: true, challenger: world.address("owner") }]);
    // All bonds are back, and the owner lost once, whatever it got of that for informing on itself.
    expect(world.chain.balance("dave", "uopen")).toBe(dave);
    expect(world.bondOf("owner")).toBe(7n * BOND);
    expect(world.chain.balance("owner", "uopen") - owner!).toBe((3n * BOND) / 2n);
    world.chain.checkInvariants();
  });

  test("are so many of one account's at most", () => {
    const useId = world.served(OUTPUT);
    const { maxOpenPerChallenger } = defaultParams.game;
    for (let from = 0; from < maxOpenPerChallenger; from++) world.ok("dave", world.dispute(useId, OUTPUT, half(from)));
    world.refused("dave", world.dispute(useId, OUTPUT), 20, `${maxOpenPerChallenger} disputes of yours wait`);
    expect(disputes()).toHaveLength(maxOpenPerChallenger);
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

  test("for a record of the lineage, one that came after the version, and a use that another host served", () => {
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
    // A host that offers slots could sign anything in the model's name.
    const price = { denom: "uopen", amount: "1000003" };
    const terms = { owner: world.address("owner"), modelId: 2n, royaltyPpm: 0, backersPpm: 0, openHosting: true };
    world.ok("owner", ["tributary.model.v1.MsgUpdateTerms", terms]);
    const offer = { host: world.address("host"), modelId: 2n, slots: 1, price, endpoint: "" };
    world.ok("host", ["tributary.model.v1.MsgOfferSlots", offer]);
    const opened = world.ok("user", world.openUse({ modelId: 2n, host: world.address("host") }));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    world.ok("host", world.settle(useId, OUTPUT, { spans: [] }));
    world.refused("dave", world.dispute(useId, OUTPUT), 31, "the model's own host");
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

  test("for words that are disputed already, and before the use has an output", () => {
    const first = world.served(OUTPUT);
    const opened = world.ok("user", world.openUse({ modelId: 2n }));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    world.refused("dave", world.dispute(useId, OUTPUT), 31, "has no output yet");
    world.ok("dave", world.dispute(first, OUTPUT));
    world.refused("dave", world.dispute(first, OUTPUT), 20);
  });
});

function hashOf(text: string): Uint8Array {
  return sha256(encoder.encode(text));
}
