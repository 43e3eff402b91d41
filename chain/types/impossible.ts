/**
 * Owns the end of every exhaustive switch. Owns nothing else.
 */

/**
 * The last line of a switch over a union. It does not compile while a case is missing; at run time it is reached only
 * by a bug, so it throws a plain error and never a transaction error.
 */
export function impossible(value: never): never {
  throw new Error(`impossible case: ${String(value)}`);
}
