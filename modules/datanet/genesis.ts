/** Owns the datanet module's genesis: what is checked before the chain starts, and what is written and read back. */
import type { Read, Write } from "../../chain/module/context.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { state } from "./state.ts";

type Genesis = Messages["tributary.datanet.v1.GenesisState"];

/** Throws with a sentence when numbers have gaps or counts disagree with what is counted. */
export function validate({ datanets, records, members }: Genesis): void {
  const counts = new Map<bigint, { records: bigint; bytes: bigint; members: bigint }>();
  datanets.forEach(({ id }, i) => {
    if (id !== BigInt(i + 1)) throw new Error(`datanet: datanet ${id} stands where ${i + 1} should`);
    counts.set(id, { records: 0n, bytes: 0n, members: 0n });
  });
  const countOf = (datanetId: bigint) => {
    const count = counts.get(datanetId);
    if (count === undefined) throw new Error(`datanet: there is no datanet ${datanetId}`);
    return count;
  };
  for (const { datanetId, number, length } of records) {
    const count = countOf(datanetId);
    count.records += 1n;
    count.bytes += length;
    if (number !== count.records) {
      throw new Error(`datanet: record ${datanetId}/${number} stands where ${datanetId}/${count.records} should`);
    }
  }
  for (const { datanetId } of members) countOf(datanetId).members += 1n;
  for (const { id, recordCount, byteCount, memberCount } of datanets) {
    const count = countOf(id);
    if (count.records !== recordCount || count.bytes !== byteCount || count.members !== memberCount) {
      throw new Error(`datanet: the counts of datanet ${id} are not those of its records and members`);
    }
  }
}

/** Writes a validated genesis. */
export function init(ctx: Write, { datanets, records, members, payoutAddresses }: Genesis): void {
  for (const datanet of datanets) state.datanets.set(ctx, datanet.id, datanet);
  for (const record of records) state.records.set(ctx, [record.datanetId, record.number], record);
  for (const member of members) {
    state.members.set(ctx, [member.datanetId, ctx.addresses.parseAccount(member.address)], member);
  }
  for (const { contributor, payoutAddress } of payoutAddresses) {
    ctx.addresses.parseAccount(payoutAddress);
    state.payoutAddresses.set(ctx, ctx.addresses.parseAccount(contributor), payoutAddress);
  }
}

/** Reads everything back in the order of the keys. */
export function exportAll(ctx: Read): Genesis {
  return {
    datanets: Array.from(state.datanets.iterate(ctx), ([, datanet]) => datanet),
    records: Array.from(state.records.iterate(ctx), ([, record]) => record),
    members: Array.from(state.members.iterate(ctx), ([, member]) => member),
    payoutAddresses: Array.from(state.payoutAddresses.iterate(ctx), ([contributor, payoutAddress]) => ({
      contributor: ctx.addresses.account(contributor),
      payoutAddress,
    })),
  };
}
