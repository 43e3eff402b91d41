/**
 * Owns `consensus_state` and `dump_consensus_state`: where consensus stands, in CometBFT's summary shape
 * (consensus/types/round_state.go). Votes are shown as present or absent; their bytes stay in the engine.
 */

import { formatTime } from "../../../chain/types/time.ts";
import { findValidator, proposerOf } from "../../../chain/types/validator-set.ts";
import type { RoundVotes } from "../../ports.ts";
import type { RpcEnvironment } from "../environment.ts";
import { hexUpper, type Json } from "../json.ts";
import { type Method, method } from "../method.ts";
import { renderValidatorSet } from "../render.ts";

/** The methods of this file, on a node. */
export function consensusStateMethods(environment: RpcEnvironment): readonly Method[] {
  return [
    method("consensus_state", {}, () => ({ round_state: summary(environment) })),
    method("dump_consensus_state", {}, () => dump(environment)),
  ];
}

type ValidatorSet = ReturnType<RpcEnvironment["engine"]["status"]>["state"]["validators"];

/** Steps by CometBFT's numbers; explorers show them. */
const stepNumbers: Readonly<Record<string, number>> = {
  newheight: 1,
  newround: 2,
  propose: 3,
  prevote: 4,
  prevotewait: 5,
  precommit: 6,
  precommitwait: 7,
  commit: 8,
};

function stepNumber(step: string): number {
  return stepNumbers[step.toLowerCase().replace(/[^a-z]/g, "")] ?? 1;
}

function summary(environment: RpcEnvironment): Json {
  const status = environment.engine.status();
  const { validators } = status.state;
  const proposer = proposerOf(validators);
  const { rounds, wanted } = environment.engine.summary();
  return {
    "height/round/step": `${status.height}/${status.round}/${stepNumber(status.step)}`,
    start_time: formatTime(status.state.lastBlockTime),
    proposal_block_hash: hexUpper(wanted?.blockId.hash ?? new Uint8Array(0)),
    locked_block_hash: "",
    valid_block_hash: "",
    height_vote_set: rounds.map((votes) => voteSets(votes, validators)),
    proposer: {
      address: hexUpper(proposer.address),
      index: findValidator(validators, proposer.address)?.index ?? 0,
    },
  };
}

function dump(environment: RpcEnvironment): Json {
  const status = environment.engine.status();
  const { rounds } = environment.engine.summary();
  return {
    round_state: {
      height: status.height.toString(),
      round: status.round,
      step: stepNumber(status.step),
      start_time: formatTime(status.state.lastBlockTime),
      validators: renderValidatorSet(status.state.validators),
      votes: rounds.map((votes) => voteSets(votes, status.state.validators)),
      last_validators: renderValidatorSet(status.state.lastValidators),
    },
    peers: environment.network.peers().map((peer) => ({ node_address: `${peer.nodeId}@${peer.remoteHost}` })),
  };
}

function voteSets(votes: RoundVotes, validators: ValidatorSet): Json {
  return {
    round: votes.round,
    prevotes: present(votes.prevotes, validators, "Prevote"),
    prevotes_bit_array: bitArray(votes.prevotes, validators),
    precommits: present(votes.precommits, validators, "Precommit"),
    precommits_bit_array: bitArray(votes.precommits, validators),
  };
}

const hasBit = (bits: Uint8Array, index: number): boolean => (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;

function present(bits: Uint8Array, { validators }: ValidatorSet, type: string): Json {
  return validators.map(({ address }, index) =>
    hasBit(bits, index) ? `Vote{${index}:${hexUpper(address).slice(0, 12)} ${type}}` : "nil-Vote",
  );
}

/** `BA{4:x_x_} 20/40 = 0.50`: who voted, and their power of the total. */
function bitArray(bits: Uint8Array, { validators }: ValidatorSet): string {
  let marks = "";
  let voted = 0n;
  let total = 0n;
  for (const [index, { votingPower }] of validators.entries()) {
    const voter = hasBit(bits, index);
    marks += voter ? "x" : "_";
    total += votingPower;
    if (voter) voted += votingPower;
  }
  const hundredths = total === 0n ? 0n : (voted * 100n + total / 2n) / total;
  const share = `${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, "0")}`;
  return `BA{${validators.length}:${marks}} ${voted}/${total} = ${share}`;
}
