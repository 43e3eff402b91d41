/**
 * Owns what shows that words of an output come from a record and not from the prompt: a long match of the two, none of
 * whose short runs of tokens stands in the prompt. It does not own which records a lineage leaves out, nor what follows
 * (keeper/disputes.ts).
 */
import { tokenize } from "../../../chain/types/lexer.ts";
import { hex } from "../../../proto/bytes.ts";
import { MAX_MATCH_TOKENS } from "../limits.ts";
import { checkMatch, type MatchPlace, showsMatch } from "../proof/match.ts";
import type { TextWindow } from "../proof/text-window.ts";

/** How long the match must be, and how short a run may come from the prompt, in tokens. */
export interface OmissionLimits {
  readonly minTokens: number;
  readonly promptTokens: number;
}

/** Why the texts do not show that the output has its words from the record; undefined when they do. */
export function omittedWordsRefusal(
  place: MatchPlace,
  texts: { readonly output: TextWindow; readonly record: TextWindow; readonly prompt: TextWindow },
  { minTokens, promptTokens }: OmissionLimits,
): string | undefined {
  const { output, record, prompt } = texts;
  if (!showsMatch(place, output, record)) return "the match is not shown whole";
  const check = checkMatch(place, output, record, { minTokens, maxTokens: MAX_MATCH_TOKENS });
  if ("flaw" in check) return `the match is none: ${check.flaw}`;
  if (!prompt.covers(0, prompt.length)) return "the prompt is not shown whole";
  const words = output.slice(place.matchStart, place.matchEnd);
  return sharesRun(words, prompt.bytes, promptTokens) ? "words of the match stand in the prompt" : undefined;
}

/** Whether two texts have a run of so many tokens in common, whatever lies between the tokens. */
function sharesRun(a: Uint8Array, b: Uint8Array, tokens: number): boolean {
  const runs = new Set(runsOf(a, tokens));
  return runsOf(b, tokens).some((run) => runs.has(run));
}

/** All runs of so many tokens, each as one text, by the token they begin with. */
export function runsOf(text: Uint8Array, tokens: number): readonly string[] {
  const { starts, ends } = tokenize(text);
  const names = Array.from(starts, (start, i) => hex(text.subarray(start, ends[i])));
  return names.slice(tokens - 1).map((_, i) => names.slice(i, i + tokens).join(" "));
}
