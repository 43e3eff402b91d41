/**
 * What missing blocks costs, and the way back, through whole blocks. Expected amounts are written out as arithmetic; codes, texts and events are
 * those of the SDK's x/slashing.
 */
import { describe, expect, test } from "vitest";
import { state } from "../../../modules/slashing/state.ts";
import { hex } from "../../../proto/bytes.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { ChainHarness } from "../../support/chain-harness.ts";
import {
  consensusKeyOf,
  consensusOf,
  eventsOf,
  move,
  signingInfoOf,
  stake,
  twoValidators,
  unjail,
  validatorOf,
  votedBlock,
} from "../../support/staking-chain.ts";

const SECOND = 1_000_000_000n;

describe("a validator that misses too many blocks", () => {
  test("loses a hundredth of its stake and its place, and comes back when its time is over", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    const supply = () =>
      chain.query(
        "/cosmos.bank.v1beta1.Query/SupplyOf",
        ["cosmos.bank.v1beta1.QuerySupplyOfRequest", { denom: "uopen" }],
        "cosmos.bank.v1beta1.QuerySupplyOfResponse",
      ).amount.amount;
    const before = BigInt(supply());
    // The window is 10 blocks and half of them must be signed. Nothing happens before the window has passed once.
    let missed = 0;
    while (validatorOf(chain, "val1")?.jailed === false && missed < 40) {
      votedBlock(chain, "val1", 7n, false);
      missed += 1;
    }
    const cost = (7_000_000n * 1n) / 100n;
    expect(eventsOf(chain, "slash")).toMatchObject([
      { power: "7", reason: "missing_signature", burned_coins: cost.toString() },
    ]);
    expect(validatorOf(chain, "val1")).toMatchObject({ jailed: true, tokens: (7_000_000n - cost).toString() });
    expect(chain.lastBlock?.validatorUpdates).toEqual([{ pubKey: { ed25519: consensusKeyOf("val1") }, power: 0n }]);
    expect(BigInt(supply())).toBe(before - cost);
    expect(signingInfoOf(chain, "val1")).toMatchObject({ missedBlocksCounter: 0n, indexOffset: 0n, tombstoned: false });
    chain.checkInvariants();
    expect(chain.run("val1", unjail(chain, "val1"))).toMatchObject({ codespace: "slashing", code: 4 });
    chain.block([], { nanoseconds: 600n * SECOND });
    chain.runOk("val1", unjail(chain, "val1"));
    expect(chain.lastBlock?.validatorUpdates).toEqual([{ pubKey: { ed25519: consensusKeyOf("val1") }, power: 6n }]);
    expect(chain.run("val1", unjail(chain, "val1"))).toMatchObject({ codespace: "slashing", code: 5 });
    chain.checkInvariants();
  });

  test("is not punished for half of the window, and a signed block takes a missed one's place", () => {
    const chain = twoValidators();
    for (let count = 0; count < 40; count += 1) votedBlock(chain, "val1", 5n, count % 2 === 0);
    expect(validatorOf(chain, "val1")?.jailed).toBe(false);
    expect(signingInfoOf(chain, "val1")).toMatchObject({ missedBlocksCounter: 5n, indexOffset: 40n });
  });
});

describe("the record of missed blocks", () => {
  test("lies where the SDK keeps it: 0x02, the address with its length, the piece in little-endian, a bit set of 1,024 bits", () => {
    const chain = twoValidators();
    const begin = signingInfoOf(chain, "val1").indexOffset;
    votedBlock(chain, "val1", 5n, true);
    votedBlock(chain, "val1", 5n, false);
    const bit = Number(begin + 1n);
    const place = hex(consensusOf("val1"));
    const key = state.missedBlocks.storeKey([consensusOf("val1"), 0n]);
    expect(hex(key)).toBe(`0214${place}0000000000000000`);
    const answer = chain.application.query({ path: "/store/slashing/key", data: key, height: 0n, prove: false });
    // The length in bits, then words of 64 bits, all big-endian: bit 1 is the second lowest of the first word.
    const words = [
      (1n << BigInt(bit)).toString(16).padStart(16, "0"),
      ..."0"
        .repeat(15)
        .split("")
        .map(() => "0".repeat(16)),
    ];
    expect(hex(answer.value)).toBe(`0000000000000400${words.join("")}`);
  });

  test("survives an export and an import, beside the moves of stake", () => {
    const chain = twoValidators();
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
    chain.runOk("alice", move(chain, "alice", "val1", "val2", "600000"));
    votedBlock(chain, "val2", 7n, false);
    const exported = chain.application.exportGenesis();
    expect(exported.staking).toMatchObject({ redelegations: [{ entries: [{ initial_balance: "600000" }] }] });
    expect(exported.slashing).toMatchObject({
      missed_blocks: expect.arrayContaining([
        expect.objectContaining({ missed_blocks: [{ index: "0", missed: true }] }),
      ]),
    });
    const again = ChainHarness.start({
      wholeAppState: exported as JsonValue,
      initialHeight: chain.height + 1n,
      time: chain.time,
    });
    expect(again.application.exportGenesis()).toEqual(exported);
    again.checkInvariants();
  });
});

test("every signing info and the parameters can be asked for", () => {
  const chain = twoValidators();
  const { info } = chain.query(
    "/cosmos.slashing.v1beta1.Query/SigningInfos",
    ["cosmos.slashing.v1beta1.QuerySigningInfosRequest", { pagination: undefined }],
    "cosmos.slashing.v1beta1.QuerySigningInfosResponse",
  );
  const addresses = ["val1", "val2"].map((name) => chain.addresses.consensus(consensusOf(name)));
  expect(new Set(info.map(({ address }) => address))).toEqual(new Set(addresses));
  const { params } = chain.query(
    "/cosmos.slashing.v1beta1.Query/Params",
    ["cosmos.slashing.v1beta1.QueryParamsRequest", {}],
    "cosmos.slashing.v1beta1.QueryParamsResponse",
  );
  expect(params).toMatchObject({ signedBlocksWindow: 10n, downtimeJailDuration: { seconds: 600n } });
});
