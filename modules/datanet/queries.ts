/** Owns how the module's queries are answered. */
import type { Read } from "../../chain/module/context.ts";
import type { QueryHandlers } from "../../chain/module/define.ts";
import { GrpcError, orStatus } from "../../chain/module/errors.ts";
import { accountField } from "../../chain/module/message-fields.ts";
import type { Page } from "../../chain/store/collections.ts";
import { rawCidText } from "../../chain/types/cid.ts";
import { coinsToMessages } from "../../chain/types/coin.ts";
import { errors } from "./errors.ts";
import { accessOf, tokenDenom, tokenSupply } from "./keeper/access.ts";
import { accumulatorOf, proveRecord, recordLeaf, rootOf } from "./keeper/accumulator.ts";
import { commitmentOf } from "./keeper/commitments.ts";
import { scorecard } from "./keeper/curation.ts";
import { demandOf } from "./keeper/demands.ts";
import { compareFingerprint } from "./keeper/novelty.ts";
import { fundAddress } from "./keeper/sponsorship.ts";
import { noticeOf } from "./keeper/takedowns.ts";
import type { DatanetKeeper, Record } from "./keeper.ts";
import { MAX_RECORD_BYTES } from "./limits.ts";
import { state } from "./state.ts";

export const queries: QueryHandlers<"tributary.datanet.v1", DatanetKeeper> = {
  Params: (keeper, ctx) => ({ params: keeper.params(ctx) }),
  Datanet: (keeper, ctx, { datanetId }) => ({ datanet: found(() => keeper.datanet(ctx, datanetId)) }),
  DatanetByName: (keeper, ctx, { name }) => ({
    datanet: found(() => {
      const datanetId = state.datanets.by.name.find(ctx, name);
      if (datanetId === undefined) throw errors.datanetNotFound.because(`datanet ${JSON.stringify(name)}`);
      return keeper.datanet(ctx, datanetId);
    }),
  }),
  Datanets: (_, ctx, { pagination }) => {
    const { rows, page } = state.datanets.paginate(ctx, pagination);
    return { datanets: valuesOf(rows), pagination: page };
  },
  Record: (keeper, ctx, { datanetId, number }) => named(found(() => keeper.record(ctx, datanetId, number))),
  Records: (keeper, ctx, { datanetId, pagination }) => {
    const { rows, page } = listed(keeper, ctx, datanetId, () =>
      state.records.paginate(ctx, pagination, { prefix: datanetId }),
    );
    const records = valuesOf(rows);
    return { records, pagination: page, cids: records.map(({ contentHash }) => rawCidText(contentHash)) };
  },
  RecordByHash: (keeper, ctx, { datanetId, contentHash }) =>
    named(found(() => keeper.recordByHash(ctx, datanetId, contentHash))),
  Member: (keeper, ctx, { datanetId, address }) => {
    const account = accountField(ctx, "address", address);
    return { member: found(() => keeper.member(ctx, datanetId, account)) };
  },
  Members: (keeper, ctx, { datanetId, pagination }) => {
    const { rows, page } = listed(keeper, ctx, datanetId, () =>
      state.members.paginate(ctx, pagination, { prefix: datanetId }),
    );
    return { members: valuesOf(rows), pagination: page };
  },
  PayoutAddress: (keeper, ctx, { contributor }) => {
    const account = accountField(ctx, "contributor", contributor);
    return { payoutAddress: ctx.addresses.account(keeper.payoutAddress(ctx, account)) };
  },
  InclusionProof: (keeper, ctx, { datanetId, number }) => {
    const record = found(() => keeper.record(ctx, datanetId, number));
    const accumulator = accumulatorOf(ctx, datanetId);
    const { total, index, leafHash, aunts } = proveRecord(keeper, ctx, record);
    return {
      leaf: recordLeaf(record),
      proof: { total, index, leafHash, aunts: [...aunts] },
      root: rootOf(accumulator, keeper.uses.hasher),
      accumulator,
    };
  },
  Accumulator: (keeper, ctx, { datanetId }) => {
    found(() => keeper.datanet(ctx, datanetId));
    const accumulator = accumulatorOf(ctx, datanetId);
    return { accumulator, root: rootOf(accumulator, keeper.uses.hasher) };
  },
  Fingerprint: (keeper, ctx, { datanetId, number }) => {
    found(() => keeper.record(ctx, datanetId, number));
    const none = { datanetId, number, entries: new Uint8Array(0), owned: 0n };
    return { fingerprint: state.fingerprints.get(ctx, [datanetId, number]) ?? none };
  },
  Novelty: (keeper, ctx, { datanetId, fingerprint }) => {
    const { recordCount } = found(() => keeper.datanet(ctx, datanetId));
    const place = { datanetId, number: recordCount + 1n, claimHeight: ctx.height + 1n, commitmentId: 0n };
    const { grams, fresh, ppm } = judged(() => compareFingerprint(keeper, ctx, place, fingerprint, MAX_RECORD_BYTES));
    const minNoveltyPpm = keeper.params(ctx).minNoveltyPpm;
    return { newEntries: fresh.length, entries: grams.length, noveltyPpm: ppm, minNoveltyPpm };
  },
  Scorecard: (keeper, ctx, { datanetId, number }) => ({
    scorecard: found(() => scorecard(keeper, ctx, datanetId, number)),
  }),
  Scores: (_, ctx, { datanetId, number, pagination }) => {
    const { rows, page } = state.scores.paginate(ctx, pagination, { prefix: [datanetId, number] });
    return { scores: valuesOf(rows), pagination: page };
  },
  Attestations: (_, ctx, { datanetId, number, pagination }) => {
    const { rows, page } = state.attestations.paginate(ctx, pagination, { prefix: [datanetId, number] });
    return { attestations: valuesOf(rows), pagination: page };
  },
  CurationVotes: (_, ctx, { datanetId, number, pagination }) => {
    const { rows, page } = state.curationVotes.paginate(ctx, pagination, { prefix: [datanetId, number] });
    return { votes: valuesOf(rows), pagination: page };
  },
  Commitment: (_, ctx, { commitmentId }) => ({ commitment: found(() => commitmentOf(ctx, commitmentId)) }),
  Commitments: (_, ctx, { pagination }) => {
    const { rows, page } = state.commitments.paginate(ctx, pagination);
    return { commitments: valuesOf(rows), pagination: page };
  },
  Notice: (_, ctx, { noticeId }) => ({ notice: found(() => noticeOf(ctx, noticeId)) }),
  Notices: (_, ctx, { datanetId, pagination }) => {
    const { rows, page } = state.notices.by.datanet.paginate(ctx, datanetId, pagination);
    return { notices: valuesOf(rows), pagination: page };
  },
  Segment: (keeper, ctx, { datanetId, index }) => ({ segment: found(() => keeper.segment(ctx, datanetId, index)) }),
  Segments: (_, ctx, { datanetId, pagination }) => {
    const { rows, page } = state.segments.paginate(ctx, pagination, { prefix: datanetId });
    return { segments: valuesOf(rows), pagination: page };
  },
  Demand: (_, ctx, { demandId }) => ({ demand: found(() => demandOf(ctx, demandId)) }),
  Demands: (keeper, ctx, { datanetId, segment, pagination }) => {
    // Who seals in many datanets asks for all that wait; those who hold them have bonds in each, so they are few.
    const isAll = datanetId === 0n && segment === 0n;
    // Of a datanet without a segment, those of its records.
    if (!isAll)
      found(() => (segment === 0n ? keeper.datanet(ctx, datanetId) : keeper.segment(ctx, datanetId, segment)));
    const { rows, page } = isAll
      ? state.demands.paginate(ctx, pagination)
      : state.demands.by.segment.paginate(ctx, [datanetId, segment], pagination);
    return { demands: valuesOf(rows), pagination: page };
  },
  Placement: (keeper, ctx, { datanetId, number }) => ({
    placement: found(() => {
      const placement = keeper.findPlacement(ctx, datanetId, number);
      if (placement === undefined) throw errors.placementNotFound.because(`record ${datanetId}/${number}`);
      return placement;
    }),
  }),
  Version: (keeper, ctx, { datanetId, version }) => ({
    version: found(() => keeper.version(ctx, datanetId, version)),
  }),
  Versions: (_, ctx, { datanetId, pagination }) => {
    const { rows, page } = state.versions.paginate(ctx, pagination, { prefix: datanetId });
    return { versions: valuesOf(rows), pagination: page };
  },
  InVersion: (keeper, ctx, { datanetId, version, number }) => ({
    isInVersion: found(() => keeper.isInVersion(ctx, datanetId, version, number)),
  }),
  EncryptionKey: (_, ctx, { account }) => {
    const publicKey = state.encryptionKeys.get(ctx, accountField(ctx, "account", account));
    if (publicKey === undefined) throw new GrpcError("NotFound", errors.keyNotFound.because(account).message);
    return { encryptionKey: { account, publicKey } };
  },
  AccessGrants: (_, ctx, { datanetId, pagination }) => {
    const { rows, page } = state.accessGrants.paginate(ctx, pagination, { prefix: [datanetId] });
    return { accessGrants: valuesOf(rows), pagination: page };
  },
  AccessGrantsOf: (_, ctx, { datanetId, grantee, pagination }) => {
    const prefix = [datanetId, accountField(ctx, "grantee", grantee)] as const;
    const { rows, page } = state.accessGrants.paginate(ctx, pagination, { prefix });
    return { accessGrants: valuesOf(rows), pagination: page };
  },
  TokenSupply: (keeper, ctx, { datanetId }) => {
    const { accessPrice } = found(() => keeper.datanet(ctx, datanetId));
    return { supply: tokenSupply(ctx, datanetId), denom: tokenDenom(datanetId), accessPrice };
  },
  Access: (_, ctx, { datanetId, holder }) => ({
    access: accessOf(ctx, datanetId, accountField(ctx, "holder", holder)),
  }),
  Accesses: (_, ctx, { datanetId, pagination }) => {
    const { rows, page } = state.accesses.paginate(ctx, pagination, { prefix: datanetId });
    return { accesses: valuesOf(rows), pagination: page };
  },
  Sponsorship: (keeper, ctx, { datanetId }) => {
    const { sponsorship } = found(() => keeper.datanet(ctx, datanetId));
    const fund = fundAddress(datanetId);
    const balance = coinsToMessages(keeper.uses.bank.balances(ctx, fund));
    return { fund: ctx.addresses.account(fund), balance, sponsorship };
  },
  Newcomers: (_, ctx, { datanetId, pagination }) => {
    const { rows, page } = state.newcomers.paginate(ctx, pagination, { prefix: datanetId });
    return { newcomers: valuesOf(rows), pagination: page };
  },
};

/** A page of something of a datanet; NotFound when there is no such datanet. */
function listed<Row>(keeper: DatanetKeeper, ctx: Read, datanetId: bigint, read: () => Page<Row>): Page<Row> {
  found(() => keeper.datanet(ctx, datanetId));
  return read();
}

function valuesOf<Value>(rows: readonly (readonly [unknown, Value])[]): Value[] {
  return rows.map(([, row]) => row);
}

/** A query's answer, or NotFound for what there is not. */
function found<Answer>(read: () => Answer): Answer {
  return orStatus("NotFound", read);
}

/** A query's answer, or InvalidArgument for a request that makes no sense. */
function judged<Answer>(read: () => Answer): Answer {
  return orStatus("InvalidArgument", read);
}

/** A record, and the name under which its bytes are exchanged. */
function named(record: Record): { readonly record: Record; readonly cid: string } {
  return { record, cid: rawCidText(record.contentHash) };
}
