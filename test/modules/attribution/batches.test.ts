/** Batches through a chain: posted, challenged, final, claimed. The shares come from a search that tries every place. */
import { beforeEach, describe, expect, test } from "vitest";
import { defaultGenesis } from "../../../modules/attribution/genesis.ts";
import { acknowledgementText } from "../../../modules/attribution/receipt.ts";
import { decode, encode } from "../../../proto/codec.ts";
import { BatchPart, BatchStatus, ProofType, UseKind, UseStatus } from "../../../proto/enums.gen.ts";
import { toJson } from "../../../proto/json.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { accountOf, type MessageToSend } from "../../support/chain-harness.ts";
import { type MadeBatch, makeBatch, textRecord } from "../../support/honest-batch.ts";
import { NativeWorld, responseOf } from "../../support/native-world.ts";
import { showMatch, Texts } from "../../support/watcher.ts";

const FIRST = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
const SECOND = "function transfer(address to, uint256 amount) external returns (bool) { _move(to, amount); }";
const OUTPUT = `${FIRST} and then something else ${SECOND}`;
const PROMPT = "write me a token";
const encoder = new TextEncoder();
const DAY = 86_400_000_000_000n;
const GENESIS = "tributary.attribution.v1.GenesisState";

let world: NativeWorld;

/** A chain whose records have outlived their windows, and whose batches are never audited by lot unless a test says so. */
function newWorld(auditPpm = 0): NativeWorld {
  const genesis = defaultGenesis();
  const game = { ...genesis.params.game, auditPpm };
  const attribution = toJson(
    GENESIS,
    decode(GENESIS, encode(GENESIS, { ...genesis, params: { ...genesis.params, game } })),
  );
  const made = new NativeWorld(
    [
      { contributor: "ann", text: FIRST },
      { contributor: "bob", text: SECOND },
      { contributor: "eve", text: `// copied\n${FIRST}` },
    ],
    { appState: { attribution } },
  );
  // The host's key is on the chain once it has signed something.
  made.ok("host", ["tributary.datanet.v1.MsgJoin", { member: made.address("host"), datanetId: 1n }]);
  made.chain.block([], { nanoseconds: 3n * DAY });
  return made;
}

beforeEach(() => {
  world = newWorld();
});

function acknowledged(output = OUTPUT, units = 1n): bigint {
  const maxFee = { denom: "uopen", amount: "10000000" };
  const opened = world.ok("user", world.openUse({ maxFee, maxUnits: 3n, receiptKey: accountOf("user").publicKey }));
  const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
  world.ok("other", ack(useId, output, units));
  return useId;
}

function ack(useId: bigint, output: string, units: bigint): MessageToSend {
  const commit = (text: string) => textRecord(1n, "", encoder.encode(text)).text;
  const [prompt, answer] = [commit(PROMPT), commit(output)];
  const receipt = {
    ...{ promptRoot: prompt.root, promptLength: BigInt(prompt.length), units },
    ...{ outputRoot: answer.root, outputLength: BigInt(answer.length) },
  };
  const text = acknowledgementText(world.chain.chainId, useId, receipt);
  const signatures = { userSignature: world.signText("user", text), hostSignature: world.signText("host", text) };
  return ["tributary.attribution.v1.MsgAckUse", { sender: world.address("other"), useId, receipt, ...signatures }];
}

function use(useId: bigint): Messages["tributary.attribution.v1.Use"] {
  const request = ["tributary.attribution.v1.QueryUseRequest", { useId }] as const;
  return world.chain.query("/tributary.attribution.v1.Query/Use", request, "tributary.attribution.v1.QueryUseResponse")
    .use;
}

function batchOf(batchId: bigint): Messages["tributary.attribution.v1.Batch"] {
  const request = ["tributary.attribution.v1.QueryBatchRequest", { batchId }] as const;
  return world.chain.query(
    "/tributary.attribution.v1.Query/Batch",
    request,
    "tributary.attribution.v1.QueryBatchResponse",
  ).batch;
}

/** What an honest host makes of acknowledged uses, all with the same output; `known` says which records it looks at. */
function made(useIds: readonly bigint[], known: readonly number[] = [0, 1, 2]): MadeBatch {
  const { rules } = defaultGenesis().params;
  const records = known.map((i) => {
    const { contributor, text } = world.records[i]!;
    return textRecord(BigInt(i + 1), world.address(contributor), encoder.encode(text));
  });
  const [output, prompt] = [encoder.encode(OUTPUT), encoder.encode(PROMPT)];
  const proof = ProofType.PROOF_TYPE_SPAN;
  return makeBatch(
    useIds.map((useId) => ({ part: BigInt(use(useId).proved), proof, output, prompt })),
    records,
    rules,
  );
}

function postOf(useIds: readonly bigint[], { facts }: MadeBatch): MessageToSend {
  const { shareCount, sharesRoot, payeeCount, payoutsRoot, sum } = facts.commitment;
  const commitment = { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: sum.toString() };
  const { rules } = defaultGenesis().params;
  return ["tributary.attribution.v1.MsgPostBatch", { host: world.address("host"), useIds, ...commitment, rules }];
}

function posted(useIds: readonly bigint[], batch: MadeBatch): bigint {
  return responseOf("tributary.attribution.v1.MsgPostBatchResponse", world.ok("host", postOf(useIds, batch))).batchId;
}

function claim(batchId: bigint, batch: MadeBatch, index: number): MessageToSend {
  const payee = batch.payouts.openPayee(index);
  return ["tributary.attribution.v1.MsgClaimPayout", { sender: world.address("other"), batchId, payee }];
}

function refused(from: string, message: MessageToSend, code: number): void {
  const result = world.run(from, message);
  expect([result.codespace, result.code, result.log]).toEqual(["attribution", code, result.log]);
  world.chain.checkInvariants();
}

function payeeIndex(batch: MadeBatch, name: string): number {
  const beneficiary = name === "" ? "" : world.address(name);
  return batch.payouts.payees.findIndex(({ payee }) => payee.beneficiary === beneficiary);
}

describe("a receipt", () => {
  test("charges what was used, gives the rest back, and counts once; under-reporting against a receipt is an offence", () => {
    const before = world.chain.balance("user", "uopen");
    const useId = acknowledged(OUTPUT, 2n);
    expect(before - world.chain.balance("user", "uopen")).toBe(2n * 1_000_003n);
    expect(use(useId)).toMatchObject({ status: UseStatus.USE_STATUS_ACKNOWLEDGED, kind: UseKind.USE_KIND_INFERENCE });
    refused("other", ack(useId, OUTPUT, 2n), 6);
    const offence = world.ok("other", ack(useId, `${OUTPUT}!`, 2n));
    expect(responseOf("tributary.attribution.v1.MsgAckUseResponse", offence).isOffence).toBe(true);
    expect(offence.events.map(({ type }) => type)).toContain("use_under_reported");
    refused("other", ack(useId, `${OUTPUT}?`, 2n), 6);
    world.chain.checkInvariants();
  });
});

describe("an honest batch", () => {
  test("becomes final after its window, returns the bond, and pays every payee once", () => {
    const useIds = [acknowledged(), acknowledged()];
    const batch = made(useIds);
    const hostBefore = world.chain.balance("host", "uopen");
    const batchId = posted(useIds, batch);
    const { sum, bond } = batchOf(batchId);
    expect(BigInt(bond)).toBe(20n * BigInt(sum));
    expect(hostBefore - world.chain.balance("host", "uopen")).toBeGreaterThanOrEqual(BigInt(bond));
    refused("other", claim(batchId, batch, 0), 23);
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    expect(batchOf(batchId).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    world.chain.checkInvariants();
    const ann = world.chain.balance("ann", "uopen");
    const index = payeeIndex(batch, "ann");
    world.ok("other", claim(batchId, batch, index));
    const amount = BigInt(batch.payouts.payees[index]!.payee.amount);
    expect(world.chain.balance("ann", "uopen") - ann).toBe(amount);
    refused("other", claim(batchId, batch, index), 24);
    world.ok("other", claim(batchId, batch, payeeIndex(batch, "")));
    const lineage = [
      "tributary.attribution.v1.QueryLineageRequest",
      { datanetId: 1n, recordCount: 3n, number: 1n },
    ] as const;
    const answer = world.chain.query(
      "/tributary.attribution.v1.Query/Lineage",
      lineage,
      "tributary.attribution.v1.QueryLineageResponse",
    );
    expect(BigInt(answer.pending.amount)).toBeGreaterThan(0n);
    const claimLineage = { sender: world.address("other"), datanetId: 1n, recordCount: 3n, numbers: [1n] };
    world.ok("other", ["tributary.attribution.v1.MsgClaimLineage", claimLineage]);
    const paid = ["tributary.attribution.v1.QueryPayeeClaimedRequest", { batchId, index: BigInt(index) }] as const;
    expect(
      world.chain.query(
        "/tributary.attribution.v1.Query/PayeeClaimed",
        paid,
        "tributary.attribution.v1.QueryPayeeClaimedResponse",
      ).claimed,
    ).toBe(true);
    world.chain.checkInvariants();
    world.chain.block([], { nanoseconds: 181n * DAY });
    expect(batchOf(batchId).status).toBe(BatchStatus.BATCH_STATUS_SWEPT);
    world.chain.checkInvariants();
  });

  test("stands against challenges that show nothing wrong, and answers a demand for the challenger's bond", () => {
    const useIds = [acknowledged()];
    const batch = made(useIds);
    const batchId = posted(useIds, batch);
    const challenger = world.address("eve");
    const shares = [batch.shares.open(0)];
    refused("eve", ["tributary.attribution.v1.MsgChallengeShare", { challenger, batchId, shares }], 18);
    refused("eve", ["tributary.attribution.v1.MsgChallengePayout", { challenger, batchId, share: shares[0]! }], 18);
    const texts = new Texts(batch);
    const own = batch.shares.shares[0]!;
    const match = showMatch(texts, encoder.encode(OUTPUT), shares[0]!, own, {
      record: { datanetId: 1n, number: 3n },
      recordStart: 10n,
    });
    refused("eve", ["tributary.attribution.v1.MsgChallengeOmission", { challenger, batchId, ...match }], 18);
    const rank = {
      challenger,
      batchId,
      shares,
      recordId: { datanetId: 1n, number: 1n },
      record: match.record,
      prompt: match.output,
    };
    refused("eve", ["tributary.attribution.v1.MsgChallengeRank", rank], 18);
    const common = { challenger, batchId, share: shares[0]!, occurrences: [] };
    refused("eve", ["tributary.attribution.v1.MsgChallengeCommonness", common], 18);
    const part = BatchPart.BATCH_PART_SHARE;
    world.ok("eve", ["tributary.attribution.v1.MsgDemand", { challenger, batchId, part, index: 0n }]);
    refused("eve", ["tributary.attribution.v1.MsgDemand", { challenger, batchId, part, index: 0n }], 20);
    world.chain.checkInvariants();
    const before = world.chain.balance("host", "uopen");
    const answer = { ...texts.evidence(own), share: shares[0]!, host: world.address("host"), challengeId: 1n };
    world.ok("host", ["tributary.attribution.v1.MsgRespond", answer]);
    expect(world.chain.balance("host", "uopen") - before).toBeGreaterThan(900_000n);
    expect(batchOf(batchId)).toMatchObject({ status: BatchStatus.BATCH_STATUS_OPEN, openChallenges: 0 });
    world.chain.checkInvariants();
  });
});

describe("a false batch", () => {
  test("that leaves out a record loses its bond to whoever shows the match, and its uses wait for another", () => {
    const useIds = [acknowledged()];
    const [honest, lie] = [made(useIds), made(useIds, [1, 2])];
    const batchId = posted(useIds, lie);
    const { bond } = batchOf(batchId);
    const texts = new Texts(honest);
    const own = honest.shares.shares[0]!;
    const match = showMatch(texts, encoder.encode(OUTPUT), lie.shares.open(0), own, {
      record: own.record!,
      recordStart: own.recordStart,
    });
    const message = { challenger: world.address("ann"), batchId, ...match };
    const before = world.chain.balance("ann", "uopen");
    world.ok("ann", ["tributary.attribution.v1.MsgChallengeOmission", message]);
    expect(world.chain.balance("ann", "uopen") - before).toBe(BigInt(bond) / 2n);
    expect(batchOf(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    expect(use(useIds[0]!)).toMatchObject({ status: UseStatus.USE_STATUS_ACKNOWLEDGED, batchId: 0n });
    world.chain.checkInvariants();
    const again = posted(useIds, honest);
    world.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    expect(batchOf(again).status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    world.chain.checkInvariants();
  });

  test("whose host does not open what it committed to is rejected when the time to answer has ended", () => {
    const useIds = [acknowledged()];
    const batchId = posted(useIds, made(useIds));
    const message = { challenger: world.address("eve"), batchId, part: BatchPart.BATCH_PART_PAYEE, index: 0n };
    world.ok("eve", ["tributary.attribution.v1.MsgDemand", message]);
    world.chain.block([], { nanoseconds: 21_602_000_000_000n });
    expect(batchOf(batchId).status).toBe(BatchStatus.BATCH_STATUS_REJECTED);
    world.chain.checkInvariants();
  });

  test("is refused at once with another sum, other rules, or uses that are not the host's to settle", () => {
    const useIds = [acknowledged()];
    const batch = made(useIds);
    const [name, message] = postOf(useIds, batch) as [
      "tributary.attribution.v1.MsgPostBatch",
      Messages["tributary.attribution.v1.MsgPostBatch"],
    ];
    refused("host", [name, { ...message, sum: "1" }], 16);
    refused("host", [name, { ...message, rules: { ...message.rules, minTokens: 7 } }], 16);
    refused("host", [name, { ...message, useIds: [9n] }], 2);
    refused("other", [name, { ...message, host: world.address("other") }], 9);
  });
});

test("griefing and deadline stuffing: a challenge close to the end extends the window once, and an account may ask only so often at a time", () => {
  const useIds = [acknowledged()];
  const batch = made(useIds);
  const batchId = posted(useIds, batch);
  const { windowEnd } = batchOf(batchId);
  world.chain.block([], { nanoseconds: DAY - 3_600_000_000_000n });
  const ask = (index: bigint, entry: bigint): MessageToSend => {
    const part = index === 0n ? BatchPart.BATCH_PART_ENTRY : BatchPart.BATCH_PART_SHARE;
    return [
      "tributary.attribution.v1.MsgDemand",
      { challenger: world.address("eve"), batchId, part, index: 0n, entry },
    ];
  };
  world.ok("eve", ask(0n, 0n));
  const extended = batchOf(batchId);
  expect([extended.isExtended, extended.windowEnd > windowEnd]).toEqual([true, true]);
  for (let entry = 1n; entry < 8n; entry++) world.ok("eve", ask(0n, entry));
  refused("eve", ask(0n, 8n), 20);
  const open = ["tributary.attribution.v1.QueryChallengesRequest", { batchId }] as const;
  const { challenges } = world.chain.query(
    "/tributary.attribution.v1.Query/Challenges",
    open,
    "tributary.attribution.v1.QueryChallengesResponse",
  );
  expect(challenges.map(({ entry }) => entry)).toEqual([0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n]);
  const first = ["tributary.attribution.v1.QueryChallengeRequest", { challengeId: 1n }] as const;
  const { challenge } = world.chain.query(
    "/tributary.attribution.v1.Query/Challenge",
    first,
    "tributary.attribution.v1.QueryChallengeResponse",
  );
  expect(challenge.challenger).toBe(world.address("eve"));
  expect(batchOf(batchId).windowEnd).toBe(extended.windowEnd);
});

test("the lot is drawn in the block after a batch was posted; without bonded stake there is nobody to audit", () => {
  world = newWorld(1_000_000);
  const useIds = [acknowledged()];
  const batchId = posted(useIds, made(useIds));
  expect(batchOf(batchId).isDrawn).toBe(false);
  world.chain.block([]);
  expect(batchOf(batchId)).toMatchObject({ isDrawn: true, openChallenges: 0 });
  world.chain.checkInvariants();
});

test("a use nobody batched in time gives the user the host's part, and the data's to the lineage", () => {
  const useId = acknowledged();
  refused("other", ["tributary.attribution.v1.MsgCancelUse", { sender: world.address("other"), useId }], 8);
  world.chain.block([], { nanoseconds: 4n * DAY });
  const before = world.chain.balance("user", "uopen");
  world.ok("other", ["tributary.attribution.v1.MsgCancelUse", { sender: world.address("other"), useId }]);
  expect(world.chain.balance("user", "uopen") - before).toBe(300_000n);
  expect(use(useId).status).toBe(UseStatus.USE_STATUS_DEFAULTED);
  world.chain.checkInvariants();
});

test("a table of terms is registered in order, and batches and tables are listed", () => {
  const term = (text: string) => ({ term: encoder.encode(text), occurrences: 2n, documents: 1n });
  const totals = { tokens: 10n, documents: 5n, averageTokens: 4n, restOccurrences: 1n, restDocuments: 1n };
  const creator = world.address("owner");
  const register = (terms: readonly { term: Uint8Array }[]): MessageToSend => {
    return ["tributary.attribution.v1.MsgRegisterTable", { creator, table: { ...totals, terms } } as never];
  };
  world.ok("owner", register([term("add"), term("to")]));
  refused("owner", register([term("to"), term("add")]), 26);
  const table = ["tributary.attribution.v1.QueryTableRequest", { tableId: 1n }] as const;
  expect(
    world.chain.query("/tributary.attribution.v1.Query/Table", table, "tributary.attribution.v1.QueryTableResponse")
      .table.terms,
  ).toHaveLength(2);
  const all = ["tributary.attribution.v1.QueryBatchesRequest", {}] as const;
  expect(
    world.chain.query("/tributary.attribution.v1.Query/Batches", all, "tributary.attribution.v1.QueryBatchesResponse")
      .batches,
  ).toEqual([]);
});
