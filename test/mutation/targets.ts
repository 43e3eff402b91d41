/**
 * Owns what the mutation run covers: the files that are mutated, the tests that may kill, and the operators left out. Does not own how (run.ts).
 */

/** The consensus machine, the signer with its journal, and all that replays a height after a crash. */
export const MUTATED: readonly string[] = [
  "chain/consensus/block-key.ts",
  "chain/consensus/certificate.ts",
  "chain/consensus/repair.ts",
  "chain/consensus/rounds.ts",
  "chain/consensus/rules.ts",
  "chain/consensus/state.ts",
  "chain/consensus/step.ts",
  "chain/consensus/timeouts.ts",
  "chain/consensus/validators.ts",
  "chain/consensus/votes.ts",
  "node/engine/driver.ts",
  "node/engine/own-key.ts",
  "node/engine/recovery.ts",
  "node/engine/replay.ts",
  "node/engine/sign-journal.ts",
  "node/engine/sign-state.ts",
  "node/engine/signer.ts",
  "node/engine/wal-record.ts",
  "node/engine/wal.ts",
];

/** The tests that run against every mutant they reach, as file patterns. */
export const TEST_FILES: readonly string[] = [
  "test/chain/consensus/**/*.test.ts",
  "test/node/engine/**/*.test.ts",
  "test/sim/**/*.test.ts",
];

/** Texts are for people: a changed message or log line changes nothing that a peer, a disk or a caller sees. */
export const EXCLUDED_OPERATORS: readonly string[] = ["StringLiteral"];
