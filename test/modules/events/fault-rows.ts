/** Faults: blocks not signed, and signed twice. Owns rows of the table only. */
import { packAny } from "../../../proto/codec.ts";
import type { ChainHarness } from "../../support/chain-harness.ts";
import {
  consensusOf,
  move,
  operatorOf,
  stake,
  twoValidators,
  unjail,
  validatorOf,
  votedBlock,
} from "../../support/staking-chain.ts";
import {
  burnt,
  type EventRow,
  moduleOf,
  ofMessage,
  ofMessages,
  ofPhase,
  rewarded,
  sent,
  since,
  type Told,
} from "../../support/told-events.ts";

const SIGNATURES = "x/slashing/keeper/infractions.go";

const namesOf = (chain: ChainHarness) => ({
  bonded: moduleOf(chain, "bonded_tokens_pool"),
  notBonded: moduleOf(chain, "not_bonded_tokens_pool"),
  consensus: chain.addresses.consensus(consensusOf("val1")),
});

/** The first validator stays away until it is jailed. */
function jailed(): ChainHarness {
  const chain = twoValidators();
  while (validatorOf(chain, "val1")?.jailed === false) votedBlock(chain, "val1", 5n, false);
  return chain;
}

/** A block that proves that the first validator signed twice, some blocks ago, with so much power. */
function doubleSign(chain: ChainHarness, power: bigint, height: bigint): void {
  const validator = { address: consensusOf("val1"), power };
  chain.block([], { misbehavior: [{ type: 1, validator, height, time: chain.time, totalVotingPower: 12n }] });
}

const slashed = (consensus: string, power: number, cost: number): Told => [
  "slash",
  `address=${consensus}`,
  `power=${power}`,
  "reason=double_sign",
  `burned_coins=${cost}`,
];

export const faultRows: readonly EventRow[] = [
  {
    when: "a validator did not sign the block before",
    source: SIGNATURES,
    run: () => {
      const chain = twoValidators();
      votedBlock(chain, "val1", 5n, false);
      votedBlock(chain, "val1", 5n, false);
      const { consensus } = namesOf(chain);
      const told = since(ofPhase(chain, "BeginBlock"), "liveness");
      return { told, expected: [["liveness", `address=${consensus}`, "missed_blocks=2", `height=${chain.height}`]] };
    },
  },
  {
    when: "it missed too many: a hundredth is burnt before it is told",
    source: `${SIGNATURES}, x/staking/keeper/slash.go`,
    run: () => {
      const chain = jailed();
      const { consensus, bonded } = namesOf(chain);
      const cost = 5_000_000 / 100;
      const told = since(ofPhase(chain, "BeginBlock"), "liveness");
      // The window is ten blocks: the eleventh missed takes the first one's place.
      const expected: Told[] = [
        ["liveness", `address=${consensus}`, "missed_blocks=10", `height=${chain.height}`],
        ...burnt(bonded, `${cost}uopen`),
        [
          "slash",
          `address=${consensus}`,
          "power=5",
          "reason=missing_signature",
          `jailed=${consensus}`,
          `burned_coins=${cost}`,
        ],
      ];
      return { told, expected };
    },
  },
  {
    when: "a block ends in which a validator left the set",
    source: "x/staking/keeper/val_state_change.go",
    run: () => {
      const chain = jailed();
      const { bonded, notBonded } = namesOf(chain);
      return { told: ofPhase(chain, "EndBlock"), expected: sent(bonded, notBonded, `${5_000_000 * 0.99}uopen`) };
    },
  },
  {
    when: "a validator leaves the jail",
    source: "x/slashing/keeper/msg_server.go",
    run: () => {
      const chain = jailed();
      chain.block([], { nanoseconds: 601n * 1_000_000_000n });
      const told = ofMessages(chain.runOk("val1", unjail(chain, "val1")));
      const expected = ofMessage("/cosmos.slashing.v1beta1.MsgUnjail", chain.address("val1"), "slashing", []);
      return { told, expected };
    },
  },
  {
    when: "a validator signed two blocks of one height",
    source: "x/evidence/keeper/infraction.go, x/slashing/keeper/keeper.go",
    run: () => {
      const chain = twoValidators();
      chain.block([]);
      doubleSign(chain, 5n, chain.height);
      const { consensus, bonded } = namesOf(chain);
      const cost = (5_000_000 * 5) / 100;
      const told = ofPhase(chain, "BeginBlock").slice(-4);
      const expected: Told[] = [
        ...burnt(bonded, `${cost}uopen`),
        slashed(consensus, 5, cost),
        ["slash", `jailed=${consensus}`],
      ];
      return { told, expected };
    },
  },
  {
    when: "what was behind the two blocks was withdrawn and moved since",
    source: "x/staking/keeper/slash.go",
    run: () => {
      const chain = twoValidators();
      chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
      const then = chain.height;
      chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "400000"));
      chain.runOk("alice", move(chain, "alice", "val1", "val2", "600000"));
      doubleSign(chain, 7n, then);
      const { consensus, bonded, notBonded } = namesOf(chain);
      // Of seven million a twentieth: its parts of what left are taken there, and the rest from what stayed.
      const [withdrawn, moved, whole] = [400_000 / 20, 600_000 / 20, 7_000_000 / 20];
      const rest = whole - withdrawn - moved;
      const told = since(ofPhase(chain, "BeginBlock"), "burn");
      const expected: Told[] = [
        burnt(notBonded, `${withdrawn}uopen`)[1]!,
        rewarded(operatorOf(chain, "val2"), chain.address("alice")),
        ...burnt(bonded, `${moved}uopen`),
        ...burnt(bonded, `${rest}uopen`),
        slashed(consensus, 7, rest),
        ["slash", `jailed=${consensus}`],
      ];
      return { told, expected };
    },
  },
  {
    when: "evidence is submitted: like the SDK's application this one has no handler for any, so submit_evidence is never told",
    source: "x/evidence/keeper/keeper.go, SubmitEvidence; x/evidence/keeper/msg_server.go",
    run: () => {
      const chain = twoValidators();
      const { consensus } = namesOf(chain);
      const fault = { height: 1n, time: chain.time, power: 5n, consensusAddress: consensus };
      const evidence = packAny("cosmos.evidence.v1beta1.Equivocation", fault);
      const submitter = chain.address("alice");
      const { code, events } = chain.run("alice", [
        "cosmos.evidence.v1beta1.MsgSubmitEvidence",
        { submitter, evidence },
      ]);
      if (code === 0) throw new Error("the evidence was taken");
      return { told: ofMessages({ events }), expected: [] };
    },
  },
];
