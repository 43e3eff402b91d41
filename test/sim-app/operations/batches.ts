/** Receipts, batches, demands and claims. Owns the choice; outputs quote nothing, so an honest batch pays the lineage, and who lies is left to the tests of attribution. */
import { acknowledgementText } from "../../../modules/attribution/receipt.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { BatchPart, BatchStatus, UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { type MadeBatch, makeBatch, textRecord } from "../../support/honest-batch.ts";
import { Texts } from "../../support/watcher.ts";
import type { Operation } from "../operation.ts";
import type { AppWorld } from "../world.ts";
import { signText } from "./attribution.ts";
import { datanets } from "./native.ts";

type Use = Messages["tributary.attribution.v1.Use"];
type Batch = Messages["tributary.attribution.v1.Batch"];

const PROMPT = utf8("a prompt");

function outputOf(useId: bigint): Uint8Array {
  return utf8(`words that nobody wrote before, number ${useId}`);
}

function usesOf(world: AppWorld, status: number): readonly Use[] {
  const request = [
    "tributary.attribution.v1.QueryUsesRequest",
    { pagination: { limit: 200n, reverse: true } },
  ] as const;
  const { uses } = world.chain.query(
    "/tributary.attribution.v1.Query/Uses",
    request,
    "tributary.attribution.v1.QueryUsesResponse",
  );
  return uses.filter((use) => use.status === status);
}

function batchesOf(world: AppWorld, status: number): readonly Batch[] {
  const request = [
    "tributary.attribution.v1.QueryBatchesRequest",
    { pagination: { limit: 50n, reverse: true } },
  ] as const;
  const { batches } = world.chain.query(
    "/tributary.attribution.v1.Query/Batches",
    request,
    "tributary.attribution.v1.QueryBatchesResponse",
  );
  return batches.filter((batch) => batch.status === status);
}

function challengesOf(world: AppWorld, batchId: bigint) {
  const request = ["tributary.attribution.v1.QueryChallengesRequest", { batchId }] as const;
  const path = "/tributary.attribution.v1.Query/Challenges";
  return world.chain.query(path, request, "tributary.attribution.v1.QueryChallengesResponse").challenges;
}

/** What a record can be credited, by the versions that hold it. */
function earningsOf(world: AppWorld, datanetId: bigint, number: bigint) {
  const request = ["tributary.attribution.v1.QueryLineagePoolsRequest", { datanetId, number }] as const;
  const path = "/tributary.attribution.v1.Query/LineagePools";
  return world.chain.query(path, request, "tributary.attribution.v1.QueryLineagePoolsResponse").earnings;
}

function useOf(world: AppWorld, useId: bigint): Use {
  const request = ["tributary.attribution.v1.QueryUseRequest", { useId }] as const;
  return world.chain.query("/tributary.attribution.v1.Query/Use", request, "tributary.attribution.v1.QueryUseResponse")
    .use;
}

/** The batch over these uses, as the host made it or would make it. */
function madeOf(world: AppWorld, useIds: readonly bigint[], rules: Batch["rules"]): MadeBatch {
  const texts = useIds.map((useId) => {
    const { proved, proof } = useOf(world, useId);
    return { part: BigInt(proved), proof, output: outputOf(useId), prompt: PROMPT };
  });
  return makeBatch(texts, [], rules);
}

function rulesOf(world: AppWorld): Batch["rules"] {
  const request = ["tributary.attribution.v1.QueryParamsRequest", {}] as const;
  return world.chain.query(
    "/tributary.attribution.v1.Query/Params",
    request,
    "tributary.attribution.v1.QueryParamsResponse",
  ).params.rules;
}

export const batchOperations: readonly Operation[] = [
  {
    name: "attribution.AckUse",
    weight: 4,
    plan: (world) => {
      const open = usesOf(world, UseStatus.USE_STATUS_OPEN).filter(
        ({ expiresAt }) => expiresAt > world.chain.time.seconds + 30n,
      );
      const use = open.length === 0 ? undefined : world.random.pick(open);
      const [user, host] = [use && world.nameOf(use.user), use && world.nameOf(use.host)];
      if (use === undefined || user === undefined || host === undefined) return undefined;
      const [prompt, output] = [textRecord(1n, "", PROMPT).text, textRecord(1n, "", outputOf(use.id)).text];
      const receipt = {
        ...{ promptRoot: prompt.root, promptLength: BigInt(prompt.length), units: 1n },
        ...{ outputRoot: output.root, outputLength: BigInt(output.length) },
      };
      const text = acknowledgementText(world.chain.chainId, use.id, receipt);
      const signatures = { userSignature: signText(world, user, text), hostSignature: signText(world, host, text) };
      const from = world.someone();
      return {
        from,
        message: [
          "tributary.attribution.v1.MsgAckUse",
          { sender: world.address(from), useId: use.id, receipt, ...signatures },
        ],
      };
    },
  },
  {
    name: "attribution.PostBatch",
    weight: 3,
    plan: (world) => {
      const waiting = usesOf(world, UseStatus.USE_STATUS_ACKNOWLEDGED).filter(
        ({ settleBy }) => settleBy > world.chain.time.seconds + 30n,
      );
      const first = waiting.length === 0 ? undefined : world.random.pick(waiting);
      const from = first && world.nameOf(first.host);
      if (first === undefined || from === undefined) return undefined;
      const isAlike = (use: Use): boolean =>
        use.host === first.host && use.modelId === first.modelId && use.modelVersion === first.modelVersion;
      const useIds = waiting
        .filter(isAlike)
        .map(({ id }) => id)
        .sort((a, b) => (a < b ? -1 : 1));
      const rules = rulesOf(world);
      const { shareCount, sharesRoot, payeeCount, payoutsRoot, sum } = madeOf(world, useIds, rules).facts.commitment;
      const commitment = { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: sum.toString() };
      return {
        from,
        message: ["tributary.attribution.v1.MsgPostBatch", { host: first.host, useIds, ...commitment, rules }],
      };
    },
  },
  {
    name: "attribution.Demand",
    weight: 1.5,
    plan: (world) => {
      const open = batchesOf(world, BatchStatus.BATCH_STATUS_OPEN).filter(
        ({ windowEnd }) => windowEnd > world.chain.time.seconds + 30n,
      );
      if (open.length === 0) return undefined;
      const { id: batchId } = world.random.pick(open);
      const from = world.someone();
      const value = {
        challenger: world.address(from),
        batchId,
        part: BatchPart.BATCH_PART_SHARE,
        index: 0n,
        entry: BigInt(world.random.below(1000)),
      };
      return { from, message: ["tributary.attribution.v1.MsgDemand", value] };
    },
  },
  {
    name: "attribution.Respond",
    weight: 2,
    plan: (world) => {
      const asked = batchesOf(world, BatchStatus.BATCH_STATUS_OPEN).flatMap((batch) =>
        challengesOf(world, batch.id)
          .filter(({ answerBy }) => answerBy > world.chain.time.seconds + 15n)
          .map((challenge) => ({ batch, challenge })),
      );
      const one = asked.length === 0 ? undefined : world.random.pick(asked);
      const from = one && world.nameOf(one.batch.host);
      if (one === undefined || from === undefined) return undefined;
      const { useIds, rules, host } = one.batch;
      const made = madeOf(world, useIds, rules);
      const share = made.shares.open(Number(one.challenge.index));
      const answer = { ...new Texts(made).evidence(share.share), share, host, challengeId: one.challenge.id };
      return { from, message: ["tributary.attribution.v1.MsgRespond", answer] };
    },
  },
  {
    name: "attribution.ClaimLineage",
    weight: 2,
    plan: (world) => {
      const all = datanets(world).filter(({ recordCount }) => recordCount > 0n);
      if (all.length === 0) return undefined;
      const { id: datanetId, recordCount: last } = world.random.pick(all);
      const number = 1n + BigInt(world.random.below(Number(last)));
      const pending = earningsOf(world, datanetId, number).filter((row) => BigInt(row.pending.amount) > 0n);
      if (pending.length === 0) return undefined;
      const from = world.someone();
      const { recordCount } = world.random.pick(pending).pool;
      const value = { sender: world.address(from), datanetId, recordCount, numbers: [number] };
      return { from, message: ["tributary.attribution.v1.MsgClaimLineage", value] };
    },
  },
  {
    name: "attribution.ClaimPayout",
    weight: 2,
    plan: (world) => {
      const final = batchesOf(world, BatchStatus.BATCH_STATUS_FINAL).filter(
        ({ claimed, payeeCount }) => claimed === "0" && payeeCount > 0n,
      );
      if (final.length === 0) return undefined;
      const { id: batchId, useIds, rules } = world.random.pick(final);
      const payee = madeOf(world, useIds, rules).payouts.openPayee(0);
      const from = world.someone();
      return {
        from,
        message: ["tributary.attribution.v1.MsgClaimPayout", { sender: world.address(from), batchId, payee }],
      };
    },
  },
];
