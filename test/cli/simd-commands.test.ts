// Transaction commands whose words are simd's and not their message's fields: what they make of them. The expected messages are those that the SDK's
// client makes (x/authz, x/feegrant, x/bank, x/upgrade, x/gov client/cli), written out.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { AddressCodec } from "../../chain/types/address.ts";
import { run } from "./harness.ts";

const codec = new AddressCodec("trib");
const bytesOf = (name: string) => new Uint8Array(createHash("sha256").update(name).digest().subarray(0, 20));
const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => codec.account(bytesOf(name))) as [
  string,
  string,
  string,
];
const validator = codec.validator(bytesOf("val"));
// The account of a module is the first 20 bytes of the SHA-256 of its name (x/auth/types NewModuleAddress).
const governance = codec.account(bytesOf("gov"));
const folder = mkdtempSync(join(tmpdir(), "simd-commands-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const flags = ["--generate-only", "--offline", "--chain-id", "c-1", "--account-number", "0", "--sequence", "0"];

async function messagesOf(args: readonly string[], from = ["--from", alice]): Promise<unknown> {
  const { code, stdout, stderr } = await run(["tx", ...args, ...from, ...flags]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout).body.messages;
}

async function refusal(args: readonly string[]): Promise<string> {
  const { code, stderr, stdout } = await run(["tx", ...args, "--from", alice, ...flags]);
  expect(stdout).toBe("");
  expect(code).toBe(2);
  return stderr;
}

const coin = (amount: string, denom = "uopen") => ({ denom, amount });

describe("authz grant", () => {
  const grantOf = (authorization: object, more = {}) => [
    { "@type": "/cosmos.authz.v1beta1.MsgGrant", granter: alice, grantee: bob, grant: { authorization, ...more } },
  ];

  test("allows sending up to a limit, to some", async () => {
    const args = ["authz", "grant", bob, "send", "--spend-limit", "10uopen,5ushare", "--allow-list", `${carol},${bob}`];
    expect(await messagesOf(args)).toEqual(
      grantOf(
        {
          "@type": "/cosmos.bank.v1beta1.SendAuthorization",
          spend_limit: [coin("10"), coin("5", "ushare")],
          allow_list: [carol, bob],
        },
        { expiration: null },
      ),
    );
    expect(await refusal(["authz", "grant", bob, "send"])).toContain("Give it with --spend-limit");
  });

  test("allows any message by its type, until a time", async () => {
    const args = ["authz", "grant", bob, "generic", "--msg-type", "/cosmos.gov.v1.MsgVote"];
    expect(await messagesOf([...args, "--expiration", "1800000000"])).toEqual(
      grantOf(
        { "@type": "/cosmos.authz.v1beta1.GenericAuthorization", msg: "/cosmos.gov.v1.MsgVote" },
        { expiration: "2027-01-15T08:00:00Z" },
      ),
    );
  });

  test("allows staking with some validators", async () => {
    const args = ["authz", "grant", bob, "unbond", "--spend-limit", "7uopen", "--allowed-validators", validator];
    expect(await messagesOf(args)).toEqual(
      grantOf(
        {
          "@type": "/cosmos.staking.v1beta1.StakeAuthorization",
          max_tokens: coin("7"),
          allow_list: { address: [validator] },
          authorization_type: "AUTHORIZATION_TYPE_UNDELEGATE",
        },
        { expiration: null },
      ),
    );
    expect(await refusal(["authz", "grant", bob, "delegate"])).toContain("--allowed-validators or --deny-validators");
    expect(await refusal(["authz", "grant", bob, "everything"])).toContain("there is no authorization");
  });

  test("takes the grant itself as JSON", async () => {
    const grant = { authorization: { "@type": "/cosmos.authz.v1beta1.GenericAuthorization", msg: "/a" } };
    expect(await messagesOf(["authz", "grant", bob, JSON.stringify(grant)])).toEqual(
      grantOf(grant.authorization, { expiration: null }),
    );
  });
});

test("authz exec carries out the messages of a transaction file", async () => {
  const { stdout } = await run(["tx", "bank", "send", bob, carol, "5uopen", ...flags]);
  const file = join(folder, "tx.json");
  writeFileSync(file, stdout);
  const send = {
    "@type": "/cosmos.bank.v1beta1.MsgSend",
    from_address: bob,
    to_address: carol,
    amount: [coin("5")],
  };
  const expected = [{ "@type": "/cosmos.authz.v1beta1.MsgExec", grantee: alice, msgs: [send] }];
  expect(await messagesOf(["authz", "exec", file])).toEqual(expected);
  expect(await messagesOf(["authz", "exec", JSON.stringify(send)])).toEqual(expected);
});

describe("feegrant grant", () => {
  const allowanceOf = (allowance: object) => [
    { "@type": "/cosmos.feegrant.v1beta1.MsgGrantAllowance", granter: alice, grantee: bob, allowance },
  ];
  const basic = { spend_limit: [coin("100")], expiration: "2100-01-01T00:00:00Z" };
  const limits = ["--spend-limit", "100uopen", "--expiration", "2100-01-01T00:00:00Z"];

  test("is a limit and an end", async () => {
    expect(await messagesOf(["feegrant", "grant", alice, bob, ...limits], [])).toEqual(
      allowanceOf({ "@type": "/cosmos.feegrant.v1beta1.BasicAllowance", ...basic }),
    );
  });

  test("is a limit a period, for some messages", async () => {
    const period = ["--period", "3600", "--period-limit", "10uopen", "--allowed-messages", "/a.Msg,/b.Msg"];
    const before = BigInt(Math.floor(Date.now() / 1000));
    const [message] = (await messagesOf(["feegrant", "grant", alice, bob, ...limits, ...period], [])) as [
      { allowance: { allowance: { period_reset: string } } },
    ];
    const { period_reset } = message.allowance.allowance;
    expect(BigInt(Date.parse(period_reset) / 1000) - before).toBeGreaterThanOrEqual(3600n);
    expect([message]).toEqual(
      allowanceOf({
        "@type": "/cosmos.feegrant.v1beta1.AllowedMsgAllowance",
        allowance: {
          "@type": "/cosmos.feegrant.v1beta1.PeriodicAllowance",
          basic,
          period: "3600s",
          period_spend_limit: [coin("10")],
          period_can_spend: [coin("10")],
          period_reset,
        },
        allowed_messages: ["/a.Msg", "/b.Msg"],
      }),
    );
    expect(await refusal(["feegrant", "grant", alice, bob, "--period", "5"])).toContain("both or neither");
  });
});

test("multi-send gives everyone the amount, or a part of it", async () => {
  const args = ["bank", "multi-send", alice, bob, carol, "7uopen"];
  const sent = (each: string, total: string) => [
    {
      "@type": "/cosmos.bank.v1beta1.MsgMultiSend",
      inputs: [{ address: alice, coins: [coin(total)] }],
      outputs: [bob, carol].map((address) => ({ address, coins: [coin(each)] })),
    },
  ];
  expect(await messagesOf(args, [])).toEqual(sent("7", "14"));
  expect(await messagesOf([...args, "--split"], [])).toEqual(sent("3", "6"));
});

test("withdraw-rewards withdraws the commission as well when asked", async () => {
  const reward = {
    "@type": "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
    delegator_address: alice,
    validator_address: validator,
  };
  const commission = {
    "@type": "/cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission",
    validator_address: validator,
  };
  expect(await messagesOf(["distribution", "withdraw-rewards", validator])).toEqual([reward]);
  expect(await messagesOf(["distribution", "withdraw-rewards", validator, "--commission"])).toEqual([
    reward,
    commission,
  ]);
});

test("a periodic vesting account is told by arguments, or by a file of simd's", async () => {
  const file = join(folder, "periods.json");
  const periods = [
    { coins: "10uopen", length_seconds: 2592000 },
    { coins: "5uopen,3ushare", length_seconds: 60 },
  ];
  writeFileSync(file, JSON.stringify({ start_time: 1625204910, periods }));
  const expected = [
    {
      "@type": "/cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount",
      from_address: alice,
      to_address: bob,
      start_time: "1625204910",
      vesting_periods: [
        { length: "2592000", amount: [coin("10")] },
        { length: "60", amount: [coin("5"), coin("3", "ushare")] },
      ],
    },
  ];
  const args = ["vesting", "create-periodic-vesting-account", bob];
  expect(await messagesOf([...args, file])).toEqual(expected);
  const [message] = expected;
  const texts = (message?.vesting_periods ?? []).map((one) => JSON.stringify(one));
  expect(await messagesOf([...args, "1625204910", ...texts])).toEqual(expected);
  expect(await refusal([...args, "1625204910"])).toContain("there is no period");
  writeFileSync(file, JSON.stringify({ start_time: 1, periods: [{ coins: "1uopen" }] }));
  expect(await refusal([...args, file])).toContain("period 1: length_seconds");
});

describe("proposals of what only governance may do", () => {
  const about = ["--title", "A title", "--summary", "Why", "--deposit", "9uopen", "--metadata", "ipfs://x"];
  const proposalOf = (message: object, more = {}) => [
    {
      "@type": "/cosmos.gov.v1.MsgSubmitProposal",
      messages: [message],
      initial_deposit: [coin("9")],
      proposer: alice,
      metadata: "ipfs://x",
      title: "A title",
      summary: "Why",
      expedited: false,
      ...more,
    },
  ];

  test("an upgrade, and its cancelling", async () => {
    const plan = ["upgrade", "software-upgrade", "v2", "--upgrade-height", "77", "--upgrade-info", "{}"];
    expect(await messagesOf([...plan, "--no-validate", "--expedited", ...about])).toEqual(
      proposalOf(
        {
          "@type": "/cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
          authority: governance,
          plan: { name: "v2", time: "0001-01-01T00:00:00Z", height: "77", info: "{}", upgraded_client_state: null },
        },
        { expedited: true },
      ),
    );
    expect(await messagesOf(["upgrade", "cancel-software-upgrade", ...about, "--authority", carol])).toEqual(
      proposalOf({ "@type": "/cosmos.upgrade.v1beta1.MsgCancelUpgrade", authority: carol }),
    );
    expect(await refusal(["upgrade", "software-upgrade", "v2", ...about])).toContain("--upgrade-height");
  });

  test("a module's parameters, whole", async () => {
    const params = { send_enabled: [], default_send_enabled: true };
    expect(await messagesOf(["bank", "update-params-proposal", JSON.stringify(params), ...about])).toEqual(
      proposalOf({ "@type": "/cosmos.bank.v1beta1.MsgUpdateParams", authority: governance, params }),
    );
    expect(await refusal(["bank", "update-params-proposal", '{"colour":1}', ...about])).toContain("colour");
    for (const module of ["auth", "staking", "slashing", "distribution", "mint", "gov", "consensus"])
      expect((await run(["tx", module, "--help"])).stdout, module).toContain("update-params-proposal");
  });

  test("lists of things, and lists behind them as flags", async () => {
    const off = { denom: "ushare", enabled: false };
    const args = ["bank", "set-send-enabled-proposal", JSON.stringify(off), "--use-default-for", "uopen", ...about];
    expect(await messagesOf(args)).toEqual(
      proposalOf({
        "@type": "/cosmos.bank.v1beta1.MsgSetSendEnabled",
        authority: governance,
        send_enabled: [off],
        use_default_for: ["uopen"],
      }),
    );
    const spend = ["distribution", "community-pool-spend-proposal", bob, "5uopen", ...about];
    expect(await messagesOf(spend)).toEqual(
      proposalOf({
        "@type": "/cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
        authority: governance,
        recipient: bob,
        amount: [coin("5")],
      }),
    );
  });
});

describe("staking edit-validator", () => {
  const edit = (more: object, description: object = {}) => [
    {
      "@type": "/cosmos.staking.v1beta1.MsgEditValidator",
      // What is not named stays: x/staking/types DoNotModifyDesc.
      description: {
        ...Object.fromEntries(
          ["moniker", "identity", "website", "security_contact", "details"].map((name) => [name, "[do-not-modify]"]),
        ),
        ...description,
      },
      validator_address: codec.validator(bytesOf("alice")),
      ...{ commission_rate: null, min_self_delegation: null },
      ...more,
    },
  ];

  test("has simd's flags, and leaves what they do not name", async () => {
    expect(
      await messagesOf(["staking", "edit-validator", "--new-moniker", "new", "--website", "https://x.example"]),
    ).toEqual(edit({}, { moniker: "new", website: "https://x.example" }));
    const numbers = ["--commission-rate", "0.1", "--min-self-delegation", "5"];
    expect(await messagesOf(["staking", "edit-validator", ...numbers, "--details", ""])).toEqual(
      edit({ commission_rate: "0.100000000000000000", min_self_delegation: "5" }, { details: "" }),
    );
    const whole = { moniker: "a", identity: "b", website: "c", security_contact: "d", details: "e" };
    expect(await messagesOf(["staking", "edit-validator", "--description", JSON.stringify(whole)])).toEqual(
      edit({}, whole),
    );
  });
});

describe("gov weighted-vote", () => {
  const weighted = (options: readonly (readonly [string, string])[], metadata = "") => [
    {
      "@type": "/cosmos.gov.v1.MsgVoteWeighted",
      proposal_id: "3",
      voter: alice,
      options: options.map(([name, weight]) => ({ option: `VOTE_OPTION_${name}`, weight })),
      metadata,
    },
  ];

  test("takes options with their weights, or JSON", async () => {
    const text = "yes=0.6,no=0.3,abstain=0.05,no_with_veto=0.05";
    const options = [
      ["YES", "0.600000000000000000"],
      ["NO", "0.300000000000000000"],
      ["ABSTAIN", "0.050000000000000000"],
      ["NO_WITH_VETO", "0.050000000000000000"],
    ] as const;
    expect(await messagesOf(["gov", "weighted-vote", "3", text, "--metadata", "why"])).toEqual(
      weighted(options, "why"),
    );
    expect(await messagesOf(["gov", "weighted-vote", "3", "NoWithVeto"])).toEqual(
      weighted([["NO_WITH_VETO", "1.000000000000000000"]]),
    );
    const json = JSON.stringify({ option: "VOTE_OPTION_YES", weight: "1.0" });
    expect(await messagesOf(["gov", "weighted-vote", "3", json])).toEqual(weighted([["YES", "1.0"]]));
    expect(await refusal(["gov", "weighted-vote", "3", "maybe=1"])).toContain('"maybe=1" is no option');
    expect(await refusal(["gov", "weighted-vote", "3", "yes=much"])).toContain('"yes=much"');
  });

  test("and a plain vote takes Go's names too", async () => {
    const [vote] = (await messagesOf(["gov", "vote", "3", "NoWithVeto"])) as [{ option: string }];
    expect(vote.option).toBe("VOTE_OPTION_NO_WITH_VETO");
  });
});
