/** Owns the datanet module's genesis: what is checked before the chain starts, and what is written and read back. */
import type { Read, Write } from "../../chain/module/context.ts";
import { NoticeStatus, RecordStatus, SegmentStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { readFingerprint } from "./fingerprint.ts";
import { addDeadline, DEADLINE } from "./keeper/due.ts";
import { isEarning } from "./keeper.ts";
import { defaultParams, validateParams } from "./params.ts";
import { state } from "./state.ts";

type Genesis = Messages["tributary.datanet.v1.GenesisState"];

/** What a new chain begins with. */
export function emptyGenesis(): Genesis {
  return {
    params: defaultParams,
    datanets: [],
    records: [],
    members: [],
    payoutAddresses: [],
    commitments: [],
    fingerprints: [],
    accumulators: [],
    accumulatorNodes: [],
    attestations: [],
    curationVotes: [],
    scores: [],
    notices: [],
    segments: [],
    placements: [],
    versions: [],
    encryptionKeys: [],
    accessGrants: [],
    tokenSupplies: [],
    accesses: [],
    newcomers: [],
    nextCommitmentId: 1n,
    demands: [],
    nextDemandId: 1n,
  };
}

interface Counts {
  records: bigint;
  finalBytes: bigint;
  bytes: bigint;
  members: bigint;
  earningRecords: bigint;
  earningBytes: bigint;
  segments: bigint;
  versions: bigint;
}

/** Throws with a sentence when numbers have gaps or counts disagree with what is counted. */
export function validate(genesis: Genesis): void {
  validateParams(genesis.params);
  const counts = new Map<bigint, Counts>();
  genesis.datanets.forEach(({ id }, i) => {
    if (id !== BigInt(i + 1)) throw new Error(`datanet: datanet ${id} stands where ${i + 1} should`);
    const none = {
      records: 0n,
      finalBytes: 0n,
      bytes: 0n,
      members: 0n,
      earningRecords: 0n,
      earningBytes: 0n,
      segments: 0n,
      versions: 0n,
    };
    counts.set(id, none);
  });
  const countOf = (datanetId: bigint): Counts => {
    const count = counts.get(datanetId);
    if (count === undefined) throw new Error(`datanet: there is no datanet ${datanetId}`);
    return count;
  };
  for (const record of genesis.records) {
    const { datanetId, number, length } = record;
    const count = countOf(datanetId);
    count.records = follows("record", datanetId, number, count.records);
    count.bytes += length;
    const { finalCount } = genesis.datanets[Number(datanetId) - 1]!;
    const counted = record.bytesThrough - count.finalBytes;
    // What was struck later than its bytes were counted is counted still.
    if (number <= finalCount ? counted !== 0n && counted !== length : record.bytesThrough !== 0n) {
      throw new Error(`datanet: record ${datanetId}/${number} ends after ${record.bytesThrough} bytes`);
    }
    count.finalBytes = record.bytesThrough;
    if (!isEarning(record)) continue;
    count.earningRecords += 1n;
    count.earningBytes += length;
  }
  for (const { datanetId, index } of genesis.segments) {
    const count = countOf(datanetId);
    count.segments = follows("segment", datanetId, index, count.segments);
  }
  for (const { datanetId, version } of genesis.versions) {
    const count = countOf(datanetId);
    count.versions = follows("version", datanetId, version, count.versions);
  }
  for (const { datanetId } of genesis.members) countOf(datanetId).members += 1n;
  for (const datanet of genesis.datanets) checkCounts(datanet, countOf(datanet.id));
  checkAccumulators(genesis, countOf);
  checkSealed(genesis);
  checkDemands(genesis);
}

/** Writes a validated genesis. */
export function init(ctx: Write, genesis: Genesis): void {
  const address = (text: string): Uint8Array => ctx.addresses.parseAccount(text);
  state.params.set(ctx, genesis.params);
  for (const row of genesis.datanets) state.datanets.set(ctx, row.id, row);
  for (const row of genesis.records) state.records.set(ctx, [row.datanetId, row.number], row);
  for (const row of genesis.members) state.members.set(ctx, [row.datanetId, address(row.address)], row);
  for (const { contributor, payoutAddress } of genesis.payoutAddresses) {
    address(payoutAddress);
    state.payoutAddresses.set(ctx, address(contributor), payoutAddress);
  }
  for (const row of genesis.commitments) state.commitments.set(ctx, row.id, row);
  state.commitmentCount.set(ctx, genesis.nextCommitmentId === 0n ? 0n : genesis.nextCommitmentId - 1n);
  for (const row of genesis.demands) state.demands.set(ctx, row.id, row);
  state.demandCount.set(ctx, genesis.nextDemandId === 0n ? 0n : genesis.nextDemandId - 1n);
  for (const row of genesis.accumulators) state.accumulators.set(ctx, row.datanetId, row);
  for (const { datanetId, level, index, hash } of genesis.accumulatorNodes) {
    state.accumulatorNodes.set(ctx, [datanetId, level, index], hash);
  }
  for (const row of genesis.attestations) {
    state.attestations.set(ctx, [row.datanetId, row.number, [address(row.attestor), row.kind]], row);
  }
  for (const row of genesis.curationVotes) {
    state.curationVotes.set(ctx, [row.datanetId, row.number, address(row.curator)], row);
  }
  for (const row of genesis.scores) state.scores.set(ctx, [row.datanetId, row.number, address(row.validator)], row);
  for (const row of genesis.notices) state.notices.set(ctx, row.id, row);
  for (const row of genesis.segments) state.segments.set(ctx, [row.datanetId, row.index], row);
  for (const row of genesis.placements) state.placements.set(ctx, [row.datanetId, row.number], row);
  for (const row of genesis.versions) state.versions.set(ctx, [row.datanetId, row.version], row);
  for (const { account, publicKey } of genesis.encryptionKeys)
    state.encryptionKeys.set(ctx, address(account), publicKey);
  for (const row of genesis.accessGrants) {
    state.accessGrants.set(ctx, [row.datanetId, address(row.grantee), row.keyVersion], row);
  }
  for (const row of genesis.tokenSupplies) state.tokenSupplies.set(ctx, row.datanetId, row);
  for (const row of genesis.accesses) state.accesses.set(ctx, [row.datanetId, address(row.holder)], row);
  for (const row of genesis.newcomers) state.newcomers.set(ctx, [row.datanetId, address(row.address)], row);
  initFingerprints(ctx, genesis);
  initDeadlines(ctx, genesis);
}

/** Reads everything back in the order of the keys. */
export function exportAll(ctx: Read): Genesis {
  const params = state.params.get(ctx);
  if (params === undefined) throw new Error("datanet has no parameters");
  const rows = <Row>(walk: Iterable<readonly [unknown, Row]>): Row[] => Array.from(walk, ([, row]) => row);
  return {
    params,
    datanets: rows(state.datanets.iterate(ctx)),
    records: rows(state.records.iterate(ctx)),
    members: rows(state.members.iterate(ctx)),
    payoutAddresses: Array.from(state.payoutAddresses.iterate(ctx), ([contributor, payoutAddress]) => ({
      contributor: ctx.addresses.account(contributor),
      payoutAddress,
    })),
    commitments: rows(state.commitments.iterate(ctx)),
    fingerprints: rows(state.fingerprints.iterate(ctx)).map((row) => ({ ...row, owned: ownedBy(ctx, row) })),
    accumulators: rows(state.accumulators.iterate(ctx)),
    accumulatorNodes: Array.from(state.accumulatorNodes.iterate(ctx), ([[datanetId, level, index], hash]) => ({
      ...{ datanetId, level, index, hash },
    })),
    attestations: rows(state.attestations.iterate(ctx)),
    curationVotes: rows(state.curationVotes.iterate(ctx)),
    scores: rows(state.scores.iterate(ctx)),
    notices: rows(state.notices.iterate(ctx)),
    segments: rows(state.segments.iterate(ctx)),
    placements: rows(state.placements.iterate(ctx)),
    versions: rows(state.versions.iterate(ctx)),
    encryptionKeys: Array.from(state.encryptionKeys.iterate(ctx), ([account, publicKey]) => ({
      account: ctx.addresses.account(account),
      publicKey,
    })),
    accessGrants: rows(state.accessGrants.iterate(ctx)),
    tokenSupplies: rows(state.tokenSupplies.iterate(ctx)),
    accesses: rows(state.accesses.iterate(ctx)),
    newcomers: rows(state.newcomers.iterate(ctx)),
    nextCommitmentId: state.commitmentCount.peek(ctx) + 1n,
    demands: rows(state.demands.iterate(ctx)),
    nextDemandId: state.demandCount.peek(ctx) + 1n,
  };
}

/** Gives each k-gram its first owner back. */
function initFingerprints(ctx: Write, { fingerprints }: Genesis): void {
  for (const { datanetId, number, entries, owned } of fingerprints) {
    const record = state.records.get(ctx, [datanetId, number]);
    if (record === undefined) throw new Error(`datanet: there is no record ${datanetId}/${number}`);
    const grams = readFingerprint(entries, record.length);
    if ("flaw" in grams) throw new Error(`datanet: the fingerprint of record ${datanetId}/${number}: ${grams.flaw}`);
    state.fingerprints.set(ctx, [datanetId, number], { datanetId, number, entries, owned: 0n });
    grams.forEach(({ hash }, i) => {
      if (((owned >> BigInt(i)) & 1n) === 1n) state.grams.set(ctx, [datanetId, hash], number);
    });
  }
}

/** Which entries of a fingerprint are its record's, bit i for entry i. */
function ownedBy(ctx: Read, { datanetId, number, entries }: Genesis["fingerprints"][number]): bigint {
  const grams = readFingerprint(entries, 1n << 32n);
  if ("flaw" in grams) throw new Error(`the fingerprint of record ${datanetId}/${number}: ${grams.flaw}`);
  return grams.reduce(
    (mask, { hash }, i) => (state.grams.get(ctx, [datanetId, hash]) === number ? mask | (1n << BigInt(i)) : mask),
    0n,
  );
}

/** What is due follows from what there is. */
function initDeadlines(ctx: Write, { records, commitments, notices, segments, demands }: Genesis): void {
  for (const { status, finalAt, datanetId, number, bond } of records) {
    // A suspended record whose window is over keeps its bond until its notice ends, and has no deadline of its own.
    const waits = status === RecordStatus.RECORD_STATUS_SUSPENDED && bond > 0n && finalAt > ctx.time.seconds;
    if (status === RecordStatus.RECORD_STATUS_PENDING || waits) {
      addDeadline(ctx, finalAt, DEADLINE.record, datanetId, number);
    }
  }
  for (const { id, expiresAt } of commitments) addDeadline(ctx, expiresAt, DEADLINE.commitment, id);
  for (const { id, status, deadline } of notices) {
    // One that was not answered in time waits for people, not for the clock.
    const isOpen = status === NoticeStatus.NOTICE_STATUS_OPEN && deadline > ctx.time.seconds;
    if (isOpen || status === NoticeStatus.NOTICE_STATUS_COUNTERED) addDeadline(ctx, deadline, DEADLINE.notice, id);
  }
  for (const { id, answerBy } of demands) addDeadline(ctx, answerBy, DEADLINE.demand, id);
  for (const { datanetId, index, status, finalAt } of segments) {
    if (status === SegmentStatus.SEGMENT_STATUS_SEALED) addDeadline(ctx, finalAt, DEADLINE.segment, datanetId, index);
  }
}

function follows(what: string, datanetId: bigint, number: bigint, before: bigint): bigint {
  if (number === before + 1n) return number;
  throw new Error(`datanet: ${what} ${datanetId}/${number} stands where ${datanetId}/${before + 1n} should`);
}

function checkCounts(datanet: Genesis["datanets"][number], count: Counts): void {
  const agree =
    count.records === datanet.recordCount &&
    count.bytes === datanet.byteCount &&
    count.members === datanet.memberCount &&
    count.earningRecords === datanet.earningRecords &&
    count.earningBytes === datanet.earningBytes &&
    count.segments === datanet.segmentCount &&
    count.versions === datanet.versionCount;
  if (!agree) throw new Error(`datanet: the counts of datanet ${datanet.id} are not those of what it holds`);
}

/** The accumulator of a datanet holds as many records as were accepted. */
function checkAccumulators({ datanets, accumulators }: Genesis, countOf: (datanetId: bigint) => Counts): void {
  const sizes = new Map(accumulators.map(({ datanetId, size }) => [datanetId, size]));
  for (const { id } of datanets) {
    const size = sizes.get(id) ?? 0n;
    if (size !== countOf(id).records) {
      throw new Error(`datanet: the accumulator of datanet ${id} holds ${size} of ${countOf(id).records} records`);
    }
  }
}

/** Every record of a version stands in a segment. */
function checkSealed({ versions, placements }: Genesis): void {
  const placed = new Set(placements.map(({ datanetId, number }) => `${datanetId}/${number}`));
  for (const { datanetId, version, ranges } of versions) {
    for (const { first, last } of ranges) {
      for (let number = first; number <= last; number++) {
        if (placed.has(`${datanetId}/${number}`)) continue;
        throw new Error(`datanet: version ${datanetId}/${version} holds record ${number}, which is not sealed`);
      }
    }
  }
}

/** Every demand is about a segment that can be challenged or a record there is, and none has a number that is still to come. */
function checkDemands({ demands, segments, records, nextDemandId }: Genesis): void {
  const recorded = new Set(records.map(({ datanetId, number }) => `${datanetId}/${number}`));
  const sealed = new Set(
    segments
      .filter(({ status }) => status === SegmentStatus.SEGMENT_STATUS_SEALED)
      .map(({ datanetId, index }) => `${datanetId}/${index}`),
  );
  for (const { id, datanetId, segment, number } of demands) {
    if (id >= nextDemandId) throw new Error(`datanet: demand ${id} has a number that is not given yet`);
    if (segment === 0n) {
      if (recorded.has(`${datanetId}/${number}`)) continue;
      throw new Error(`datanet: demand ${id} is about record ${datanetId}/${number}, which there is not`);
    }
    if (sealed.has(`${datanetId}/${segment}`)) continue;
    throw new Error(`datanet: demand ${id} is about segment ${datanetId}/${segment}, which cannot be challenged`);
  }
}
