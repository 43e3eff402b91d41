/**
 * Owns measuring consensus: from the machine's state after every input, from the messages of peers and from committed
 * blocks. Does not own the metrics' names (instruments.ts), and changes nothing it looks at.
 */

import { roundOf, type State, type StepName } from "../../chain/consensus/state.ts";
import { proposerAddress } from "../../chain/consensus/validators.ts";
import { isQuorum } from "../../chain/consensus/votes.ts";
import { upperHex } from "../../chain/types/block-id.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { BLOCK_ID_FLAG_ABSENT } from "../../chain/types/commit.ts";
import { nanosecondsBetween } from "../../chain/types/time.ts";
import { findValidator, type ValidatorSet } from "../../chain/types/validator-set.ts";
import { SIGNED_PREVOTE } from "../../chain/types/vote.ts";
import { encode } from "../../proto/codec.ts";
import type { Clock, CommittedBlock, ConsensusMessage, Timestamp, Verdict } from "../ports.ts";
import type { Instruments } from "./instruments.ts";

/** Steps by the names CometBFT's step metric has (consensus/types, RoundStepType without its prefix). */
const stepNames: Readonly<Record<StepName, string>> = {
  newHeight: "NewHeight",
  newRound: "NewRound",
  propose: "Propose",
  prevote: "Prevote",
  precommit: "Precommit",
  committed: "Commit",
  halted: "Halted",
};

/** What the meter uses. */
export interface ConsensusMeterNeeds {
  readonly instruments: Pick<Instruments, "consensus" | "state">;
  readonly clock: Clock;
  /** This node's validator address; undefined for a node that only follows. */
  readonly self: Uint8Array | undefined;
}

/** Measures. */
export class ConsensusMeter {
  readonly #needs: ConsensusMeterNeeds;
  #step: { readonly name: StepName; readonly height: bigint; readonly round: number } | undefined;
  #stepSinceMs = 0;
  #roundSinceMs = 0;
  /** Rounds whose prevotes are measured, so that the later ones do not count again. */
  #measured = { height: 0n, round: -1, quorum: false, full: false };
  #previous: { readonly signers: ValidatorSet; readonly time: Timestamp } | undefined;
  #totalTxs = 0;
  #missed = 0;

  constructor(needs: ConsensusMeterNeeds) {
    this.#needs = needs;
  }

  /** Where the machine stands after an input. */
  observe(machine: State): void {
    const { height, round, step: name } = machine;
    const { consensus } = this.#needs.instruments;
    const nowMs = this.#needs.clock.monotonicMs();
    const before = this.#step;
    const isNewRound = before?.height !== height || before.round !== round;
    if (isNewRound || before.name !== name) {
      if (before !== undefined) {
        consensus.stepDurationSeconds.observe({ step: stepNames[before.name] }, (nowMs - this.#stepSinceMs) / 1000);
      }
      this.#stepSinceMs = nowMs;
      this.#step = { name, height, round };
    }
    if (isNewRound) {
      if (before !== undefined) consensus.roundDurationSeconds.observe((nowMs - this.#roundSinceMs) / 1000);
      this.#roundSinceMs = nowMs;
      consensus.rounds.set(round);
      this.#measured = { height, round, quorum: false, full: false };
    }
    this.#observeVotes(machine);
  }

  #observeVotes(machine: State): void {
    const { consensus } = this.#needs.instruments;
    const { powers, round, validators } = machine;
    const held = roundOf(machine, round);
    const share = (power: bigint): number => (powers.total > 0n ? Number(power) / Number(powers.total) : 0);
    consensus.roundVotingPowerPercent.set({ vote_type: "prevote" }, share(held?.prevotes.power ?? 0n));
    consensus.roundVotingPowerPercent.set({ vote_type: "precommit" }, share(held?.precommits.power ?? 0n));
    const proposal = held?.proposals[0];
    if (held === undefined || proposal?.timestamp === undefined) return;
    const { power, weights } = held.prevotes;
    const hasQuorum = weights.some((weight) => isQuorum(weight.power, powers.total));
    const delays = [
      ["quorum", hasQuorum, consensus.quorumPrevoteDelay],
      ["full", power === powers.total, consensus.fullPrevoteDelay],
    ] as const;
    for (const [name, reached, gauge] of delays) {
      if (!reached || this.#measured[name]) continue;
      this.#measured[name] = true;
      const seconds = Number(nanosecondsBetween(proposal.timestamp, this.#needs.clock.now())) / 1e9;
      gauge.set({ proposer_address: upperHex(proposerAddress(validators, round)) }, seconds);
    }
  }

  /** A message of a peer, and what became of it; `height` is the one being decided when it came. */
  received(from: string, message: ConsensusMessage, verdict: Verdict, height: bigint, round: number): void {
    const { consensus } = this.#needs.instruments;
    switch (message.type) {
      case "proposal":
        if (verdict !== "ignored")
          consensus.proposalReceiveCount.inc({ status: verdict === "accepted" ? "accepted" : "rejected" });
        return;
      case "part":
        consensus.blockGossipPartsReceived.inc({ matches_current: String(verdict === "accepted") });
        if (verdict === "accepted") consensus.blockParts.inc({ peer_id: from });
        return;
      case "vote": {
        const { vote } = message;
        if (verdict === "ignored") consensus.duplicateVote.inc();
        if (vote.height > height || (vote.height === height && vote.round >= round)) return;
        consensus.lateVotes.inc({ vote_type: vote.type === SIGNED_PREVOTE ? "prevote" : "precommit" });
        return;
      }
      default:
        return;
    }
  }

  /** A message of this node's own. */
  published(message: ConsensusMessage): void {
    if (message.type === "proposal") this.#needs.instruments.consensus.proposalCreateCount.inc();
  }

  /** A block that is durable. */
  committed({ block, response, state }: CommittedBlock): void {
    const { consensus, state: updates } = this.#needs.instruments;
    const height = Number(block.header.height);
    consensus.height.set(height);
    consensus.latestBlockHeight.set(height);
    this.#totalTxs += block.data.txs.length;
    consensus.numTxs.set(block.data.txs.length);
    consensus.totalTxs.set(this.#totalTxs);
    consensus.blockSizeBytes.set(encode("tendermint.types.Block", block).length);
    if (response.validatorUpdates.length > 0) updates.validatorSetUpdates.inc();
    if (response.consensusParamUpdates !== undefined) updates.consensusParamUpdates.inc();
    this.#observeValidators(state);
    this.#observeByzantine(block, state);
    if (this.#previous !== undefined) {
      const interval = nanosecondsBetween(this.#previous.time, block.header.time);
      consensus.blockIntervalSeconds.observe(Number(interval) / 1e9);
      this.#observeSigners(block, this.#previous.signers);
    }
    this.#previous = { signers: state.lastValidators, time: block.header.time };
  }

  #observeValidators({ lastValidators }: ChainState): void {
    const { self } = this.#needs;
    const { consensus } = this.#needs.instruments;
    consensus.validators.set(lastValidators.validators.length);
    consensus.validatorsPower.set(Number(lastValidators.totalVotingPower));
    const own = self && findValidator(lastValidators, self)?.validator;
    if (self === undefined) return;
    consensus.validatorPower.set({ validator_address: upperHex(self) }, Number(own?.votingPower ?? 0n));
  }

  #observeByzantine({ evidence }: CommittedBlock["block"], { lastValidators }: ChainState): void {
    const { consensus } = this.#needs.instruments;
    const accused = new Set<string>();
    let power = 0n;
    for (const { duplicateVoteEvidence: found } of evidence.evidence) {
      const address = found?.voteA?.validatorAddress;
      if (address === undefined || accused.has(upperHex(address))) continue;
      accused.add(upperHex(address));
      power += findValidator(lastValidators, address)?.validator.votingPower ?? 0n;
    }
    consensus.byzantineValidators.set(accused.size);
    consensus.byzantineValidatorsPower.set(Number(power));
  }

  /** Who signed the block below, by the commit this block carries. */
  #observeSigners({ header, lastCommit }: CommittedBlock["block"], signers: ValidatorSet): void {
    const { consensus } = this.#needs.instruments;
    const signatures = lastCommit?.signatures ?? [];
    if (signatures.length !== signers.validators.length) return;
    let missing = 0;
    let missingPower = 0n;
    for (const [index, { address, votingPower }] of signers.validators.entries()) {
      const absent = signatures[index]?.blockIdFlag === BLOCK_ID_FLAG_ABSENT;
      if (absent) {
        missing += 1;
        missingPower += votingPower;
      }
      const label = upperHex(address);
      if (this.#needs.self === undefined || label !== upperHex(this.#needs.self)) continue;
      if (absent) this.#missed += 1;
      else consensus.validatorLastSignedHeight.set({ validator_address: label }, Number(header.height) - 1);
      consensus.validatorMissedBlocks.set({ validator_address: label }, this.#missed);
    }
    consensus.missingValidators.set(missing);
    consensus.missingValidatorsPower.set(Number(missingPower));
  }
}
