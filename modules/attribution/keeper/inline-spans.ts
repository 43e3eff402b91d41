/**
 * Owns the spans of an inline settlement: which records they may cite, their order, and the gas their checking costs. The
 * check of one span is span-proof.ts's.
 */
import type { Write } from "../../../chain/module/context.ts";
import type { Hasher } from "../../../chain/types/hash.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { DatanetKeeper } from "../../datanet/keeper.ts";
import { errors } from "../errors.ts";
import { GAS_PER_BYTE, GAS_PER_HASH } from "../limits.ts";
import type { Params } from "../params.ts";
import type { CheckedSpan } from "../payout.ts";
import { checkSpan, hashesToCheck } from "../span-proof.ts";
import type { Use } from "./acknowledgements.ts";
import type { Lineages } from "./lineages.ts";

type Span = Messages["tributary.attribution.v1.Span"];

/** What a use is settled with. */
export interface Settlement {
  readonly output: Uint8Array;
  readonly receipt: Uint8Array;
  readonly spans: readonly Span[];
}

/** What the check of spans needs of its neighbours. */
export interface InlineSpanUses {
  readonly datanets: Pick<DatanetKeeper, "findRecord" | "isEarning">;
  readonly hasher: Hasher;
}

export class InlineSpans {
  readonly #uses: InlineSpanUses;
  readonly #lineages: Lineages;

  constructor(uses: InlineSpanUses, lineages: Lineages) {
    this.#uses = uses;
    this.#lineages = lineages;
  }

  /** Checks all spans of a settlement, in the order of the output. Throws attribution/12. */
  check(ctx: Write, params: Params, use: Use, { output, spans }: Settlement): readonly CheckedSpan[] {
    if (spans.length > params.maxSpans) {
      throw errors.invalidSpan.because(`${spans.length} spans, at most ${params.maxSpans} are accepted`);
    }
    this.#refusePrivate(ctx, use);
    let free = 0;
    return spans.map((span, i) => {
      const refuse = (flaw: string) => errors.invalidSpan.because(`span ${i} of record ${nameOf(span)}: ${flaw}`);
      if (span.outputStart < free) throw refuse("it overlaps the one before it, or is out of order");
      free = span.outputStart + span.length;
      const checked = this.#checkOne(ctx, params, use, output, span, refuse);
      const { outputStart, length, record, recordStart } = span;
      const paid = { outputStart, length, tokens: checked.tokens, record, recordStart };
      return { span: paid, contributor: checked.contributor };
    });
  }

  /** The output stands in the settlement, and every span shows its record: what a datanet keeps private would be published. */
  #refusePrivate(ctx: Write, use: Use): void {
    const secret = this.#lineages.privateDatanet(ctx, use);
    if (secret !== undefined) {
      throw errors.privateDatanet.because(`model ${use.modelId} was trained on datanet ${secret}`);
    }
  }

  #checkOne(
    ctx: Write,
    params: Params,
    use: Use,
    output: Uint8Array,
    span: Span,
    refuse: (flaw: string) => Error,
  ): { readonly tokens: number; readonly contributor: string } {
    const { datanetId, number } = span.record;
    if (!this.#lineages.isTrainedOn(ctx, use, span.record)) {
      throw refuse(`model ${use.modelId} was not trained on the record`);
    }
    const record = this.#uses.datanets.findRecord(ctx, datanetId, number);
    if (record === undefined) throw refuse("there is no such record");
    if (!this.#uses.datanets.isEarning(record)) throw refuse("the record may not earn");
    // A record is at most 2^24 bytes, so both numbers are exact; an offset beyond it is refused before the conversion.
    if (span.recordStart > record.length) throw refuse(`it begins behind the record's ${record.length} bytes`);
    const proof = { ...span, recordStart: Number(span.recordStart) };
    ctx.gas.consume(GAS_PER_HASH * BigInt(hashesToCheck(proof)), "span hashes");
    ctx.gas.consume(GAS_PER_BYTE * BigInt(Math.min(span.length, output.length)), "span bytes");
    const commitment = { length: Number(record.length), textRoot: record.textRoot };
    const check = checkSpan(output, proof, commitment, this.#uses.hasher);
    if ("flaw" in check) throw refuse(check.flaw);
    if (check.tokens < params.minSpanTokens) {
      throw refuse(`it has ${check.tokens} tokens, at least ${params.minSpanTokens} are asked for`);
    }
    return { tokens: check.tokens, contributor: record.contributor };
  }
}

function nameOf({ record }: Span): string {
  return `${record.datanetId}/${record.number}`;
}
