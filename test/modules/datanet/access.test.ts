/** Keys, grants, the datanet's token, newcomers, terms and parameters, through a chain. */
import { beforeEach, describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { commitmentHash } from "../../../modules/datanet/keeper/commitments.ts";
import { defaultParams } from "../../../modules/datanet/params.ts";
import { openingOf } from "../../../modules/datanet/segment-input.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { accountOf, ChainHarness } from "../../support/chain-harness.ts";
import { bytesOf, DatanetWorld, record, START, words } from "../../support/datanet-world.ts";
import { PLENTY } from "../../support/native-world.ts";

const PRICE = { denom: "uopen", amount: "2500" };
let world: DatanetWorld;

beforeEach(() => {
  world = new DatanetWorld({}, { accessPrice: PRICE, isPrivate: true });
});

describe("a content key", () => {
  const wrappedKey = new Uint8Array(92).fill(3);
  const publicKey = new Uint8Array(32).fill(9);
  const grant = () => ({ datanetId: 1n, grantee: world.address("ann"), wrappedKey });

  test("is kept wrapped for the key its grantee has set, one for each version", () => {
    expect(world.refused("owner", "MsgGrantAccess", grant())).toBe("datanet/36");
    world.ok("owner", "MsgRotateKey", { datanetId: 1n });
    expect(world.refused("owner", "MsgGrantAccess", grant())).toBe("datanet/35");
    expect(world.refused("ann", "MsgSetEncryptionKey", { publicKey: new Uint8Array(31) })).toBe("datanet/34");
    world.ok("ann", "MsgSetEncryptionKey", { publicKey });
    const key = { account: world.address("ann") };
    expect(world.query("EncryptionKey", key, "tributary.datanet.v1.QueryEncryptionKeyResponse")).toEqual({
      encryptionKey: { ...key, publicKey },
    });
    world.ok("curator", "MsgGrantAccess", grant());
    world.ok("owner", "MsgRotateKey", { datanetId: 1n });
    world.ok("owner", "MsgGrantAccess", grant());
    const of = { datanetId: 1n, grantee: world.address("ann") };
    const { accessGrants } = world.query("AccessGrantsOf", of, "tributary.datanet.v1.QueryAccessGrantsOfResponse");
    expect(
      accessGrants.map(({ keyVersion, recipientKey, isRevoked }) => [keyVersion, recipientKey, isRevoked]),
    ).toEqual([
      [1, publicKey, false],
      [2, publicKey, false],
    ]);
  });

  test("is revoked in name: the wrapped keys stay readable, as on any chain", () => {
    world.ok("owner", "MsgRotateKey", { datanetId: 1n });
    expect(world.refused("owner", "MsgRevokeAccess", { datanetId: 1n, grantee: world.address("ann") })).toBe(
      "datanet/37",
    );
    world.ok("ann", "MsgSetEncryptionKey", { publicKey });
    world.ok("owner", "MsgGrantAccess", grant());
    world.ok("owner", "MsgRevokeAccess", { datanetId: 1n, grantee: world.address("ann") });
    const { accessGrants } = world.query(
      "AccessGrants",
      { datanetId: 1n },
      "tributary.datanet.v1.QueryAccessGrantsResponse",
    );
    expect(accessGrants).toMatchObject([{ isRevoked: true, wrappedKey }]);
  });

  test("is the owner's to begin, the owner's and curators' to grant", () => {
    expect(world.refused("curator", "MsgRotateKey", { datanetId: 1n })).toBe("datanet/13");
    expect(world.refused("ann", "MsgGrantAccess", grant())).toBe("datanet/8");
    world.ok("owner", "MsgRotateKey", { datanetId: 1n });
    expect(world.refused("owner", "MsgGrantAccess", { ...grant(), wrappedKey: new Uint8Array(257) })).toBe(
      "datanet/36",
    );
    world.ok("ann", "MsgSetEncryptionKey", { publicKey });
    world.ok("ann", "MsgSetEncryptionKey", {});
    expect(world.refused("owner", "MsgGrantAccess", grant())).toBe("datanet/35");
  });
});

describe("a datanet's token", () => {
  test("is sold at the price to the treasury, moves as any coin, and is burned by access", () => {
    const owner = world.balance("owner");
    world.ok("ann", "MsgBuyDataTokens", { datanetId: 1n, units: "4", maxPrice: { denom: "uopen", amount: "10000" } });
    expect([world.balance("owner") - owner, START - world.balance("ann")]).toEqual([10_000n, 10_000n]);
    const send = {
      fromAddress: world.address("ann"),
      toAddress: world.address("bob"),
      amount: [{ denom: "data/1", amount: "1" }],
    };
    world.chain.runOk("ann", ["cosmos.bank.v1beta1.MsgSend", send]);
    world.ok("ann", "MsgSpendDataTokens", { datanetId: 1n, units: "2" });
    world.ok("bob", "MsgSpendDataTokens", { datanetId: 1n, units: "1" });
    expect(world.refused("bob", "MsgSpendDataTokens", { datanetId: 1n, units: "1" })).toBe("sdk/5");
    const answer = world.query("TokenSupply", { datanetId: 1n }, "tributary.datanet.v1.QueryTokenSupplyResponse");
    expect(answer).toMatchObject({ denom: "data/1", supply: { minted: "4", burned: "3" }, accessPrice: PRICE });
    const of = { datanetId: 1n, holder: world.address("ann") };
    expect(world.query("Access", of, "tributary.datanet.v1.QueryAccessResponse").access.units).toBe("2");
    const all = world.query("Accesses", { datanetId: 1n }, "tributary.datanet.v1.QueryAccessesResponse");
    expect(all.accesses).toHaveLength(2);
  });

  test("is not sold above what the buyer pays, in another coin, for nothing, or when there is no price", () => {
    const buy = (units: string, amount: string, denom = "uopen") => ({
      datanetId: 1n,
      units,
      maxPrice: { denom, amount },
    });
    expect(world.refused("ann", "MsgBuyDataTokens", buy("2", "4999"))).toBe("datanet/39");
    expect(world.refused("ann", "MsgBuyDataTokens", buy("1", "2500", "utest"))).toBe("datanet/39");
    expect(world.refused("ann", "MsgBuyDataTokens", buy("0", "2500"))).toBe("sdk/18");
    expect(world.refused("ann", "MsgBuyDataTokens", buy((1n << 250n).toString(), ((1n << 256n) - 1n).toString()))).toBe(
      "datanet/39",
    );
    world.ok("owner", "MsgUpdateDatanet", { datanetId: 1n });
    expect(world.refused("ann", "MsgBuyDataTokens", buy("1", "2500"))).toBe("datanet/38");
  });
});

test("the module's account refuses coins from transactions", () => {
  const toAddress = world.chain.addresses.account(moduleAddress("datanet"));
  const send = { fromAddress: world.address("ann"), toAddress, amount: [{ denom: "uopen", amount: "1" }] };
  const result = world.chain.run("ann", ["cosmos.bank.v1beta1.MsgSend", send]);
  expect([result.codespace, result.code]).toEqual(["sdk", 4]);
});

describe("a newcomer without any coins", () => {
  const sponsorship = {
    feeAllowance: { denom: "uopen", amount: "50000" },
    allowanceSeconds: 86_400n,
    bondedRecords: 2,
  };
  const fee = "1000uopen";

  function invite(funded = "100000"): string {
    world = new DatanetWorld({}, { sponsorship, joinFee: { denom: "uopen", amount: "77" } });
    world.ok("bob", "MsgFundSponsorship", { datanetId: 1n, amount: { denom: "uopen", amount: funded } });
    const result = world.ok("curator", "MsgInvite", { datanetId: 1n, newcomer: world.address("newcomer") });
    return world.answer("tributary.datanet.v1.MsgInviteResponse", result).fund;
  }

  const submit = (fund: string, name: string, value: object) =>
    world.chain.run("newcomer", world.message("newcomer", name, value), { fee, feeGranter: fund, gas: PLENTY });

  test("joins and contributes: the fund pays fees and bonds, and gets the bonds back", () => {
    const fund = invite();
    expect(submit(fund, "MsgJoin", { datanetId: 1n }).code).toBe(0);
    const records = [words("a", 40), words("b", 40)].map((text) => record(text));
    expect(submit(fund, "MsgContribute", { datanetId: 1n, records }).code).toBe(0);
    expect(world.record(1n)).toMatchObject({ isBondSponsored: true, bond: 1000n });
    const balance = () =>
      world.query("Sponsorship", { datanetId: 1n }, "tributary.datanet.v1.QuerySponsorshipResponse").balance;
    expect(balance()).toEqual([{ denom: "uopen", amount: (100_000 - 2 * 1000 - 2 * 1000).toString() }]);
    world.pass(86_401n);
    expect(balance()).toEqual([{ denom: "uopen", amount: (100_000 - 2 * 1000).toString() }]);
    expect(world.balance("newcomer")).toBe(0n);
  });

  test("cannot have the fund pay for other messages, more bonds than agreed, or a second invitation", () => {
    const fund = invite();
    const send = { fromAddress: world.address("newcomer"), toAddress: world.address("ann"), amount: [] };
    const other = world.chain.run("newcomer", ["cosmos.bank.v1beta1.MsgSend", send], { fee, feeGranter: fund });
    expect(other.codespace).toBe("feegrant");
    submit(fund, "MsgJoin", { datanetId: 1n });
    const records = ["a", "b", "c"].map((seed) => record(words(seed, 40)));
    expect(submit(fund, "MsgContribute", { datanetId: 1n, records })).toMatchObject({ codespace: "sdk", code: 5 });
    expect(world.refused("curator", "MsgInvite", { datanetId: 1n, newcomer: world.address("newcomer") })).toBe(
      "datanet/41",
    );
    expect(world.refused("curator", "MsgInvite", { datanetId: 1n, newcomer: world.address("ann") })).toBe("datanet/41");
    expect(world.refused("ann", "MsgInvite", { datanetId: 1n, newcomer: world.address("x") })).toBe("datanet/8");
    const { newcomers } = world.query("Newcomers", { datanetId: 1n }, "tributary.datanet.v1.QueryNewcomersResponse");
    expect(newcomers).toHaveLength(1);
  });

  test("commits and reveals too: the fund pays the deposit, and has it back even when nothing is revealed", () => {
    const fund = invite();
    submit(fund, "MsgJoin", { datanetId: 1n });
    const records = [record(words("a", 40))];
    const salt = new Uint8Array(16).fill(5);
    const hash = commitmentHash(1n, accountOf("newcomer").bytes, salt, records, nodeHasher());
    expect(submit(fund, "MsgCommit", { datanetId: 1n, hash }).code).toBe(0);
    expect(submit(fund, "MsgCommit", { datanetId: 1n, hash }).code).toBe(0);
    expect(world.chain.balance(fund, "uopen")).toBe(100_000n - 3n * 1000n - 2n * 1000n);
    expect(submit(fund, "MsgReveal", { commitmentId: 1n, salt, records }).code).toBe(0);
    // A fee more; one deposit came back and became the record's bond.
    expect(world.chain.balance(fund, "uopen")).toBe(100_000n - 4n * 1000n - 2n * 1000n);
    world.pass(86_401n);
    expect(world.chain.balance(fund, "uopen")).toBe(100_000n - 4n * 1000n);
    expect(world.balance("newcomer")).toBe(0n);
  });

  test("and its accomplice cannot empty the fund: a slashed sponsored bond pays no bounty", () => {
    const fund = invite();
    submit(fund, "MsgJoin", { datanetId: 1n });
    const records = [record(words("a", 60), { fingerprint: new Uint8Array(0) })];
    submit(fund, "MsgContribute", { datanetId: 1n, records });
    const before = world.balance("carol");
    const opening = openingOf(bytesOf(words("a", 60)), 0, words("a", 60).length);
    world.ok("carol", "MsgChallengeFingerprint", { datanetId: 1n, number: 1n, opening });
    expect(world.balance("carol")).toBe(before);
    expect(world.chain.balance(fund, "uopen")).toBe(100_000n - 2000n);
  });

  test("answers a notice without a coin: the fund pays the counter bond, and gets it back whoever is right", () => {
    const start = 10_000_000n;
    const fund = invite(start.toString());
    submit(fund, "MsgJoin", { datanetId: 1n });
    submit(fund, "MsgContribute", { datanetId: 1n, records: [record(words("a", 40)), record(words("b", 40))] });
    for (const number of [1n, 2n]) {
      world.ok("carol", "MsgTakedown", { datanetId: 1n, number, reason: "mine" });
      expect(submit(fund, "MsgCounterNotice", { noticeId: number, statement: "No." }).code).toBe(0);
      expect(world.record(number).status).toBe(1);
    }
    expect(world.chain.balance(fund, "uopen")).toBe(start - 4n * 1000n - 2n * 1000n - 2_000_000n);
    for (const arbiter of ["owner", "curator"]) {
      if (arbiter === "owner") world.ok(arbiter, "MsgDecideTakedown", { noticeId: 1n, uphold: false });
      world.ok(arbiter, "MsgDecideTakedown", { noticeId: 2n, uphold: true });
    }
    // The claimant's lost bond is the newcomer's; the fund has its own back, and an accomplice's claim that is upheld takes nothing from it.
    expect(world.balance("newcomer")).toBe(1_000_000n);
    expect(world.balance("carol")).toBe(START - 77n - 1_000_000n);
    expect(world.chain.balance(fund, "uopen")).toBe(start - 4n * 1000n - 1000n);
    world.pass(86_401n);
    expect(world.chain.balance(fund, "uopen")).toBe(start - 4n * 1000n);
  });

  test("is invited by datanets that pay for newcomers; the owner takes what is left to the treasury", () => {
    expect(world.refused("owner", "MsgInvite", { datanetId: 1n, newcomer: world.address("x") })).toBe("datanet/40");
    invite();
    expect(
      world.refused("curator", "MsgWithdrawSponsorship", { datanetId: 1n, amount: { denom: "uopen", amount: "1" } }),
    ).toBe("datanet/13");
    const before = world.balance("owner");
    world.ok("owner", "MsgWithdrawSponsorship", { datanetId: 1n, amount: { denom: "uopen", amount: "100000" } });
    expect(world.balance("owner") - before).toBe(100_000n);
  });
});

describe("the owner", () => {
  test("changes roles, prices and bonds, and hands the datanet on, but never its licence", () => {
    world.ok("owner", "MsgUpdateDatanet", { datanetId: 1n, newOwner: world.address("ann"), recordBond: 5000n });
    expect(world.datanet()).toMatchObject({
      owner: world.address("ann"),
      treasury: world.address("ann"),
      licence: "MIT",
      curators: [],
    });
    expect(world.refused("owner", "MsgUpdateDatanet", { datanetId: 1n })).toBe("datanet/13");
    const number = world.contribute("bob", words("bob", 40));
    expect(world.record(number).bond).toBe(5000n);
    expect(world.refused("ann", "MsgUpdateDatanet", { datanetId: 1n, recordBond: 1n << 60n })).toBe("datanet/4");
    const sponsorship = { feeAllowance: { denom: "uopen", amount: "0" }, allowanceSeconds: 1n };
    expect(world.refused("ann", "MsgUpdateDatanet", { datanetId: 1n, sponsorship })).toBe("sdk/10");
  });
});

describe("dust bonds", () => {
  test("are not taken: a datanet may ask for more than the parameters' floor, never for less", () => {
    world = new DatanetWorld({ minRecordBond: 7000n }, { recordBond: 1n });
    expect(world.record(world.contribute("ann", words("ann", 40))).bond).toBe(7000n);
    expect(world.refused("owner", "MsgUpdateParams", { params: defaultParams })).toBe("gov/13");
  });
});

test("the exported genesis boots a chain with the same state, deadlines and first owners of k-grams included", () => {
  world.contribute("ann", words("ann", 60), words("more", 200));
  world.ok("owner", "MsgSealSegment", { datanetId: 1n, last: 2n, textRoot: new Uint8Array(32) });
  world.ok("owner", "MsgPublishVersion", { datanetId: 1n, name: "v1", ranges: [{ first: 1n, last: 2n }] });
  world.ok("bob", "MsgTakedown", { datanetId: 1n, number: 1n, reason: "mine" });
  world.ok("ann", "MsgCommit", { datanetId: 1n, hash: new Uint8Array(32) });
  world.ok("ann", "MsgBuyDataTokens", { datanetId: 1n, units: "4", maxPrice: { denom: "uopen", amount: "10000" } });
  world.ok("carol", "MsgAttest", { datanetId: 1n, number: 2n, kind: 2 });
  const exported = world.chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as JsonValue, time: world.chain.time });
  expect(again.application.exportGenesis()).toEqual(exported);
  again.checkInvariants();
  // Its first block was five seconds after the export: both come to the same time, as a record notes when it was removed.
  again.block([], { nanoseconds: 89_995_000_000_000n });
  world.pass(90_000n);
  const at = (chain: ChainHarness) => (chain.application.exportGenesis() as { datanet: unknown }).datanet;
  expect(at(again)).toEqual(at(world.chain));
});
