/** The steps of a random life of attribution: right ones that must succeed, and wrong ones that must be refused. */
import { verifyPayee } from "../../modules/attribution/batch/payees.ts";
import { utf8 } from "../../proto/bytes.ts";
import { BatchPart, BatchStatus, UseStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Attempt, AttributionLife, PostedBatch, Step } from "./attribution-life.ts";
import { OUTPUT } from "./batch-world.ts";
import type { MessageToSend } from "./chain-harness.ts";
import { DAVES, shown } from "./lineage-world.ts";
import { nativeHasher } from "./native-hasher.ts";
import { randomLie } from "./random-batch.ts";
import { challengesOf, hostAnswer, postedAs, showMatch, Texts } from "./watcher.ts";

type Use = Messages["tributary.attribution.v1.Use"];

const CLAIMANTS = ["ann", "bob", "eve", "host", "owner"];
const MIN_CLAIM = 1000n;
/** What Dave's words are quoted in. */
const LEAK = `as I always say: ${DAVES}, and so on`;

function uses({ chain }: Pick<AttributionLife, "chain">): readonly Use[] {
  const request = ["tributary.attribution.v1.QueryUsesRequest", { pagination: { limit: 1000n } }] as const;
  const path = "/tributary.attribution.v1.Query/Uses";
  return chain.query(path, request, "tributary.attribution.v1.QueryUsesResponse").uses;
}

/** Acknowledged uses that can still be put in a batch, or those that no longer can. */
function waiting(life: AttributionLife, inTime = true): readonly Use[] {
  return uses(life)
    .filter(({ status, modelId }) => status === UseStatus.USE_STATUS_ACKNOWLEDGED && modelId === 1n)
    .filter(({ settleBy }) => settleBy > life.soon === inTime);
}

function someOpen(life: AttributionLife, expired: boolean): bigint | undefined {
  const fitting = life.open.filter((useId) => life.world.use(useId).expiresAt > life.soon !== expired);
  return fitting.length === 0 ? undefined : life.dice.pick(fitting);
}

function closes(life: AttributionLife, useId: bigint): () => void {
  return () => void life.open.splice(life.open.indexOf(useId), 1);
}

function cancelling(life: AttributionLife, from: string, useId: bigint, isWrong: boolean): Attempt {
  const value = { sender: life.world.address(from), useId };
  return { from, message: ["tributary.attribution.v1.MsgCancelUse", value], isWrong, done: closes(life, useId) };
}

/** Spans are in the order of the output and overlap nowhere, so no token is paid twice. */
function requireDisjoint({ spans }: Messages["tributary.attribution.v1.Payout"]): void {
  let free = 0;
  for (const { outputStart, length } of spans) {
    if (outputStart < free) throw new Error("a token was paid twice");
    free = outputStart + length;
  }
}

const useSteps: readonly (readonly [string, Step])[] = [
  [
    "open",
    ({ world, open }, isWrong) => ({
      from: "user",
      message: world.openUse({ maxFee: { denom: "uopen", amount: isWrong ? "1" : "2000000" } }),
      isWrong,
      done: () => void open.push(uses(world).at(-1)!.id),
    }),
  ],
  [
    "cancel",
    (life, isWrong) => {
      const useId = someOpen(life, false);
      return useId === undefined ? undefined : cancelling(life, isWrong ? "user" : "host", useId, isWrong);
    },
  ],
  [
    "expire",
    (life, isWrong) => {
      const useId = someOpen(life, !isWrong);
      return useId === undefined ? undefined : cancelling(life, "other", useId, isWrong);
    },
  ],
  [
    "settle",
    (life, isWrong) => {
      const useId = someOpen(life, false);
      if (useId === undefined) return undefined;
      const from = isWrong ? "other" : "host";
      const message = life.world.settle(useId, OUTPUT, { host: life.world.address(from) });
      const done = () => {
        closes(life, useId)();
        requireDisjoint(life.world.payout(useId));
      };
      return { from, message, isWrong, done };
    },
  ],
  [
    "settleBare",
    (life, isWrong) => {
      const useId = someOpen(life, false);
      if (useId === undefined) return undefined;
      const from = isWrong ? "other" : "host";
      const message = life.world.settle(useId, OUTPUT, { host: life.world.address(from), spans: [] });
      const done = () => {
        closes(life, useId)();
        life.bare.push(useId);
      };
      return { from, message, isWrong, done };
    },
  ],
  ["challengeSettlement", challengeSettlement],
  [
    "price",
    ({ world, dice }, isWrong) => {
      const from = isWrong ? "other" : "owner";
      const price = { denom: "uopen", amount: `${100_000 + dice.below(1_800_000)}` };
      const value = { owner: world.address(from), modelId: 1n, host: world.address("host"), price };
      return { from, message: ["tributary.model.v1.MsgUpdateHosting", value], isWrong };
    },
  ],
  [
    "claim",
    ({ world, dice }, isWrong) => {
      const due = CLAIMANTS.filter((name) => world.unclaimed(name) >= MIN_CLAIM !== isWrong);
      if (due.length === 0) return undefined;
      const value = { sender: world.address("other"), beneficiary: world.address(dice.pick(due)) };
      return { from: "other", message: ["tributary.attribution.v1.MsgClaim", value], isWrong };
    },
  ],
];

/** Ann shows the match of hers that a settlement left out, or shows it in a wrong place. */
function challengeSettlement({ world, bare, chain }: AttributionLife, isWrong: boolean): Attempt | undefined {
  const limit = chain.time.seconds - 80_000n;
  const at = bare.findIndex((useId) => world.use(useId).expiresAt > limit);
  if (at < 0) return undefined;
  const { text } = world.records[0]!;
  const value = {
    ...{ challenger: world.address("ann"), useId: bare[at]!, output: utf8(OUTPUT) },
    ...{ matchStart: 0n, matchEnd: BigInt(text.length), recordStart: isWrong ? 1n : 0n },
    ...{ recordId: { datanetId: 1n, number: 1n }, record: shown(text).opening },
  };
  const message: MessageToSend = ["tributary.attribution.v1.MsgChallengeSettlement", value];
  return { from: "ann", message, isWrong, done: () => void bare.splice(at, 1) };
}

const receiptSteps: readonly (readonly [string, Step])[] = [
  [
    "acknowledge",
    (life, isWrong) => {
      const { world } = life;
      const useId = isWrong ? waiting(life)[0]?.id : world.opened();
      // A wrong one asks for more units than the fee pays.
      return useId === undefined
        ? undefined
        : { from: "other", message: world.ack(useId, OUTPUT, isWrong ? 2n : 1n), isWrong };
    },
  ],
  [
    "report",
    (life, isWrong) => {
      const use = waiting(life).find(({ id }) => !life.reported.has(id));
      if (use === undefined) return undefined;
      const message = life.world.ack(use.id, isWrong ? OUTPUT : `${OUTPUT}!`, 1n);
      return { from: "other", message, isWrong, done: () => void life.reported.add(use.id) };
    },
  ],
  [
    "giveUp",
    (life, isWrong) => {
      const useId = waiting(life, isWrong)[0]?.id;
      if (useId === undefined) return undefined;
      const value = { sender: life.world.address("other"), useId };
      return { from: "other", message: ["tributary.attribution.v1.MsgCancelUse", value], isWrong };
    },
  ],
];

/** The truth, a batch that does not know Ann's record, or one of the game's lies. */
function batchOver({ world, dice }: AttributionLife, useIds: readonly bigint[]) {
  const truth = world.made(useIds);
  const fate = dice.below(5);
  if (fate === 2) return { truth, posted: { ...postedAs(world.made(useIds, [1, 2])) }, isHonest: false };
  const found = fate > 2 ? randomLie(truth, dice.below(1_000_000)) : undefined;
  const { shareCount, payeeCount } = found?.posted.facts.commitment ?? truth.facts.commitment;
  // More payees than shares are refused when they are posted.
  const lie = payeeCount > shareCount ? undefined : found;
  return { truth, posted: lie?.posted ?? postedAs(truth), isHonest: lie === undefined };
}

function withStatus({ batches, world }: AttributionLife, status: number): readonly PostedBatch[] {
  return batches.filter(({ id }) => world.batch(id).status === status);
}

function openBatches(life: AttributionLife): readonly PostedBatch[] {
  return withStatus(life, BatchStatus.BATCH_STATUS_OPEN);
}

const batchSteps: readonly (readonly [string, Step])[] = [
  [
    "post",
    (life, isWrong) => {
      const useIds = waiting(life)
        .slice(0, 1 + life.dice.below(3))
        .map(({ id }) => id);
      if (useIds.length === 0) return undefined;
      const made = batchOver(life, useIds);
      const [name, value] = life.world.postOf(useIds, made.posted) as [
        "tributary.attribution.v1.MsgPostBatch",
        { sum: string },
      ];
      const message = [name, isWrong ? { ...value, sum: `${BigInt(value.sum) + 1n}` } : value] as MessageToSend;
      const id = BigInt(life.batches.length + 1);
      return {
        from: "host",
        message,
        isWrong,
        done: () => void life.batches.push({ ...made, id, useIds, claimed: new Set() }),
      };
    },
  ],
  ["challenge", challenge],
  [
    "demand",
    (life, isWrong) => {
      const { world, dice } = life;
      const open = openBatches(life).filter(
        ({ id }) => world.batch(id).windowEnd > life.soon && world.challenges(id).length === 0,
      );
      if (open.length === 0) return undefined;
      const { id } = dice.pick(open);
      const count = Number(world.batch(id).shareCount);
      const index = BigInt(isWrong ? count : dice.below(count));
      return { from: "eve", message: world.demand(id, BatchPart.BATCH_PART_SHARE, index), isWrong };
    },
  ],
  ["respond", respond],
  ["claimPayout", claimPayout],
  [
    "claimLineage",
    ({ world, chain, dice }, isWrong) => {
      const { pools = [] } = chain.application.exportGenesis().attribution as {
        pools?: readonly { datanet_id: string; record_count: string }[];
      };
      if (!pools.some(({ datanet_id, record_count }) => datanet_id === "1" && record_count === "3")) return undefined;
      const number = isWrong ? 4n : BigInt(1 + dice.below(3));
      const value = { sender: world.address("other"), datanetId: 1n, recordCount: 3n, numbers: [number] };
      return { from: "other", message: ["tributary.attribution.v1.MsgClaimLineage", value], isWrong };
    },
  ],
];

/** Whatever beats a false batch; against an honest one, Ann's match proves nothing. */
function challenge(life: AttributionLife, isWrong: boolean): Attempt | undefined {
  const { world, dice } = life;
  const open = openBatches(life).filter(({ isHonest }) => isHonest === isWrong);
  if (open.length === 0) return undefined;
  const { id: batchId, truth, posted } = dice.pick(open);
  const challenger = world.address("ann");
  if (isWrong) {
    const own = truth.shares.shares[0]!;
    const at = { record: own.record!, recordStart: own.recordStart };
    const match = showMatch(new Texts(truth), utf8(OUTPUT), truth.shares.open(0), own, at);
    const message: MessageToSend = ["tributary.attribution.v1.MsgChallengeOmission", { ...match, challenger, batchId }];
    return { from: "ann", message, isWrong };
  }
  const wins = [...challengesOf(truth, posted)].filter(({ shown: [name] }) => name !== "MsgDemand");
  if (wins.length === 0) return undefined;
  const [name, value] = dice.pick(wins).shown;
  const message = [`tributary.attribution.v1.${name}`, { ...value, challenger, batchId }] as unknown as MessageToSend;
  return { from: "ann", message, isWrong };
}

/** The host answers what it can, an audit's question as well; a wrong answer shows nothing. */
function respond(life: AttributionLife, isWrong: boolean): Attempt | undefined {
  const { world, dice } = life;
  const answerable = openBatches(life).flatMap(({ id, truth, posted }) => {
    const texts = new Texts(truth);
    return world
      .challenges(id)
      .filter(({ answerBy, index, entry }) => {
        return answerBy > life.soon && hostAnswer(posted, texts, Number(index), Number(entry)) === undefined;
      })
      .map((asked) => ({ asked, texts, share: posted.openShare(Number(asked.index))! }));
  });
  if (answerable.length === 0) return undefined;
  const { asked, texts, share } = dice.pick(answerable);
  const evidence = isWrong ? {} : texts.evidence(share.share);
  const value = { ...evidence, share, host: world.address("host"), challengeId: asked.id };
  return { from: "host", message: ["tributary.attribution.v1.MsgRespond", value], isWrong };
}

/** A payee that was not paid yet, or one that was; who names no account is nobody. */
function claimPayout(life: AttributionLife, isWrong: boolean): Attempt | undefined {
  const { world, chain, dice } = life;
  const isNamed = (beneficiary: string): boolean => {
    try {
      return beneficiary === "" || chain.addresses.parseAccount(beneficiary).length > 0;
    } catch {
      return false;
    }
  };
  const claims = withStatus(life, BatchStatus.BATCH_STATUS_FINAL).flatMap(({ id, posted, claimed }) => {
    const { payeeCount, payoutsRoot: hash, sum } = world.batch(id);
    const opened = Array.from({ length: Number(payeeCount) }, (_, index) => posted.openPayee(index));
    return opened.flatMap((payee, index) => {
      if (payee === undefined || claimed.has(index) !== isWrong || !isNamed(payee.payee.beneficiary)) return [];
      return verifyPayee({ sum: BigInt(sum), hash }, payeeCount, payee, nativeHasher)
        ? [{ id, payee, index, claimed }]
        : [];
    });
  });
  if (claims.length === 0) return undefined;
  const { id: batchId, payee, index, claimed } = dice.pick(claims);
  const value = { sender: world.address("other"), batchId, payee };
  const message: MessageToSend = ["tributary.attribution.v1.MsgClaimPayout", value];
  return { from: "other", message, isWrong, done: () => void claimed.add(index) };
}

function disputes({ chain }: AttributionLife) {
  const request = ["tributary.attribution.v1.QueryDisputesRequest", {}] as const;
  const path = "/tributary.attribution.v1.Query/Disputes";
  return chain.query(path, request, "tributary.attribution.v1.QueryDisputesResponse").disputes;
}

function lastModel({ chain }: AttributionLife): bigint {
  const request = ["tributary.model.v1.QueryModelsRequest", { pagination: { limit: 1n, reverse: true } }] as const;
  const path = "/tributary.model.v1.Query/Models";
  return chain.query(path, request, "tributary.model.v1.QueryModelsResponse").models[0]!.id;
}

const disputeSteps: readonly (readonly [string, Step])[] = [
  [
    "disputeLineage",
    (life, isWrong) => {
      const { world, dice } = life;
      if (disputes(life).some(({ isProved }) => !isProved)) return undefined;
      // A model that leaves Dave's record out, or one that declares it and is accused for a copy of later.
      const isTrue = dice.below(2) === 0;
      world.ok("owner", world.weights([{ datanetId: isTrue ? 1n : 2n, recordCount: isTrue ? 3n : 1n }]));
      const useId = world.served(LEAK, lastModel(life));
      const copy = { recordId: { datanetId: 3n, number: 1n } };
      const message = world.dispute(useId, LEAK, isWrong ? "dave7 dave8" : DAVES, isTrue ? {} : copy);
      return { from: "dave", message, isWrong };
    },
  ],
  [
    "answerDispute",
    (life, isWrong) => {
      const { world } = life;
      const open = disputes(life).find(
        ({ isProved, answerBy, record }) => !isProved && answerBy > life.soon && record.datanetId === 3n,
      );
      if (open === undefined) return undefined;
      const recordId = { datanetId: isWrong ? 3n : 2n, number: 1n };
      const value = { owner: world.address("owner"), disputeId: open.id, recordId, recordStart: 0n };
      const message: MessageToSend = [
        "tributary.attribution.v1.MsgAnswerDispute",
        { ...value, record: shown(DAVES).opening },
      ];
      return { from: "owner", message, isWrong };
    },
  ],
];

/** Every kind of step by its name. */
export const attributionSteps: ReadonlyMap<string, Step> = new Map([
  ...useSteps,
  ...receiptSteps,
  ...batchSteps,
  ...disputeSteps,
]);

/** A copy of Dave's words in a datanet of the user's, whose windows have ended. */
export function copyDave({ world, chain }: AttributionLife): void {
  world.ok("user", world.createDatanet("copies", {}, "user"));
  world.ok("user", world.contribute("user", [DAVES], 3n));
  chain.block([], { nanoseconds: 3n * 86_400_000_000_000n });
}
