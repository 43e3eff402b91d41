/**
 * Running messages for other accounts. Codes and words: x/authz/errors.go, keeper/msg_server.go and the Accept functions of the SDK's authorizations;
 * figures are written out.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { moduleAddress } from "../../../chain/types/address.ts";
import { addNanoseconds, type Timestamp } from "../../../chain/types/time.ts";
import { state } from "../../../modules/authz/state.ts";
import { hex } from "../../../proto/bytes.ts";
import { type Any, decode, type MessageInput, type MessageName, packAny } from "../../../proto/codec.ts";
import { AuthorizationType } from "../../../proto/enums.gen.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { createValidator, operatorOf, stake, newChain as stakingChain } from "../../support/staking-chain.ts";

const SEND = "cosmos.bank.v1beta1.MsgSend";
const GENERIC = "cosmos.authz.v1beta1.GenericAuthorization";
const SEND_AUTHORIZATION = "cosmos.bank.v1beta1.SendAuthorization";
const STAKE_AUTHORIZATION = "cosmos.staking.v1beta1.StakeAuthorization";
const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;

const generic = (message: string): Any => packAny(GENERIC, { msg: `/${message}` });
const coins = (amount: number, denom = "uopen") => [{ denom, amount: amount.toString() }];

function newChain(): ChainHarness {
  return ChainHarness.start({ balances: { alice: "1000uopen,50uother", bob: "1000uopen", carol: "1000uopen" } });
}

const grant = (chain: ChainHarness, granter: string, grantee: string, authorization: Any, expiration?: Timestamp) =>
  [
    "cosmos.authz.v1beta1.MsgGrant",
    { granter: chain.address(granter), grantee: chain.address(grantee), grant: { authorization, expiration } },
  ] as const satisfies MessageToSend;
const revoke = (chain: ChainHarness, granter: string, grantee: string, message: string) =>
  [
    "cosmos.authz.v1beta1.MsgRevoke",
    { granter: chain.address(granter), grantee: chain.address(grantee), msgTypeUrl: `/${message}` },
  ] as const satisfies MessageToSend;
const execOf = (chain: ChainHarness, grantee: string, ...messages: readonly MessageToSend[]) =>
  [
    "cosmos.authz.v1beta1.MsgExec",
    { grantee: chain.address(grantee), msgs: messages.map(([name, value]) => packAny(name, value as never)) },
  ] as const satisfies MessageToSend;
const send = (chain: ChainHarness, from: string, to: string, amount: number, denom = "uopen") =>
  [
    SEND,
    { fromAddress: chain.address(from), toAddress: chain.address(to), amount: coins(amount, denom) },
  ] as const satisfies MessageToSend;

function grantsBetween(chain: ChainHarness, granter: string, grantee: string, msgTypeUrl = "") {
  return chain.query(
    "/cosmos.authz.v1beta1.Query/Grants",
    [
      "cosmos.authz.v1beta1.QueryGrantsRequest",
      { granter: chain.address(granter), grantee: chain.address(grantee), msgTypeUrl },
    ],
    "cosmos.authz.v1beta1.QueryGrantsResponse",
  ).grants;
}

const authorizationIn = <Name extends MessageName>(name: Name, grants: ReturnType<typeof grantsBetween>) =>
  decode(name, grants[0]!.authorization!.value);

const inner = (text: string): string => `failed to execute message; message index: 0: ${text}`;

describe("a generic authorization", () => {
  test("lets the grantee run such messages, and the events say whose they are", () => {
    const chain = newChain();
    const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => chain.address(name)) as [
      string,
      string,
      string,
    ];
    const given = chain.runOk("alice", grant(chain, "alice", "bob", generic(SEND)));
    expect(given.events.find(({ type }) => type.startsWith("cosmos.authz"))).toMatchObject({
      type: "cosmos.authz.v1beta1.EventGrant",
      attributes: [
        { key: "grantee", value: `"${bob}"` },
        { key: "granter", value: `"${alice}"` },
        { key: "msg_type_url", value: `"/${SEND}"` },
        { key: "msg_index", value: "0" },
      ],
    });
    const run = chain.runOk(
      "bob",
      execOf(chain, "bob", send(chain, "alice", "carol", 30), send(chain, "bob", "carol", 2)),
    );
    expect(chain.balance("alice", "uopen")).toBe(1000n - 30n);
    expect(chain.balance("bob", "uopen")).toBe(1000n - 2n);
    expect(chain.balance("carol", "uopen")).toBe(1000n + 32n);
    const told = run.events
      .filter(({ attributes }) => attributes.some(({ key }) => key === "msg_index"))
      .map(({ type, attributes }) => [type, ...attributes.map(({ key, value }) => `${key}=${value}`)]);
    expect(told.slice(0, 4)).toEqual([
      ["message", "action=/cosmos.authz.v1beta1.MsgExec", `sender=${bob}`, "module=authz", "msg_index=0"],
      ["coin_spent", `spender=${alice}`, "amount=30uopen", "authz_msg_index=0", "msg_index=0"],
      ["coin_received", `receiver=${carol}`, "amount=30uopen", "authz_msg_index=0", "msg_index=0"],
      ["transfer", `recipient=${carol}`, `sender=${alice}`, "amount=30uopen", "authz_msg_index=0", "msg_index=0"],
    ]);
    expect(told.filter(([type]) => type === "transfer").map((event) => event.at(-2))).toEqual([
      "authz_msg_index=0",
      "authz_msg_index=1",
    ]);
    const { msgResponses } = decode("cosmos.base.abci.v1beta1.TxMsgData", run.data);
    const { results } = decode("cosmos.authz.v1beta1.MsgExecResponse", msgResponses[0]!.value);
    expect(results).toEqual([new Uint8Array(), new Uint8Array()]);
    // It is not used up.
    expect(authorizationIn(GENERIC, grantsBetween(chain, "alice", "bob")).msg).toBe(`/${SEND}`);
    chain.checkInvariants();
  });

  test("reaches no other message, no other grantee and no other granter", () => {
    const chain = newChain();
    chain.runOk("alice", grant(chain, "alice", "bob", generic(SEND)));
    const multi: MessageToSend = [
      "cosmos.bank.v1beta1.MsgMultiSend",
      {
        inputs: [{ address: chain.address("alice"), coins: coins(1) }],
        outputs: [{ address: chain.address("bob"), coins: coins(1) }],
      },
    ];
    for (const [who, message] of [
      ["bob", multi],
      ["carol", send(chain, "alice", "carol", 1)],
      ["bob", send(chain, "carol", "bob", 1)],
    ] as const)
      expect(chain.run(who, execOf(chain, who, message))).toMatchObject({ codespace: "authz", code: 2 });
    // What fails undoes what went before it.
    const both = chain.run("bob", execOf(chain, "bob", send(chain, "alice", "bob", 1), send(chain, "carol", "bob", 1)));
    expect(both.code).not.toBe(0);
    expect(["alice", "bob", "carol"].map((name) => chain.balance(name, "uopen"))).toEqual([1000n, 1000n, 1000n]);
  });

  test("ends at its time, when it can still be used, and is forgotten after it", () => {
    const chain = newChain();
    const end = addNanoseconds(chain.time, HOUR);
    chain.runOk("alice", grant(chain, "alice", "bob", generic(SEND), end));
    const [used] = chain.block([chain.sign("bob", execOf(chain, "bob", send(chain, "alice", "bob", 1)))], {
      nanoseconds: HOUR - 5n * SECOND,
    });
    expect(chain.time).toEqual(end);
    expect(used?.code).toBe(0);
    const [late] = chain.block([chain.sign("bob", execOf(chain, "bob", send(chain, "alice", "bob", 1)))], {
      nanoseconds: 1n,
    });
    expect(late).toMatchObject({ codespace: "authz", code: 2 });
    expect(grantsBetween(chain, "alice", "bob")).toEqual([]);
    chain.checkInvariants();
  });

  test("is replaced by the next one, with its end", () => {
    const chain = newChain();
    const [soon, later] = [addNanoseconds(chain.time, HOUR), addNanoseconds(chain.time, 3n * HOUR)];
    chain.runOk("alice", [
      grant(chain, "alice", "bob", generic(SEND), soon),
      grant(chain, "alice", "bob", generic("cosmos.staking.v1beta1.MsgDelegate"), soon),
      grant(chain, "alice", "bob", packAny(SEND_AUTHORIZATION, { spendLimit: coins(5) }), later),
    ]);
    chain.checkInvariants();
    chain.block([], { nanoseconds: 2n * HOUR });
    expect(grantsBetween(chain, "alice", "bob").map(({ expiration }) => expiration)).toEqual([later]);
    chain.runOk("alice", grant(chain, "alice", "bob", generic(SEND)));
    chain.block([], { nanoseconds: 2n * HOUR });
    expect(grantsBetween(chain, "alice", "bob").map(({ expiration }) => expiration)).toEqual([undefined]);
    chain.checkInvariants();
  });

  test("can be taken back", () => {
    const chain = newChain();
    chain.runOk("alice", grant(chain, "alice", "bob", generic(SEND), addNanoseconds(chain.time, HOUR)));
    const taken = chain.runOk("alice", revoke(chain, "alice", "bob", SEND));
    expect(taken.events.map(({ type }) => type)).toContain("cosmos.authz.v1beta1.EventRevoke");
    const [alice, bob] = [chain.address("alice"), chain.address("bob")];
    const result = chain.run("bob", execOf(chain, "bob", send(chain, "alice", "bob", 1)));
    expect(result.log).toBe(
      inner(
        `failed to get grant with given granter: ${alice}, grantee: ${bob} & msgType: /${SEND} : authorization not found`,
      ),
    );
    chain.checkInvariants();
  });
});

describe("an authorization to send", () => {
  test("shrinks by what is sent and is gone when it is used up", () => {
    const chain = newChain();
    chain.runOk("alice", grant(chain, "alice", "bob", packAny(SEND_AUTHORIZATION, { spendLimit: coins(100) })));
    chain.runOk("bob", execOf(chain, "bob", send(chain, "alice", "bob", 60)));
    expect(authorizationIn(SEND_AUTHORIZATION, grantsBetween(chain, "alice", "bob")).spendLimit).toEqual(
      coins(100 - 60),
    );
    const beyond = chain.run("bob", execOf(chain, "bob", send(chain, "alice", "bob", 41)));
    expect(beyond).toMatchObject({
      codespace: "sdk",
      code: 5,
      log: inner("requested amount is more than spend limit: insufficient funds"),
    });
    expect(chain.run("bob", execOf(chain, "bob", send(chain, "alice", "bob", 1, "uother")))).toMatchObject({ code: 5 });
    const last = chain.runOk("bob", execOf(chain, "bob", send(chain, "alice", "bob", 40)));
    expect(last.events.map(({ type }) => type)).toContain("cosmos.authz.v1beta1.EventRevoke");
    expect(chain.run("bob", execOf(chain, "bob", send(chain, "alice", "bob", 1)))).toMatchObject({
      codespace: "authz",
      code: 2,
    });
    expect(chain.balance("alice", "uopen")).toBe(1000n - 100n);
  });

  test("reaches only those it lists", () => {
    const chain = newChain();
    const allowList = [chain.address("carol")];
    chain.runOk(
      "alice",
      grant(chain, "alice", "bob", packAny(SEND_AUTHORIZATION, { spendLimit: coins(100), allowList })),
    );
    const result = chain.run("bob", execOf(chain, "bob", send(chain, "alice", "bob", 1)));
    expect(result).toMatchObject({
      codespace: "sdk",
      code: 4,
      log: inner(`cannot send to ${chain.address("bob")} address: unauthorized`),
    });
    chain.runOk("bob", execOf(chain, "bob", send(chain, "alice", "carol", 1)));
  });

  test("does not grow by a negative amount", () => {
    const chain = newChain();
    chain.runOk("alice", grant(chain, "alice", "bob", packAny(SEND_AUTHORIZATION, { spendLimit: coins(100) })));
    expect(chain.run("bob", execOf(chain, "bob", send(chain, "alice", "bob", -50)))).toMatchObject({
      codespace: "sdk",
      code: 10,
    });
    expect(authorizationIn(SEND_AUTHORIZATION, grantsBetween(chain, "alice", "bob")).spendLimit).toEqual(coins(100));
  });
});

describe("an authorization to stake", () => {
  const { AUTHORIZATION_TYPE_DELEGATE: DELEGATE, AUTHORIZATION_TYPE_UNDELEGATE: UNDELEGATE } = AuthorizationType;
  const stakeAuthorization = (value: MessageInput<typeof STAKE_AUTHORIZATION>): Any =>
    packAny(STAKE_AUTHORIZATION, value);
  const begun = (): ChainHarness => {
    const chain = stakingChain();
    chain.runOk("val1", createValidator(chain, "val1", "5000000"));
    chain.runOk("val2", createValidator(chain, "val2", "5000000"));
    return chain;
  };

  test("shrinks by what is staked, with the validators it lists and no others", () => {
    const chain = begun();
    const allowList = { address: [operatorOf(chain, "val1")] };
    const maxTokens = { denom: "uopen", amount: "100" };
    chain.runOk(
      "alice",
      grant(chain, "alice", "bob", stakeAuthorization({ authorizationType: DELEGATE, allowList, maxTokens })),
    );
    chain.runOk("bob", execOf(chain, "bob", stake(chain, "Delegate", "alice", "val1", "60")));
    expect(chain.balance("alice", "uopen")).toBe(1_000_000_000n - 60n);
    expect(authorizationIn(STAKE_AUTHORIZATION, grantsBetween(chain, "alice", "bob")).maxTokens?.amount).toBe("40");
    expect(chain.run("bob", execOf(chain, "bob", stake(chain, "Delegate", "alice", "val2", "1")))).toMatchObject({
      codespace: "sdk",
      code: 4,
      log: inner(`cannot delegate/undelegate to ${operatorOf(chain, "val2")} validator: unauthorized`),
    });
    expect(chain.run("bob", execOf(chain, "bob", stake(chain, "Delegate", "alice", "val1", "41"))).log).toBe(
      inner("negative coin amount: -1uopen"),
    );
    expect(chain.run("bob", execOf(chain, "bob", stake(chain, "Undelegate", "alice", "val1", "1")))).toMatchObject({
      codespace: "authz",
      code: 2,
    });
    chain.runOk("bob", execOf(chain, "bob", stake(chain, "Delegate", "alice", "val1", "40")));
    expect(grantsBetween(chain, "alice", "bob")).toEqual([]);
    chain.checkInvariants();
  });

  test("without a bound stays, and reaches all but those it denies", () => {
    const chain = begun();
    const denyList = { address: [operatorOf(chain, "val2")] };
    chain.runOk("alice", [
      grant(chain, "alice", "bob", stakeAuthorization({ authorizationType: DELEGATE, denyList })),
      grant(chain, "alice", "bob", stakeAuthorization({ authorizationType: UNDELEGATE, denyList })),
    ]);
    chain.runOk("bob", execOf(chain, "bob", stake(chain, "Delegate", "alice", "val1", "60")));
    chain.runOk("bob", execOf(chain, "bob", stake(chain, "Undelegate", "alice", "val1", "60")));
    expect(chain.run("bob", execOf(chain, "bob", stake(chain, "Delegate", "alice", "val2", "1")))).toMatchObject({
      code: 4,
    });
    expect(grantsBetween(chain, "alice", "bob")).toHaveLength(2);
  });

  test("of redelegation looks at the validator that gains", () => {
    const chain = begun();
    const authorizationType = AuthorizationType.AUTHORIZATION_TYPE_REDELEGATE;
    const allowList = { address: [operatorOf(chain, "val2")] };
    chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "60"));
    chain.runOk("alice", grant(chain, "alice", "bob", stakeAuthorization({ authorizationType, allowList })));
    const move = (from: string, to: string): MessageToSend => [
      "cosmos.staking.v1beta1.MsgBeginRedelegate",
      {
        delegatorAddress: chain.address("alice"),
        validatorSrcAddress: operatorOf(chain, from),
        validatorDstAddress: operatorOf(chain, to),
        amount: { denom: "uopen", amount: "10" },
      },
    ];
    expect(chain.run("bob", execOf(chain, "bob", move("val2", "val1")))).toMatchObject({ code: 4 });
    chain.runOk("bob", execOf(chain, "bob", move("val1", "val2")));
  });
});

describe("messages inside messages", () => {
  test("may lie two deep and not three", () => {
    const chain = newChain();
    chain.runOk("alice", grant(chain, "alice", "bob", generic(SEND)));
    const once = execOf(chain, "bob", send(chain, "alice", "carol", 1));
    const twice = execOf(chain, "bob", once);
    chain.runOk("bob", twice);
    expect(chain.balance("carol", "uopen")).toBe(1001n);
    const result = chain.run("bob", execOf(chain, "bob", twice));
    expect(result).toMatchObject({
      codespace: "sdk",
      code: 18,
      log: inner("MsgExec nests deeper than 2: invalid request"),
    });
    expect(chain.balance("carol", "uopen")).toBe(1001n);
  });

  test("may be sixteen, those inside counted", () => {
    const chain = newChain();
    const payments = (count: number) => Array.from({ length: count }, () => send(chain, "bob", "carol", 1));
    chain.runOk("bob", execOf(chain, "bob", ...payments(16)), { gas: 3_000_000n });
    expect(chain.run("bob", execOf(chain, "bob", ...payments(17)), { gas: 3_000_000n })).toMatchObject({
      code: 18,
      log: inner("MsgExec runs more than 16 messages: invalid request"),
    });
    // One inside, with fifteen of its own, are sixteen; with sixteen they are one too many.
    chain.runOk("bob", execOf(chain, "bob", execOf(chain, "bob", ...payments(15))), { gas: 3_000_000n });
    expect(
      chain.run("bob", execOf(chain, "bob", execOf(chain, "bob", ...payments(16))), { gas: 3_000_000n }).code,
    ).toBe(18);
    expect(chain.balance("carol", "uopen")).toBe(1000n + 16n + 15n);
  });

  test("are each asked for their own signer: an authorization for MsgExec is none for what lies in it", () => {
    const chain = newChain();
    // carol may run bob's MsgExec, and bob may send for alice: carol may do what bob may.
    chain.runOk("bob", grant(chain, "bob", "carol", generic("cosmos.authz.v1beta1.MsgExec")));
    const through = execOf(chain, "carol", execOf(chain, "bob", send(chain, "alice", "carol", 5)));
    expect(chain.run("carol", through)).toMatchObject({ codespace: "authz", code: 2 });
    chain.runOk("alice", grant(chain, "alice", "bob", generic(SEND)));
    chain.runOk("carol", through);
    // But not past bob.
    expect(chain.run("carol", execOf(chain, "carol", send(chain, "alice", "carol", 5)))).toMatchObject({ code: 2 });
    expect(chain.balance("alice", "uopen")).toBe(995n);
  });

  test("with two signers cannot be run for anyone", () => {
    const chain = newChain();
    const inputs = ["alice", "bob"].map((name) => ({ address: chain.address(name), coins: coins(1) }));
    const multi: MessageToSend = ["cosmos.bank.v1beta1.MsgMultiSend", { inputs, outputs: [] }];
    expect(chain.run("bob", execOf(chain, "bob", multi))).toMatchObject({ codespace: "authz", code: 9 });
  });

  test("debit nobody who has neither signed nor allowed it, over random grants and messages", () => {
    const names = ["alice", "bob", "carol"] as const;
    const name = fc.constantFrom(...names);
    const step = fc.record({
      kind: fc.constantFrom("grant", "revoke", "exec", "deep"),
      from: name,
      to: name,
      payer: name,
      amount: fc.integer({ min: 1, max: 40 }),
    });
    let executed = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 6, maxLength: 14 }), (steps) => {
        const chain = newChain();
        const limits = new Map<string, number>();
        for (const { kind, from, to, payer, amount } of steps) {
          const before = new Map(names.map((each) => [each, chain.balance(each, "uopen")]));
          let paid: { who: string; much: number } | undefined;
          if (kind === "grant") {
            const limit = packAny(SEND_AUTHORIZATION, { spendLimit: coins(amount) });
            if (chain.run(from, grant(chain, from, to, limit)).code === 0) limits.set(`${from}/${to}`, amount);
          } else if (kind === "revoke") {
            if (chain.run(from, revoke(chain, from, to, SEND)).code === 0) limits.delete(`${from}/${to}`);
          } else {
            const message = send(chain, payer, from, amount);
            const once = execOf(chain, from, message);
            const result = chain.run(from, kind === "deep" ? execOf(chain, from, once) : once);
            const limit = limits.get(`${payer}/${from}`) ?? 0;
            expect(result.code === 0).toBe(payer === from || amount <= limit);
            if (result.code === 0) {
              executed += 1;
              paid = { who: payer, much: payer === from ? 0 : amount };
              if (payer !== from) {
                if (limit === amount) limits.delete(`${payer}/${from}`);
                else limits.set(`${payer}/${from}`, limit - amount);
              }
            }
          }
          for (const each of names) {
            const lost = before.get(each)! - chain.balance(each, "uopen");
            if (lost > 0n) expect({ who: each, much: Number(lost) }).toEqual(paid);
          }
          chain.checkInvariants();
        }
      }),
      { numRuns: process.env.TRIBUTARY_FULL === "1" ? 200 : 12 },
    );
    expect(executed).toBeGreaterThan(0);
  });
});

describe("a refusal has the SDK's code and words", () => {
  const chain = newChain();
  const now = chain.time;
  const at = (time: Timestamp): string => `${new Date(Number(time.seconds) * 1000).toISOString().slice(0, 19)}Z`;
  const stakeOf = (value: MessageInput<typeof STAKE_AUTHORIZATION>): Any => packAny(STAKE_AUTHORIZATION, value);
  const cases: readonly (readonly [string, MessageToSend, string, number, string])[] = [
    [
      "to oneself",
      grant(chain, "alice", "alice", generic(SEND)),
      "authz",
      7,
      "grantee and granter should be different",
    ],
    [
      "taking back from oneself",
      revoke(chain, "alice", "alice", SEND),
      "authz",
      7,
      "grantee and granter should be different",
    ],
    ["no message", grant(chain, "alice", "bob", packAny(GENERIC, {})), "undefined", 1, "msg type cannot be empty"],
    [
      "a message that nobody handles",
      grant(chain, "alice", "bob", generic("cosmos.x.MsgY")),
      "sdk",
      29,
      "/cosmos.x.MsgY doesn't exist.: invalid type",
    ],
    [
      "nothing to spend",
      grant(chain, "alice", "bob", packAny(SEND_AUTHORIZATION, {})),
      "sdk",
      10,
      "spend limit cannot be nil: invalid coins",
    ],
    [
      "less than nothing to spend",
      grant(chain, "alice", "bob", packAny(SEND_AUTHORIZATION, { spendLimit: coins(-1) })),
      "sdk",
      10,
      "spend limit must be positive: invalid coins",
    ],
    [
      "a receiver twice",
      grant(chain, "alice", "bob", packAny(SEND_AUTHORIZATION, { spendLimit: coins(1), allowList: ["a", "a"] })),
      "bank",
      8,
      "duplicate entry",
    ],
    [
      "a stake of no kind",
      grant(chain, "alice", "bob", stakeOf({ authorizationType: 0 })),
      "authz",
      4,
      "unknown authorization type",
    ],
    [
      "a negative stake",
      grant(chain, "alice", "bob", stakeOf({ authorizationType: 1, maxTokens: { denom: "uopen", amount: "-1" } })),
      "authz",
      12,
      "negative coin amount: -1uopen: max tokens should be positive",
    ],
    [
      "another kind of message",
      grant(chain, "alice", "bob", packAny(SEND, {})),
      "sdk",
      34,
      `/${SEND} is not an authorization: failed unpacking protobuf message from Any`,
    ],
    [
      "an end in the past",
      grant(chain, "alice", "bob", generic(SEND), now),
      "authz",
      3,
      `expiration must be after the current block time (NOW), got ${at(now)}: expiration time of authorization should be more than current time`,
    ],
    ["running nothing", execOf(chain, "alice"), "sdk", 18, "messages cannot be empty: invalid request"],
    [
      "taking back what is not given",
      revoke(chain, "alice", "bob", SEND),
      "authz",
      2,
      `failed to delete grant with given granter: ${chain.address("alice")}, grantee: ${chain.address("bob")} & msgType: /${SEND} : authorization not found`,
    ],
  ];
  test.each(cases)("%s", (_, message, codespace, code, words) => {
    const result = chain.run("alice", message);
    expect([result.codespace, result.code]).toEqual([codespace, code]);
    expect(result.log).toBe(inner(words.replace("NOW", at(chain.time))));
  });

  test("an account of a module is not made by an authorization", () => {
    const to = (module: string): MessageToSend => [
      "cosmos.authz.v1beta1.MsgGrant",
      {
        granter: chain.address("alice"),
        grantee: chain.addresses.account(moduleAddress(module)),
        grant: { authorization: generic(SEND) },
      },
    ];
    // mint's account is there from the first block on, so it may be granted something, as in the SDK.
    expect(chain.run("alice", to("mint")).code).toBe(0);
    expect(chain.run("alice", to("tokenpool"))).toMatchObject({ codespace: "sdk", code: 4 });
  });
});

test("authorizations can be asked for from all sides, by message and in pages", () => {
  const chain = newChain();
  const delegate = "cosmos.staking.v1beta1.MsgDelegate";
  chain.runOk("alice", [
    grant(chain, "alice", "bob", generic(SEND)),
    grant(chain, "alice", "bob", generic(delegate)),
    grant(chain, "alice", "carol", generic(SEND)),
  ]);
  chain.runOk("bob", grant(chain, "bob", "carol", generic(SEND)));
  expect(grantsBetween(chain, "alice", "bob")).toHaveLength(2);
  expect(authorizationIn(GENERIC, grantsBetween(chain, "alice", "bob", `/${delegate}`)).msg).toBe(`/${delegate}`);
  expect(() => grantsBetween(chain, "alice", "bob", "/none")).toThrow(
    "authorization not found for /none type: authorization not found",
  );
  const granted = chain.query(
    "/cosmos.authz.v1beta1.Query/GranterGrants",
    ["cosmos.authz.v1beta1.QueryGranterGrantsRequest", { granter: chain.address("alice"), pagination: { limit: 2n } }],
    "cosmos.authz.v1beta1.QueryGranterGrantsResponse",
  );
  expect(granted.grants).toHaveLength(2);
  expect(granted.pagination?.nextKey.length).toBeGreaterThan(0);
  const received = chain.query(
    "/cosmos.authz.v1beta1.Query/GranteeGrants",
    ["cosmos.authz.v1beta1.QueryGranteeGrantsRequest", { grantee: chain.address("carol") }],
    "cosmos.authz.v1beta1.QueryGranteeGrantsResponse",
  ).grants;
  expect(new Set(received.map(({ granter }) => granter))).toEqual(
    new Set([chain.address("alice"), chain.address("bob")]),
  );
  expect(received.every(({ grantee }) => grantee === chain.address("carol"))).toBe(true);
});

test("an export begins another chain with the same authorizations, without those that have ended", () => {
  const chain = newChain();
  const end = addNanoseconds(chain.time, HOUR);
  chain.runOk("alice", [
    grant(chain, "alice", "bob", generic(SEND), end),
    grant(chain, "alice", "carol", packAny(SEND_AUTHORIZATION, { spendLimit: coins(5) })),
  ]);
  const exported = chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as never, time: chain.time });
  expect(again.application.exportGenesis().authz).toEqual(exported.authz);
  again.checkInvariants();
  const later = ChainHarness.start({ wholeAppState: exported as never, time: end });
  expect((later.application.exportGenesis().authz as { authorization: unknown[] }).authorization).toHaveLength(1);
  later.checkInvariants();
});

test("the store's keys are the SDK's: granter, then grantee, each after its length, then the message", () => {
  const [alice, bob] = [accountOf("alice").bytes, accountOf("bob").bytes];
  const url = Buffer.from(`/${SEND}`).toString("hex");
  expect(hex(state.grants.storeKey([alice, bob, `/${SEND}`]))).toBe(`0114${hex(alice)}14${hex(bob)}${url}`);
  const time = Buffer.from("2023-11-14T22:13:20.000000000").toString("hex");
  expect(hex(state.queue.storeKey([{ seconds: 1_700_000_000n, nanos: 0 }, alice, bob]))).toBe(
    `02${time}14${hex(alice)}14${hex(bob)}`,
  );
});
