/**
 * What is done about batches, false ones and others: challenges of every kind, demands, answers and silence. Owns the choice;
 * what beats a batch is found by support/watcher.ts.
 */
import { answerFlaw } from "../../../modules/attribution/challenge/answer.ts";
import { BatchPart, BatchStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import { type ChallengeShown, showPlaces, Texts } from "../../support/watcher.ts";
import type { KeptBatch } from "../library.ts";
import type { Operation, Plan } from "../operation.ts";
import type { AppWorld } from "../world.ts";
import { type Batch, batchesOf } from "./batches.ts";

type Challenge = Messages["tributary.attribution.v1.Challenge"];
type Answer = Parameters<typeof answerFlaw>[1];

const NOTHING: Answer = {
  ...{ share: undefined, payee: undefined, entry: undefined, output: undefined, prompt: undefined, record: undefined },
  ...{ occurrences: [], chosen: 0 },
};

/** Batches that can be challenged, with what is kept of them. */
function openBatches(world: AppWorld): readonly { readonly batch: Batch; readonly kept: KeptBatch }[] {
  return batchesOf(world, BatchStatus.BATCH_STATUS_OPEN)
    .filter(({ windowEnd }) => windowEnd > world.now + 12n)
    .flatMap((batch) => {
      const kept = world.library.batch(batch);
      return kept === undefined ? [] : [{ batch, kept }];
    });
}

function challengesOf(world: AppWorld, batchId: bigint): readonly Challenge[] {
  return world.ask("attribution", "Challenges", { batchId }).challenges;
}

/** The message of a challenge, as somebody sends it. */
function sent(world: AppWorld, batchId: bigint, [name, shown]: ChallengeShown): Plan {
  const from = world.payer();
  const value = { ...shown, challenger: world.address(from), batchId };
  return { from, message: [`tributary.attribution.v1.${name}`, value] as unknown as MessageToSend };
}

/** A challenge of one kind of a false batch that it beats. */
function beating(name: ChallengeShown[0], weight: number): Operation {
  return {
    name: `attribution.${name.slice("Msg".length)}`,
    weight,
    plan: (world) => {
      const beaten = openBatches(world).flatMap(({ batch, kept }) => {
        const win = kept.wins().find(({ shown }) => shown[0] === name);
        return win === undefined ? [] : [{ batch, shown: win.shown }];
      });
      const one = world.some(beaten);
      if (one === undefined) return undefined;
      const isWaiting = name === "MsgChallengeCommonness" && challengesOf(world, one.batch.id).length > 0;
      return isWaiting ? undefined : sent(world, one.batch.id, one.shown);
    },
  };
}

/** A demand of any part of any batch. */
const demandOperation: Operation = {
  name: "attribution.Demand",
  weight: 4,
  plan: (world) => {
    const { random } = world;
    const one = world.some(openBatches(world));
    if (one === undefined) return undefined;
    const { batch, kept } = one;
    const part = random.pick([BatchPart.BATCH_PART_SHARE, BatchPart.BATCH_PART_PAYEE, BatchPart.BATCH_PART_ENTRY]);
    const count = part === BatchPart.BATCH_PART_SHARE ? batch.shareCount : batch.payeeCount;
    const unanswerable = kept.wins().find(({ shown }) => shown[0] === "MsgDemand");
    if (unanswerable === undefined && count === 0n) return undefined;
    const any = { part, index: BigInt(random.below(Number(count))), entry: BigInt(random.below(8)) };
    const asked = unanswerable?.shown[0] === "MsgDemand" ? unanswerable.shown[1] : any;
    const isAsked = challengesOf(world, batch.id).some(
      (open) => open.part === asked.part && open.index === asked.index && open.entry === asked.entry,
    );
    return isAsked ? undefined : sent(world, batch.id, ["MsgDemand", asked]);
  },
};

/** What the host can open of a batch; undefined where it has nothing. */
function opened({ posted, truth }: KeptBatch, { part, index, entry, occurrences }: Challenge): Answer | undefined {
  const [texts, at] = [new Texts(truth), Number(index)];
  if (part === BatchPart.BATCH_PART_PAYEE || part === BatchPart.BATCH_PART_ENTRY) {
    const payee = posted.openPayee(at);
    if (payee === undefined || part === BatchPart.BATCH_PART_PAYEE) return payee && { ...NOTHING, payee };
    const last = payee.payee.entryCount - 1n;
    const shown = posted.openEntry(at, Number(entry < last ? entry : last));
    // A payee that is said to have more entries than it has cannot show the last.
    return (shown?.entry as object | undefined) === undefined ? undefined : { ...NOTHING, payee, entry: shown };
  }
  const share = posted.openShare(at);
  if (share === undefined) return undefined;
  if (part === BatchPart.BATCH_PART_SHARE) {
    const list = truth.lists.get(Buffer.from(share.share.occurrencesHash).toString("hex")) ?? [];
    const chosen = list.length === 0 ? 0 : Number(entry % BigInt(list.length));
    return { ...NOTHING, ...texts.evidence(share.share, chosen), share };
  }
  return refutation(texts, share, occurrences);
}

/** The first of the listed places that does not hold the share's match. */
function refutation(
  texts: Texts,
  share: NonNullable<Answer["share"]>,
  occurrences: Challenge["occurrences"],
): Answer | undefined {
  const { matchStart, matchEnd, usePosition } = share.share;
  const { output } = texts.made.uses[usePosition]!;
  const words = Buffer.from(output.subarray(Number(matchStart), Number(matchEnd)));
  const chosen = occurrences.findIndex(({ record, recordStart }) => {
    const text = texts.record(record)?.bytes.subarray(Number(recordStart), Number(recordStart) + words.length);
    return text === undefined || !words.equals(text);
  });
  const place = occurrences[chosen];
  const record = place && texts.record(place.record);
  if (place === undefined || record === undefined) return undefined;
  const start = Number(place.recordStart);
  return {
    ...{ ...NOTHING, share, chosen },
    output: texts.show(output, Number(matchStart), Number(matchEnd)),
    record: texts.show(record.bytes, start, start + words.length),
  };
}

const respondOperation: Operation = {
  name: "attribution.Respond",
  weight: 8,
  plan: (world) => {
    const asked = batchesOf(world, BatchStatus.BATCH_STATUS_OPEN).flatMap((batch) =>
      challengesOf(world, batch.id)
        .filter(({ answerBy }) => answerBy > world.now + 12n)
        .map((challenge) => ({ batch, challenge })),
    );
    const one = world.some(asked);
    const from = one && world.nameOf(one.batch.host);
    const kept = one && world.library.batch(one.batch);
    const answer = kept && opened(kept, one.challenge);
    if (one === undefined || from === undefined || kept === undefined || answer === undefined) return undefined;
    // Who has no answer is silent, as a rule.
    const flaw = answerFlaw(one.challenge, answer, kept.posted.facts, nativeHasher);
    if (flaw !== undefined && world.random.chance(0.95)) return undefined;
    const value = { ...answer, host: one.batch.host, challengeId: one.challenge.id };
    return { from, message: ["tributary.attribution.v1.MsgRespond", value] };
  },
};

/** Challenges of one kind that wait, with what is kept of their batches. */
function waitingLists(world: AppWorld, isContested: boolean) {
  return batchesOf(world, BatchStatus.BATCH_STATUS_OPEN).flatMap((batch) => {
    const kept = world.library.batch(batch);
    const lists = challengesOf(world, batch.id).filter(
      ({ part, answerBy, contested }) =>
        part === BatchPart.BATCH_PART_COMMONNESS && answerBy > world.now + 12n && contested.length > 0 === isContested,
    );
    return kept === undefined ? [] : lists.map((challenge) => ({ batch, kept, challenge }));
  });
}

/** A host contests places, whether it has their texts or not. */
const contestOperation: Operation = {
  name: "attribution.ContestOccurrences",
  weight: 10,
  plan: (world) => {
    const one = world.some(waitingLists(world, false));
    const from = one && world.nameOf(one.batch.host);
    if (one === undefined || from === undefined) return undefined;
    const all = [...one.challenge.occurrences.keys()];
    const contested = world.random.chance(0.5) ? all : all.slice(world.random.below(all.length));
    const value = { host: one.batch.host, challengeId: one.challenge.id, contested };
    return { from, message: ["tributary.attribution.v1.MsgContestOccurrences", value] };
  },
};

/** The challenger shows what is contested, as far as there are texts: at times in two messages. */
const showOperation: Operation = {
  name: "attribution.ShowOccurrences",
  weight: 14,
  plan: (world) => {
    const one = world.some(waitingLists(world, true));
    const from = one && world.nameOf(one.challenge.challenger);
    const share = one?.kept.posted.openShare(Number(one.challenge.index));
    if (one === undefined || from === undefined || share === undefined) return undefined;
    const { id: challengeId, challenger, contested, occurrences } = one.challenge;
    const positions = world.random.chance(0.3) ? contested.slice(0, 1) : contested;
    const places = showPlaces(new Texts(one.kept.truth), share, occurrences, positions);
    if (places === undefined) return undefined;
    return { from, message: ["tributary.attribution.v1.MsgShowOccurrences", { ...places, challenger, challengeId }] };
  },
};

export const challengeOperations: readonly Operation[] = [
  beating("MsgChallengeShare", 6),
  beating("MsgChallengeOmission", 14),
  beating("MsgChallengeRank", 14),
  beating("MsgChallengePayout", 9),
  beating("MsgChallengeCommonness", 14),
  demandOperation,
  respondOperation,
  contestOperation,
  showOperation,
];
