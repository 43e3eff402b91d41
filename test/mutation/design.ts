/**
 * Owns the mutants of the design: the rules that the engine was built around, each taken away by a small patch of the sources, and the
 * schedules that must find it out. Operators applied mechanically do not make these; whoever "simplifies" the engine might. Does not own running them.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./mutants.ts";

interface Patch {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface DesignMutant {
  readonly id: string;
  /** What the engine does then. */
  readonly does: string;
  readonly patches: readonly Patch[];
  /** The tests that may find it. */
  readonly testFiles: readonly string[];
  /** The layer that stands behind this one, if any: it must be taken away too before harm is done. */
  readonly partner?: string;
}

const LOCKS = "test/sim/scenarios/locks.test.ts";
const CRASHES = "test/sim/scenarios/crashes.test.ts";
const NETWORK = "test/sim/scenarios/network.test.ts";
const CONSENSUS = "test/chain/consensus/scenarios/";

const LOCK_RULE: Patch = {
  file: "chain/consensus/rules.ts",
  from: "  return state.lock.round <= proposal.polRound;",
  to: "  return true;",
};
const SIGNER_GUARD: Patch = {
  file: "node/engine/signer.ts",
  from: "    if (later && isPolka(polka, message, powers)) return undefined;",
  to: "    if (lock !== undefined) return undefined;",
};
const JOURNAL_SYNC: Patch = {
  file: "node/engine/sign-journal.ts",
  from: "this.#count));\n      this.#file.sync();",
  to: "this.#count));",
};
const LOG_SYNC: Patch = { file: "node/engine/publish.ts", from: "  log.sync();\n", to: "" };

export const DESIGN_MUTANTS: readonly DesignMutant[] = [
  {
    id: "no-pull",
    does: "answers no request for what a peer lacks: what gossip loses is lost",
    patches: [
      {
        file: "node/engine/repair-answer.ts",
        from: "  const messages: ConsensusMessage[] = [];\n",
        to: "  const messages: ConsensusMessage[] = [];\n  if (maxBytes > 0) return messages;\n",
      },
    ],
    testFiles: [NETWORK],
  },
  {
    id: "journal-not-synced",
    does: "shows a signature before the journal is on disk",
    patches: [JOURNAL_SYNC],
    testFiles: [CRASHES],
    partner: "the write-ahead log, which holds a signature too before it is shown",
  },
  {
    id: "log-not-synced",
    does: "shows a signature before the write-ahead log is on disk",
    patches: [LOG_SYNC],
    testFiles: [CRASHES],
    partner: "the sign journal",
  },
  {
    id: "nothing-synced",
    does: "shows a signature of which nothing is on disk",
    patches: [JOURNAL_SYNC, LOG_SYNC],
    testFiles: [CRASHES],
  },
  {
    id: "mute-replay",
    does: "replays a height without doing what it had asked for: what was signed is not sent again",
    patches: [
      {
        file: "node/engine/driver.ts",
        from: 'if (this.#machine.step !== "committed") await closeOpenWork(height, pending, uses);',
        to: "void [closeOpenWork, pending];",
      },
    ],
    testFiles: [CRASHES],
  },
  {
    id: "first-vote-wins",
    does: "counts an equivocator's first vote, whatever a certificate says",
    patches: [
      {
        file: "chain/consensus/votes.ts",
        from: "  result = { ...result, certificates: [...result.certificates, { key, blockId, votes }] };\n",
        to: "",
      },
    ],
    testFiles: [`${CONSENSUS}equivocation.test.ts`],
  },
  {
    id: "last-signature-only",
    does: "keeps the last signature of a height only, as priv_validator_state.json does",
    patches: [
      {
        file: "node/engine/sign-journal.ts",
        from: "    if (isNew) this.#records = [record];\n    else this.#records.push(record);",
        to: "    this.#records = [record];",
      },
      {
        file: "node/engine/sign-journal.ts",
        from: "    records.push(readPayload(found.payload, decodePayload));\n    end = found.end;\n  }",
        to: "    records.push(readPayload(found.payload, decodePayload));\n    end = found.end;\n    if (end === bytes.length) return { records: records.slice(-1), end };\n  }",
      },
    ],
    testFiles: [CRASHES, "test/node/engine/signer.test.ts"],
  },
  {
    id: "no-lock-in-journal",
    does: "keeps no lock in the journal: when logs are lost on several nodes at once, nobody remembers it",
    patches: [
      {
        file: "node/engine/signer.ts",
        from: "request.effect.lock && alarm === undefined\n",
        to: "request.effect.lock && alarm !== undefined\n",
      },
    ],
    testFiles: [LOCKS],
    partner: "the write-ahead log, from which a lock is lived through again",
  },
  {
    id: "no-lock-rule",
    does: "prevotes any valid block, whatever it is locked on",
    patches: [LOCK_RULE],
    testFiles: [LOCKS],
    partner: "the signer's guard, which votes nil instead",
  },
  {
    id: "no-signer-guard",
    does: "signs a prevote against the lock in its journal",
    patches: [SIGNER_GUARD],
    testFiles: [LOCKS],
    partner: "the machine's lock rule",
  },
  {
    id: "no-lock-at-all",
    does: "has neither of the two",
    patches: [LOCK_RULE, SIGNER_GUARD],
    testFiles: [LOCKS],
  },
  {
    id: "no-valid-value",
    does: "forgets a block whose polka came too late to lock it (lines 42 and 43)",
    patches: [
      {
        file: "chain/consensus/rules.ts",
        from: 'if (state.step === "precommit" && (state.valid === undefined',
        to: "if (state.valid !== undefined && (state.valid === undefined",
      },
    ],
    testFiles: [`${CONSENSUS}locks.test.ts`],
  },
  {
    id: "unlock-on-nil",
    does: "unlocks on a polka for nil, as CometBFT does and the paper does not",
    patches: [
      {
        file: "chain/consensus/rules.ts",
        from: "NIL_KEY, state.powers.total)) return false;\n  precommit(work, undefined);",
        to: "NIL_KEY, state.powers.total)) return false;\n  state.lock = undefined;\n  precommit(work, undefined);",
      },
    ],
    testFiles: [`${CONSENSUS}locks.test.ts`],
  },
];

/** The sources of a design mutant, by absolute path. Throws when a patch no longer fits: it must then be written anew. */
export function patchedSources(id: string): ReadonlyMap<string, string> {
  const mutant = DESIGN_MUTANTS.find((each) => each.id === id);
  if (mutant === undefined) throw new Error(`there is no design mutant ${id}`);
  const sources = new Map<string, string>();
  for (const { file, from, to } of mutant.patches) {
    const path = join(ROOT, file);
    const source = sources.get(path) ?? readFileSync(path, "utf8");
    if (source.split(from).length !== 2) throw new Error(`${id}: "${from}" stands in ${file} not exactly once`);
    sources.set(
      path,
      source.replace(from, () => to),
    );
  }
  return sources;
}
