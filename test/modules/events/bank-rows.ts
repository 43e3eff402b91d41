/** Coins that accounts send, and accounts that are made with coins. Owns rows of the table only. */
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { type EventRow, ofMessage, ofMessages, sent, type Told } from "../../support/told-events.ts";

const amountOf = (...coins: readonly string[]) =>
  coins.map((coin) => ({ amount: /^\d+/.exec(coin)![0], denom: coin.replace(/^\d+/, "") }));

const funded = () => ChainHarness.start({ balances: { alice: "1000other,1000uopen", bob: "1uopen" } });

/** A vesting message, whose only events are those of the coins that are sent (x/auth/vesting/msg_server.go). */
function vesting(
  kind: string,
  message: (parties: { fromAddress: string; toAddress: string }) => MessageToSend,
): EventRow {
  return {
    when: `${kind} is made`,
    source: "x/auth/vesting/msg_server.go",
    run: () => {
      const chain = funded();
      const [alice, carol] = [chain.address("alice"), chain.address("carol")];
      const sending = message({ fromAddress: alice, toAddress: carol });
      const told = ofMessages(chain.runOk("alice", sending));
      return { told, expected: ofMessage(`/${sending[0]}`, alice, "vesting", sent(alice, carol, "3other,5uopen")) };
    },
  };
}

export const bankRows: readonly EventRow[] = [
  {
    when: "coins of two kinds are sent to a new account",
    source: "x/bank/keeper/send.go, SendCoins",
    run: () => {
      const chain = funded();
      const [alice, carol] = [chain.address("alice"), chain.address("carol")];
      const message = { fromAddress: alice, toAddress: carol, amount: amountOf("3other", "5uopen") };
      const told = ofMessages(chain.runOk("alice", ["cosmos.bank.v1beta1.MsgSend", message]));
      const own = sent(alice, carol, "3other,5uopen");
      return { told, expected: ofMessage("/cosmos.bank.v1beta1.MsgSend", alice, "bank", own) };
    },
  },
  {
    when: "many are sent coins: the sender first, and addresses as the message writes them",
    source: "x/bank/keeper/send.go, InputOutputCoins",
    run: () => {
      const chain = funded();
      const [alice, bob, carol] = [chain.address("alice"), chain.address("bob"), chain.address("carol")];
      const message = {
        inputs: [{ address: alice.toUpperCase(), coins: amountOf("7uopen") }],
        outputs: [
          { address: bob, coins: amountOf("4uopen") },
          { address: carol.toUpperCase(), coins: amountOf("3uopen") },
        ],
      };
      const told = ofMessages(chain.runOk("alice", ["cosmos.bank.v1beta1.MsgMultiSend", message]));
      const sender = `sender=${alice.toUpperCase()}`;
      const own: Told[] = [
        ["message", sender],
        ["coin_spent", `spender=${alice}`, "amount=7uopen"],
        ["coin_received", `receiver=${bob}`, "amount=4uopen"],
        ["transfer", `recipient=${bob}`, sender, "amount=4uopen"],
        ["coin_received", `receiver=${carol}`, "amount=3uopen"],
        ["transfer", `recipient=${carol.toUpperCase()}`, sender, "amount=3uopen"],
      ];
      return { told, expected: ofMessage("/cosmos.bank.v1beta1.MsgMultiSend", alice, "bank", own) };
    },
  },
  vesting("an account whose coins come free by and by", (parties) => [
    "cosmos.vesting.v1beta1.MsgCreateVestingAccount",
    { ...parties, amount: amountOf("3other", "5uopen"), endTime: 2_000_000_000n, delayed: false },
  ]),
  vesting("an account whose coins stay locked", (parties) => [
    "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount",
    { ...parties, amount: amountOf("3other", "5uopen") },
  ]),
  vesting("an account whose coins come free in periods", (parties) => [
    "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount",
    {
      ...parties,
      startTime: 1_700_000_000n,
      vestingPeriods: [
        { length: 10n, amount: amountOf("3other") },
        { length: 10n, amount: amountOf("5uopen") },
      ],
    },
  ]),
];
