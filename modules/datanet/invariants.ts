/** Owns what must always hold of datanets. */
import type { Read } from "../../chain/module/context.ts";
import { merkleRoot } from "../../chain/types/merkle.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { exportAll, validate } from "./genesis.ts";
import { tokenDenom } from "./keeper/access.ts";
import { recordLeaf, rootOf } from "./keeper/accumulator.ts";
import type { DatanetKeeper } from "./keeper.ts";

export const invariants = {
  /** Numbers have no gaps, everything is counted rightly, accumulators hold every record, versions only sealed ones. */
  counts: (_: DatanetKeeper, ctx: Read): string | undefined => {
    try {
      validate(exportAll(ctx));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  /** The module's account holds the bonds and deposits, and nothing else. */
  bonds: (keeper: DatanetKeeper, ctx: Read): string | undefined => {
    const { params, records, commitments, notices, segments, demands } = exportAll(ctx);
    let owed = 0n;
    for (const { bond } of records) owed += bond;
    for (const { deposit } of commitments) owed += deposit;
    for (const { bond, counterBond } of notices) owed += bond + counterBond;
    for (const { bond } of segments) owed += bond;
    for (const { bond } of demands) owed += bond;
    const held = keeper.held(ctx, params.bondDenom);
    return held === owed ? undefined : `${owed}${params.bondDenom} is bonded, the module's account holds ${held}`;
  },
  /** Of every datanet's token there is what was sold less what was spent. */
  tokens: (keeper: DatanetKeeper, ctx: Read): string | undefined => {
    for (const { datanetId, minted, burned } of exportAll(ctx).tokenSupplies) {
      const supply = keeper.uses.bank.supply(ctx, tokenDenom(datanetId));
      if (supply !== BigInt(minted) - BigInt(burned)) {
        return `there are ${supply}${tokenDenom(datanetId)}, but ${minted} were sold and ${burned} spent`;
      }
    }
    return undefined;
  },
  /** The peaks of an accumulator are those of its records. */
  accumulators: (keeper: DatanetKeeper, ctx: Read): string | undefined => {
    const { accumulators, records } = exportAll(ctx);
    const { hasher } = keeper.uses;
    for (const accumulator of accumulators) {
      const leaves = records.filter(({ datanetId }) => datanetId === accumulator.datanetId).map(recordLeaf);
      if (!equalBytes(rootOf(accumulator, hasher), merkleRoot(leaves, hasher))) {
        return `the accumulator of datanet ${accumulator.datanetId} does not lead to its records`;
      }
    }
    return undefined;
  },
  /** What members count of their records sums to what the datanet counts of them. */
  members: (_: DatanetKeeper, ctx: Read): string | undefined => {
    const { datanets, members } = exportAll(ctx);
    for (const { id, recordCount, byteCount, earningRecords, earningBytes } of datanets) {
      const own = members.filter(({ datanetId }) => datanetId === id);
      const sum = (of: (member: (typeof members)[number]) => bigint) => own.reduce((total, row) => total + of(row), 0n);
      const agree =
        sum((row) => row.recordCount) === recordCount &&
        sum((row) => row.byteCount) === byteCount &&
        sum((row) => row.earningRecords) === earningRecords &&
        sum((row) => row.earningBytes) === earningBytes;
      if (!agree) return `the members of datanet ${id} do not sum to what it counts`;
    }
    return undefined;
  },
};
