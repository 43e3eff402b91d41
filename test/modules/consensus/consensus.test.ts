// The engine's parameters through the whole application. Texts are the SDK's (x/consensus/keeper/keeper.go, 0.53).
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { decode } from "../../../proto/codec.ts";
import { ChainHarness, consensusParams } from "../../support/chain-harness.ts";

const params = (chain: ChainHarness, height = 0n) =>
  chain.query(
    "/cosmos.consensus.v1.Query/Params",
    ["cosmos.consensus.v1.QueryParamsRequest", {}],
    "cosmos.consensus.v1.QueryParamsResponse",
    height,
  ).params;

describe("the engine's parameters", () => {
  test("are what the genesis file says, and stand in the store under the SDK's key", () => {
    const chain = ChainHarness.start({ maxGas: 123_456n, maxBytes: 1_000_000n });
    expect(params(chain)).toEqual(consensusParams({ maxGas: 123_456n, maxBytes: 1_000_000n }));
    // x/consensus/keeper: the prefix is the text "Consensus", in a store named "consensus".
    const { value } = chain.abciQuery("/store/consensus/key", utf8("Consensus"));
    expect(decode("tendermint.types.ConsensusParams", value)).toEqual(params(chain));
  });

  test("are not changed by an account that is not the governance module's", () => {
    const chain = ChainHarness.start({ balances: { alice: "100uopen" } });
    const before = params(chain);
    const alice = chain.address("alice");
    const gov = chain.addresses.account(moduleAddress("gov"));
    const result = chain.run("alice", [
      "cosmos.consensus.v1.MsgUpdateParams",
      { authority: alice, ...consensusParams({ maxGas: 1n }) },
    ]);
    expect([result.codespace, result.code, result.log]).toEqual([
      "gov",
      13,
      `failed to execute message; message index: 0: invalid authority; expected ${gov}, got ${alice}: expected gov account as only signer for proposal message`,
    ]);
    expect(params(chain)).toEqual(before);
  });
});
