/** What is said of records: votes, scores, words, notices with their answers, and challenges of copies and false fingerprints. Owns the choice. */
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { NoticeStatus, RecordStatus } from "../../../proto/enums.gen.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import type { Operation, Plan } from "../operation.ts";
import type { AppWorld } from "../world.ts";
import { type Datanet, type DatanetRecord, earning, isEarning, records, someDatanet, someDecider } from "./people.ts";

/** Tokens of a run that a fingerprint cannot fail to notice, and a few more. */
const RUN_WORDS = 40;
const PART_OF_COPY = 7n;

/** An operation on a record of some datanet. */
function onDatanet(
  name: string,
  weight: number,
  plan: (world: AppWorld, datanet: Datanet) => Plan | undefined,
  fits: (datanet: Datanet) => boolean = ({ recordCount }) => recordCount > 0n,
): Operation {
  return {
    name: `datanet.${name}`,
    weight,
    plan: (world) => {
      const datanet = someDatanet(world, fits);
      return datanet === undefined ? undefined : plan(world, datanet);
    },
  };
}

function notices(world: AppWorld, datanetId: bigint, status: number) {
  return world.ask("datanet", "Notices", { datanetId }).notices.filter((notice) => notice.status === status);
}

const judgements: readonly Operation[] = [
  onDatanet("Attest", 2, (world, datanet) => {
    const record = world.some(earning(world, datanet.id));
    const from = world.someone();
    const kind = 1 + world.random.below(2);
    if (record === undefined) return undefined;
    const { datanetId, number } = record;
    const said = world.ask("datanet", "Attestations", { datanetId, number }).attestations;
    const isSaid = said.some((one) => one.attestor === world.address(from) && one.kind === kind);
    if (isSaid && world.random.chance(0.9)) return undefined;
    const value = { attestor: world.address(from), datanetId, number, kind };
    return { from, message: ["tributary.datanet.v1.MsgAttest", value] };
  }),
  onDatanet("ScoreRecord", 3, (world, { id: datanetId, validators }) => {
    const from = world.some(validators.flatMap((address) => world.nameOf(address) ?? []));
    const record = world.some(earning(world, datanetId));
    if (record === undefined || from === undefined) return undefined;
    const counts = {
      ...{ requiredCells: 4, presentCells: world.random.below(5) },
      ...{ auditedItems: 10, correctItems: world.random.below(11) },
    };
    const value = { validator: world.address(from), datanetId, number: record.number, ...counts };
    return { from, message: ["tributary.datanet.v1.MsgScoreRecord", value] };
  }),
  onDatanet(
    "Curate",
    4,
    (world, datanet) => {
      const pending = records(world, datanet.id).filter(({ status }) => status === RecordStatus.RECORD_STATUS_PENDING);
      const record = world.some(pending);
      const from = record && someDecider(world, datanet, [record.contributor]);
      if (record === undefined || from === undefined) return undefined;
      const at = { datanetId: datanet.id, number: record.number };
      const value = { curator: world.address(from), ...at, approve: world.random.chance(0.8) };
      return { from, message: ["tributary.datanet.v1.MsgCurate", value] };
    },
    ({ curationQuorum, recordCount }) => curationQuorum > 0 && recordCount > 0n,
  ),
];

const noticeOperations: readonly Operation[] = [
  onDatanet("Takedown", 2, (world, { id: datanetId }) => {
    const from = world.payer();
    const others = earning(world, datanetId).filter(({ contributor }) => contributor !== world.address(from));
    const record = world.some(others);
    if (record === undefined) return undefined;
    const value = { claimant: world.address(from), datanetId, number: record.number, reason: "mine" };
    return { from, message: ["tributary.datanet.v1.MsgTakedown", value] };
  }),
  onDatanet("CounterNotice", 14, (world, { id: datanetId }) => {
    const notice = world.some(notices(world, datanetId, NoticeStatus.NOTICE_STATUS_OPEN));
    const contributor = notice && records(world, datanetId)[Number(notice.number) - 1]!.contributor;
    const from = contributor === undefined ? undefined : world.nameOf(contributor);
    if (notice === undefined || contributor === undefined || from === undefined) return undefined;
    const value = { contributor, noticeId: notice.id, statement: "no" };
    return { from, message: ["tributary.datanet.v1.MsgCounterNotice", value] };
  }),
  onDatanet("DecideTakedown", 14, (world, datanet) => {
    const notice = world.some(notices(world, datanet.id, NoticeStatus.NOTICE_STATUS_COUNTERED));
    if (notice === undefined) return undefined;
    const { contributor } = records(world, datanet.id)[Number(notice.number) - 1]!;
    const from = someDecider(world, datanet, [contributor, notice.claimant]);
    if (from === undefined) return undefined;
    const value = { arbiter: world.address(from), noticeId: notice.id, uphold: world.random.chance(0.5) };
    return { from, message: ["tributary.datanet.v1.MsgDecideTakedown", value] };
  }),
];

/** An earlier record that a record begins with, and has little else than. */
function copied(world: AppWorld, record: DatanetRecord): { original: DatanetRecord; text: Uint8Array } | undefined {
  const text = world.library.text(record.contentHash);
  if (text === undefined) return undefined;
  for (const original of earning(world, record.datanetId)) {
    if (original.number >= record.number || original.claimHeight >= record.claimHeight) continue;
    if (original.length >= record.length || original.length * 10n <= record.length * PART_OF_COPY) continue;
    const source = world.library.text(original.contentHash);
    if (source !== undefined && equalBytes(source, text.subarray(0, source.length))) return { original, text: source };
  }
  return undefined;
}

/** Records long enough for a fingerprint that say they have none. */
function silent(world: AppWorld, datanetId: bigint): readonly DatanetRecord[] {
  return records(world, datanetId).filter(
    (record) => record.fingerprintCount === 0 && record.tokenCount > RUN_WORDS && isEarning(record),
  );
}

const challenges: readonly Operation[] = [
  onDatanet("ChallengeDuplicate", 4, (world, { id: datanetId }) => {
    const copies = silent(world, datanetId).flatMap((record) => {
      const from = copied(world, record);
      return from === undefined ? [] : [{ record, ...from }];
    });
    const one = world.some(copies);
    if (one === undefined) return undefined;
    const from = world.someone();
    const show = (hash: Uint8Array) => openingOf(world.library.text(hash)!, 0, one.text.length, nativeHasher);
    const openings = { copy: show(one.record.contentHash), original: show(one.original.contentHash) };
    const at = { datanetId, number: one.record.number, earlier: one.original.number };
    const value = { challenger: world.address(from), ...at, ...openings };
    return { from, message: ["tributary.datanet.v1.MsgChallengeDuplicate", value] };
  }),
  onDatanet("ChallengeFingerprint", 2, (world, { id: datanetId }) => {
    const record = world.some(silent(world, datanetId));
    const text = record && world.library.text(record.contentHash);
    if (record === undefined || text === undefined) return undefined;
    const from = world.someone();
    const run = new TextDecoder().decode(text).split(" ").slice(0, RUN_WORDS).join(" ");
    const opening = openingOf(text, 0, run.length, nativeHasher);
    const value = { challenger: world.address(from), datanetId, number: record.number, opening };
    return { from, message: ["tributary.datanet.v1.MsgChallengeFingerprint", value] };
  }),
];

export const recordOperations: readonly Operation[] = [...judgements, ...noticeOperations, ...challenges];
