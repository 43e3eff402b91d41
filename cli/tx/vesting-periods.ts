// Owns the file of a periodic vesting account, in the form of simd's x/auth/vesting/client/cli. Does not own what the periods mean.
import { coinsToMessages, parseCoins } from "../../chain/types/coin.ts";
import { messageOf, usageError } from "../errors.ts";
import { readJsonFile } from "../files.ts";
import type { Json } from "../yaml.ts";

/** The start and the periods that a file says, as fields of MsgCreatePeriodicVestingAccount. */
export function periodsOfFile(file: string): { readonly start_time: string; readonly vesting_periods: Json } {
  const json = readJsonFile(file) as { readonly start_time?: unknown; readonly periods?: unknown } | null;
  const { start_time, periods } = json ?? {};
  if (!isSeconds(start_time) || !Array.isArray(periods)) {
    throw usageError(`${file} has no start_time and periods`, "see the command's help; nothing was sent");
  }
  return { start_time: String(start_time), vesting_periods: periods.map((one, index) => period(one, file, index)) };
}

function period(given: unknown, file: string, index: number): Json {
  const { coins, length_seconds } = (given ?? {}) as { readonly coins?: unknown; readonly length_seconds?: unknown };
  try {
    if (!isSeconds(length_seconds)) throw new Error("length_seconds is not a number of seconds");
    const amount = coinsToMessages(parseCoins(String(coins ?? ""))).map((coin) => ({ ...coin }));
    return { length: String(length_seconds), amount };
  } catch (error) {
    throw usageError(`${file}, period ${index + 1}: ${messageOf(error)}`, "nothing was sent");
  }
}

function isSeconds(value: unknown): value is number | string {
  return /^\d{1,19}$/.test(String(value));
}
