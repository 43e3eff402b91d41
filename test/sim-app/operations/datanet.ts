/**
 * What becomes of a datanet's records and who pays for what: bonds held and given back, notices with their answers,
 * segments, versions, tokens, sponsored newcomers. Creating, joining and contributing are in native.ts. Owns the choice.
 */
import { NoticeStatus, RecordStatus, SegmentPart, SegmentStatus } from "../../../proto/enums.gen.ts";
import { sha256 } from "../../support/native-world.ts";
import type { Operation, Plan } from "../operation.ts";
import { type AppWorld, DENOM } from "../world.ts";
import { datanets } from "./native.ts";

const { RECORD_STATUS_PENDING: PENDING, RECORD_STATUS_FINAL: FINAL } = RecordStatus;

function someDatanet(world: AppWorld) {
  const all = datanets(world);
  if (all.length === 0) return undefined;
  const datanet = world.random.pick(all);
  const owner = world.nameOf(datanet.owner);
  return owner === undefined ? undefined : { datanet, owner };
}

function records(world: AppWorld, datanetId: bigint) {
  return world.chain.query(
    "/tributary.datanet.v1.Query/Records",
    ["tributary.datanet.v1.QueryRecordsRequest", { datanetId, pagination: { limit: 1000n } }],
    "tributary.datanet.v1.QueryRecordsResponse",
  ).records;
}

function earning(world: AppWorld, datanetId: bigint) {
  return records(world, datanetId).filter(({ status }) => status === PENDING || status === FINAL);
}

function notices(world: AppWorld, datanetId: bigint, status: number) {
  return world.chain
    .query(
      "/tributary.datanet.v1.Query/Notices",
      ["tributary.datanet.v1.QueryNoticesRequest", { datanetId }],
      "tributary.datanet.v1.QueryNoticesResponse",
    )
    .notices.filter((notice) => notice.status === status);
}

function operation(
  name: string,
  weight: number,
  plan: (world: AppWorld, at: NonNullable<ReturnType<typeof someDatanet>>) => Plan | undefined,
): Operation {
  return {
    name: `datanet.${name}`,
    weight,
    plan: (world) => {
      const at = someDatanet(world);
      return at === undefined ? undefined : plan(world, at);
    },
  };
}

export const datanetLifeOperations: readonly Operation[] = [
  operation("Takedown", 2, (world, { datanet }) => {
    const from = world.someone();
    const others = earning(world, datanet.id).filter(({ contributor }) => contributor !== world.address(from));
    if (others.length === 0) return undefined;
    const value = { datanetId: datanet.id, number: world.random.pick(others).number, reason: "mine" };
    return { from, message: ["tributary.datanet.v1.MsgTakedown", { claimant: world.address(from), ...value }] };
  }),
  operation("CounterNotice", 4, (world, { datanet }) => {
    const open = notices(world, datanet.id, NoticeStatus.NOTICE_STATUS_OPEN);
    if (open.length === 0) return undefined;
    const { id, number } = world.random.pick(open);
    const contributor = records(world, datanet.id)[Number(number) - 1]!.contributor;
    const from = world.nameOf(contributor);
    if (from === undefined) return undefined;
    return { from, message: ["tributary.datanet.v1.MsgCounterNotice", { contributor, noticeId: id, statement: "no" }] };
  }),
  operation("DecideTakedown", 3, (world, { datanet, owner }) => {
    const answered = notices(world, datanet.id, NoticeStatus.NOTICE_STATUS_COUNTERED);
    if (answered.length === 0) return undefined;
    const value = {
      arbiter: datanet.owner,
      noticeId: world.random.pick(answered).id,
      uphold: world.random.chance(0.5),
    };
    return { from: owner, message: ["tributary.datanet.v1.MsgDecideTakedown", value] };
  }),
  operation("SealSegment", 2, (world, { datanet, owner }) => {
    const run = records(world, datanet.id).slice(Number(datanet.sealedThrough));
    const waiting = run.findIndex(({ status }) => status === RecordStatus.RECORD_STATUS_SUSPENDED);
    const free = waiting < 0 ? run : run.slice(0, waiting);
    if (!free.some(({ status }) => status === PENDING || status === FINAL)) return undefined;
    const textRoot = sha256(Uint8Array.of(world.random.below(256)));
    const value = { sealer: datanet.owner, datanetId: datanet.id, last: free[free.length - 1]!.number, textRoot };
    return { from: owner, message: ["tributary.datanet.v1.MsgSealSegment", value] };
  }),
  operation("DemandOpening", 2, (world, { datanet }) => {
    const from = world.someone();
    const { segments } = world.chain.query(
      "/tributary.datanet.v1.Query/Segments",
      ["tributary.datanet.v1.QuerySegmentsRequest", { datanetId: datanet.id }],
      "tributary.datanet.v1.QuerySegmentsResponse",
    );
    const open = segments.filter(({ status }) => status === SegmentStatus.SEGMENT_STATUS_SEALED);
    if (open.length === 0) return undefined;
    const { index, first } = world.random.pick(open);
    // The segment begins with its first record, unless that might not earn when it was sealed.
    if (!earning(world, datanet.id).some(({ number }) => number === first)) return undefined;
    // The roots are of texts that nobody has, so nobody answers and the segment falls.
    const part = SegmentPart.SEGMENT_PART_TEXT;
    const value = { datanetId: datanet.id, segment: index, part, offset: 0n, number: first };
    return { from, message: ["tributary.datanet.v1.MsgDemandOpening", { challenger: world.address(from), ...value }] };
  }),
  operation("PublishVersion", 2, (world, { datanet, owner }) => {
    const sealed = earning(world, datanet.id).filter(({ number }) => number <= datanet.sealedThrough);
    if (sealed.length === 0) return undefined;
    const { number } = world.random.pick(sealed);
    const ranges = [{ first: number, last: number }];
    const value = { publisher: datanet.owner, datanetId: datanet.id, name: "version", ranges };
    return { from: owner, message: ["tributary.datanet.v1.MsgPublishVersion", value] };
  }),
  operation("Attest", 2, (world, { datanet }) => {
    const known = earning(world, datanet.id);
    const from = world.someone();
    if (known.length === 0) return undefined;
    const value = { datanetId: datanet.id, number: world.random.pick(known).number, kind: 1 + world.random.below(2) };
    return { from, message: ["tributary.datanet.v1.MsgAttest", { attestor: world.address(from), ...value }] };
  }),
  operation("UpdateDatanet", 1, (world, { datanet, owner }) => {
    const change = {
      accessPrice: world.coin(BigInt(1 + world.random.below(1000))),
      sponsorship: { feeAllowance: world.coin(100_000n), allowanceSeconds: 600n, bondedRecords: 3 },
    };
    const value = { owner: datanet.owner, datanetId: datanet.id, ...change };
    return { from: owner, message: ["tributary.datanet.v1.MsgUpdateDatanet", value] };
  }),
  operation("BuyDataTokens", 3, (world, { datanet }) => {
    const from = world.someone();
    if (datanet.accessPrice === undefined) return undefined;
    const units = BigInt(1 + world.random.below(20));
    const maxPrice = world.coin(BigInt(datanet.accessPrice.amount) * units, datanet.accessPrice.denom);
    const value = { buyer: world.address(from), datanetId: datanet.id, units: units.toString(), maxPrice };
    return { from, message: ["tributary.datanet.v1.MsgBuyDataTokens", value] };
  }),
  operation("SpendDataTokens", 2, (world, { datanet }) => {
    const held = world.ownerOf((name) => {
      const units = world.spendable(name, `data/${datanet.id}`);
      return units > 0n ? [units] : [];
    });
    if (held === undefined) return undefined;
    const units = world.amount(held.thing).toString();
    const value = { holder: world.address(held.from), datanetId: datanet.id, units };
    return { from: held.from, message: ["tributary.datanet.v1.MsgSpendDataTokens", value] };
  }),
  operation("FundSponsorship", 1, (world, { datanet }) => {
    const from = world.someone();
    const amount = world.coin(world.amount(world.spendable(from) / 1000n), DENOM);
    const value = { funder: world.address(from), datanetId: datanet.id, amount };
    return { from, message: ["tributary.datanet.v1.MsgFundSponsorship", value] };
  }),
  operation("Invite", 1, (world, { datanet, owner }) => {
    if (datanet.sponsorship === undefined) return undefined;
    const newcomer = world.address(`newcomer ${world.chain.height} ${world.random.below(1_000_000)}`);
    const value = { inviter: datanet.owner, datanetId: datanet.id, newcomer };
    return { from: owner, message: ["tributary.datanet.v1.MsgInvite", value] };
  }),
];
