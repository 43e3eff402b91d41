/**
 * Owns the hash over the results of a block's transactions, which the next header carries. It does not own results.
 */
import { concat } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { Hasher } from "./hash.ts";
import { nobleHasher } from "./hash.ts";
import type { MerkleProof } from "./merkle.ts";
import { merkleProofs, merkleRoot } from "./merkle.ts";
import { bytesField, varintField } from "./wire.ts";

/** What a transaction did (tendermint.abci.ExecTxResult). */
export type ExecTxResult = Messages["tendermint.abci.ExecTxResult"];
/** The part of a result that every node agrees on. */
export type DeterministicResult = Pick<ExecTxResult, "code" | "data" | "gasWanted" | "gasUsed">;

/** LastResultsHash: Merkle root over code, data and gas of each result; logs and events are left out. */
export function resultsHash(results: readonly DeterministicResult[], hasher: Hasher = nobleHasher): Uint8Array {
  return merkleRoot(results.map(resultBytes), hasher);
}

/** One inclusion proof per result under resultsHash. */
export function resultProofs(
  results: readonly DeterministicResult[],
  hasher: Hasher = nobleHasher,
): readonly MerkleProof[] {
  return merkleProofs(results.map(resultBytes), hasher).proofs;
}

function resultBytes(result: DeterministicResult): Uint8Array {
  return concat(
    varintField(1, BigInt(result.code)),
    bytesField(2, result.data),
    varintField(5, result.gasWanted),
    varintField(6, result.gasUsed),
  );
}
