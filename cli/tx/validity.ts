// Owns the flags that say how long a transaction is good for, and whether it waits its turn: --timeout-height, --timeout-duration and --unordered, with
// the rules of simd 0.53 (client/flags, client/tx/factory.go). It does not own what the chain accepts (chain/app/ante-signatures.ts).
import { addNanoseconds } from "../../chain/types/time.ts";
import { usageError } from "../errors.ts";
import { parseGoDuration } from "../go-duration.ts";
import type { Settings } from "../settings.ts";
import type { UnsignedParts } from "./transaction.ts";

/** What the flags say, as of now (milliseconds since 1970). Throws a usage error for flags that contradict each other. */
export function validityOf(
  settings: Settings,
  now: number,
): Pick<UnsignedParts, "timeoutHeight" | "timeoutTimestamp" | "unordered"> {
  const height = settings.bigint("timeout-height");
  const text = settings.text("timeout-duration");
  const unordered = settings.isSet("unordered");
  if (height !== undefined && text !== undefined) {
    throw usageError("--timeout-height and --timeout-duration cannot be used together", "choose one");
  }
  if (unordered && settings.bigint("sequence") !== undefined) {
    throw usageError("an unordered transaction has no sequence", "leave --sequence or --unordered out");
  }
  if (unordered && text === undefined) {
    throw usageError(
      "--unordered needs --timeout-duration",
      "say how long it may wait, such as 5m; ten minutes at most",
    );
  }
  const base = { timeoutHeight: height ?? 0n, unordered };
  if (text === undefined) return base;
  const duration = parseGoDuration(text);
  if (duration === undefined || duration <= 0n) {
    throw usageError(`--timeout-duration ${text} is not a length of time above zero`, "it looks like 90s or 5m");
  }
  const seconds = BigInt(Math.floor(now / 1000));
  const nanos = (now % 1000) * 1_000_000;
  return { ...base, timeoutTimestamp: addNanoseconds({ seconds, nanos }, duration) };
}
