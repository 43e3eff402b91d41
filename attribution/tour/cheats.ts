/** Owns ways to make a false batch of an honest one, as a host that cheats would. It does not own catching them (../watcher.ts). */
import { payeesOf } from "../../modules/attribution/batch/payees.ts";
import type { Share } from "../../modules/attribution/batch/shares.ts";
import { ShareKind } from "../../proto/enums.gen.ts";
import { BuiltBatch } from "../batch-builder.ts";
import { EMPTY_SHARE } from "../span-shares.ts";

/** A batch that says something else than the honest one, and by which kind of challenge that must be shown. */
export interface Cheat {
  readonly what: string;
  readonly kind: string;
  readonly batch: BuiltBatch;
}

/** Three ways to cheat: keep a span from its owner, pay a record that does not hold the words, pay somebody else. */
export function* cheats(honest: BuiltBatch): Generator<Cheat> {
  const { shares, payees } = honest.body;
  const paid = shares.findIndex(({ kind, amount }) => kind === ShareKind.SHARE_KIND_SPAN && BigInt(amount) > 0n);
  const share = shares[paid];
  const other = shares.find(({ record, beneficiary }) => record !== undefined && beneficiary !== share?.beneficiary);
  if (share === undefined || other === undefined) throw new Error("the answers hold the words of one contributor only");
  const { usePosition, start, end, weightBefore, weightAfter, weightTotal, amount } = share;
  const kept = { ...EMPTY_SHARE, usePosition, start, end, weightBefore, weightAfter, weightTotal, amount };
  yield { what: "leaves a span out", kind: "omission", batch: withShare(honest, paid, kept) };
  const { record, beneficiary } = other;
  const fabricated = { ...share, record, recordStart: 0n, beneficiary };
  yield {
    what: "pays a record that does not hold the words",
    kind: "share",
    batch: withShare(honest, paid, fabricated),
  };
  const [first, ...rest] = payees.filter(({ payee }) => payee.beneficiary !== "");
  const friend = {
    ...first!,
    payee: {
      ...first!.payee,
      beneficiary: other.beneficiary === first!.payee.beneficiary ? share.beneficiary : other.beneficiary,
    },
  };
  const misdirected = [...payees.filter(({ payee }) => payee.beneficiary === ""), friend, ...rest];
  yield {
    what: "pays one contributor's part to another",
    kind: "payout",
    batch: new BuiltBatch({ ...honest.body, payees: misdirected }),
  };
}

/** The batch with one share replaced, and payouts that follow from the shares. */
function withShare({ body }: BuiltBatch, index: number, share: Share): BuiltBatch {
  const shares = body.shares.map((own, i) => (i === index ? share : own));
  const payees = payeesOf(shares).map(({ payee, entries }) => ({ payee, entries: [...entries] }));
  return new BuiltBatch({ ...body, shares, payees });
}
