/** Owns the audit of a whole batch: everything that is wrong with it, the surest challenges first. */
import { equalBytes } from "../../proto/bytes.ts";
import { omittedMatches, omittedRanks } from "./omissions.ts";
import { falsePayouts } from "./payouts.ts";
import { falseShares } from "./shares.ts";
import type { AuditSubject, Flaw } from "./subject.ts";

/** Whether the published body is what the chain's batch commits to. Nothing in another body says anything about it. */
export function isCommitted({ batch, facts }: AuditSubject): boolean {
  const [own, onChain] = [batch.commitment, facts.commitment];
  return (
    own.shareCount === onChain.shareCount &&
    own.payeeCount === onChain.payeeCount &&
    own.sum === onChain.sum &&
    equalBytes(own.sharesRoot, onChain.sharesRoot) &&
    equalBytes(own.payoutsRoot, onChain.payoutsRoot)
  );
}

/** All flaws, those first that are decided at once; the last ones ask the host for an answer. */
export function* audit(subject: AuditSubject): Generator<Flaw> {
  yield* falseShares(subject);
  yield* falsePayouts(subject);
  yield* omittedRanks(subject);
  const waiting: Flaw[] = [];
  for (const flaw of omittedMatches(subject)) {
    if (flaw.challenge.kind === "commonness") waiting.push(flaw);
    else yield flaw;
  }
  yield* waiting;
}
