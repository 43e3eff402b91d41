// Owns: the state of the chain itself, beside that of its modules: consensus parameters, module versions, the chain id,
// the bech32 prefix and the time of the last block. Does not own: any module's state.
//
// Stores and prefixes of the first two are the Cosmos SDK's (x/consensus, x/upgrade), so that tools can read them.

import { item, key, map, schema, set, value } from "../store/collections.ts";

/** Consensus parameters as the engine and the ante use them; a module that changes them writes here. */
export const consensusState = schema("consensus", {
  params: item("Consensus", value.proto("tendermint.types.ConsensusParams")),
});

/** Upgrades, planned and made, and the consensus version of every module, from block 1 on. */
export const upgradeState = schema("upgrade", {
  plan: item(0x00, value.proto("cosmos.upgrade.v1beta1.Plan")),
  /** Height and name of every upgrade that was made. */
  done: set(0x01, key.pair(key.uint64, key.string)),
  moduleVersions: map(0x02, key.string, value.uint64),
  /** How many upgrades were made. */
  protocolVersion: item(0x03, value.uint64),
});

/** Facts of the chain that no module owns. */
export const chainState = schema("chain", {
  chainId: item(0x00, value.string),
  /** Account prefix, taken from the genesis accounts: addresses stand as text inside values. */
  bech32Prefix: item(0x01, value.string),
  /** Header time of the block that wrote this version, so that a query at any height knows its time. */
  blockTime: item(0x02, value.proto("google.protobuf.Timestamp")),
  /** Height of the block that wrote this version. */
  initialHeight: item(0x03, value.uint64),
  /**
   * Height → the validators that act there, with their proposer priorities: where they changed and at every
   * VALIDATOR_RECORD_INTERVAL. Priorities stand in no header; here the app hash covers them (ASA-2024-009).
   */
  validatorSets: map(0x04, key.uint64, value.proto("tendermint.types.ValidatorSet")),
});
