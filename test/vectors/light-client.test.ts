// Light-client verdicts of others: 41 model-based traces of tendermint-rs (TLA+), and CometBFT's own behaviour tables.

import { expect, test } from "vitest";
import {
  LightClientError,
  type TrustOptions,
  verifyAdjacent,
  verifyLightBlock,
  verifyNonAdjacent,
} from "../../chain/light/verifier.ts";
import { ABSENT_COMMIT_SIG, BLOCK_ID_FLAG_ABSENT } from "../../chain/types/commit.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import type { LightBlock, SignedHeader } from "../../chain/types/light-block.ts";
import { addNanoseconds, parseTime, type Timestamp } from "../../chain/types/time.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import { commitFromComet, headerFromComet, type Recorded, validatorSetFromComet } from "./comet-json.ts";
import { newKeys, signLightBlock, type TestKey, validatorSetOf } from "./signing.ts";
import { describeVectors, vector, vectorNames } from "./vectors.ts";

const SECOND = 1_000_000_000n;
const traces = "light-client/tendermint-rs-mbt/single_step";

/** The traces give absent votes the time 1970; CometBFT, and so we, demand Go's zero time there. */
function signedHeader(json: Recorded): SignedHeader {
  const commit = commitFromComet(json.commit);
  const signatures = commit.signatures.map((signature) =>
    signature.blockIdFlag === BLOCK_ID_FLAG_ABSENT ? ABSENT_COMMIT_SIG : signature,
  );
  return { header: headerFromComet(json.header), commit: { ...commit, signatures } };
}

/** The model's verdicts in our words. */
function verdictOf(check: () => void): string {
  try {
    check();
    return "SUCCESS";
  } catch (error) {
    if (!(error instanceof LightClientError)) throw error;
    return error.reason === "not-enough-trust" ? "NOT_ENOUGH_TRUST" : "INVALID";
  }
}

describeVectors("the model's traces", () => {
  test.each(vectorNames(traces))("%s", (name) => {
    const { initial, input } = vector<Recorded>(`${traces}/${name}`);
    let trusted = signedHeader(initial.signed_header);
    let trustedValidators: ValidatorSet = validatorSetFromComet(initial.next_validator_set);
    for (const { block, now, verdict } of input) {
      const candidate: LightBlock = {
        signedHeader: signedHeader(block.signed_header),
        validators: validatorSetFromComet(block.validator_set),
      };
      const options: TrustOptions = {
        trustLevel: { numerator: 1n, denominator: 3n },
        trustingPeriod: BigInt(initial.trusting_period),
        maxClockDrift: SECOND,
        now: parseTime(now),
        verifier: nobleVerifier,
      };
      const got = verdictOf(() => verifyLightBlock(trusted, trustedValidators, candidate, options));
      expect(got, `height ${candidate.signedHeader.header.height}`).toBe(verdict);
      if (got === "SUCCESS") {
        trusted = candidate.signedHeader;
        trustedValidators = validatorSetFromComet(block.next_validator_set);
      }
    }
  });
});

describeVectors("CometBFT's verifier tables, signed with keys of our own", () => {
  const file = vector<Recorded>("light-client/go_verifier_cases.json");
  const chainId = "test-chain";
  const start = parseTime("2006-01-02T15:04:05Z");
  const hour = 3600n * SECOND;
  // 4 validators with powers 20, 30, 40 and 50; "first" and "last" in the tables mean this order.
  const keys = newKeys("light", [20n, 30n, 40n, 50n]);
  const validators = validatorSetOf(keys);
  const trusted = signLightBlock({ chainId, height: 1n, time: start, validators, keys });
  const later = (nanoseconds: bigint): Timestamp => addNanoseconds(start, nanoseconds);

  const options = (now: Timestamp, trustingPeriod = 3n * hour): TrustOptions => ({
    trustLevel: { numerator: 1n, denominator: 3n },
    trustingPeriod,
    maxClockDrift: 10n * SECOND,
    now,
    verifier: nobleVerifier,
  });

  interface Case {
    readonly height: bigint;
    readonly chainId?: string;
    readonly time?: Timestamp;
    readonly now?: Timestamp;
    readonly trustingPeriod?: bigint;
    /** Those who sign, all by default. */
    readonly signers?: readonly TestKey[];
    /** The set in the header, the trusted one by default. */
    readonly keys?: readonly TestKey[];
    /** The set that is supplied, that of the header by default. */
    readonly supplied?: readonly TestKey[];
  }

  const expectTable = (
    rows: readonly { case: number; desc: string; error: string | null }[],
    cases: readonly Case[],
    words: Readonly<Record<string, string>>,
    verify: (block: LightBlock, options: TrustOptions) => void,
  ): void => {
    expect(cases).toHaveLength(rows.length);
    rows.forEach((row, i) => {
      const item = cases[i] as Case;
      const headerKeys = item.keys ?? keys;
      const block = signLightBlock({
        chainId: item.chainId ?? chainId,
        height: item.height,
        time: item.time ?? later(hour),
        validators: validatorSetOf(headerKeys),
        keys: item.signers ?? headerKeys,
      });
      const shown = item.supplied === undefined ? block : { ...block, validators: validatorSetOf(item.supplied) };
      const check = () => verify(shown, options(item.now ?? later(2n * hour), item.trustingPeriod));
      if (row.error === null) expect(check, row.desc).not.toThrow();
      else expect(check, row.desc).toThrow(words[row.error] ?? row.error);
    });
  };

  test("adjacent headers", () => {
    const others = newKeys("others", [10n, 10n]);
    expectTable(
      file.adjacent,
      [
        { height: 1n },
        { height: 2n, chainId: "different-chainID" },
        { height: 2n, time: later(-hour) },
        { height: 2n, time: later(3n * hour) },
        { height: 2n, time: later(2n * hour + 10n * SECOND - 1_000_000n) },
        { height: 2n },
        { height: 2n, signers: keys.slice(1) },
        { height: 2n, signers: keys.slice(3) },
        { height: 2n, keys: others },
        { height: 2n, supplied: others },
        { height: 2n, trustingPeriod: hour, now: later(hour) },
      ],
      {
        "ErrInvalidHeader{NotEnoughVotingPowerSigned Got 50 Needed 93}":
          "invalid header: invalid commit -- insufficient voting power: got 50, needed more than 93",
      },
      (block, trust) => verifyAdjacent(trusted.signedHeader, block, trust),
    );
  });

  test("headers further ahead", () => {
    expectTable(
      file.non_adjacent,
      [
        { height: 3n },
        { height: 3n, signers: keys.slice(1) },
        { height: 3n, signers: keys.slice(3) },
        { height: 3n, keys: keys.slice(1) },
        { height: 3n, keys: keys.slice(3) },
        { height: 3n, keys: keys.slice(0, 1) },
      ],
      {
        ErrInvalidHeader: "invalid header: invalid commit -- insufficient voting power: got 50, needed more than 93",
        ErrNewValSetCantBeTrusted:
          "cant trust new val set: invalid commit -- insufficient voting power: got 20, needed more than 46",
      },
      (block, trust) => verifyNonAdjacent(trusted.signedHeader, validators, block, trust),
    );
    expect(() => verifyNonAdjacent(trusted.signedHeader, validators, trusted, options(later(hour)))).toThrow(
      "expected new header height 1 to be greater than one of old header 1",
    );
  });
});
