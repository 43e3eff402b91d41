/** Messages run and fees paid for others. Owns rows of the table only. */
import { type Any, packAny } from "../../../proto/codec.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import {
  type EventRow,
  marked,
  moduleOf,
  ofMessage,
  ofMessages,
  sent,
  type Told,
  toldOf,
} from "../../support/told-events.ts";

const AUTHZ = "x/authz/keeper/keeper.go";
const TYPED = "types/events.go, TypedEventToEvent";
const FEEGRANT = "x/feegrant/keeper/keeper.go";
const SEND = "cosmos.bank.v1beta1.MsgSend";

const coins = (amount: string) => [{ denom: "uopen", amount }];

const funded = () => ChainHarness.start({ balances: { alice: "1000uopen", bob: "1000uopen" } });

const partiesOf = (chain: ChainHarness) => ({ granter: chain.address("alice"), grantee: chain.address("bob") });

const send = (chain: ChainHarness, from: string, amount: string): MessageToSend => [
  SEND,
  { fromAddress: chain.address(from), toAddress: chain.address("carol"), amount: coins(amount) },
];

/** Alice lets bob send for her. */
const grant = (chain: ChainHarness, authorization: Any): MessageToSend => [
  "cosmos.authz.v1beta1.MsgGrant",
  { ...partiesOf(chain), grant: { authorization } },
];

const generic = packAny("cosmos.authz.v1beta1.GenericAuthorization", { msg: `/${SEND}` });

const execute = (chain: ChainHarness, ...messages: readonly MessageToSend[]): MessageToSend => [
  "cosmos.authz.v1beta1.MsgExec",
  { grantee: chain.address("bob"), msgs: messages.map(([name, value]) => packAny(name, value as never)) },
];

/** A typed event: its fields by their names in order, each as JSON. */
const typed = (name: string, chain: ChainHarness): Told => {
  const { granter, grantee } = partiesOf(chain);
  return [`cosmos.authz.v1beta1.${name}`, `grantee="${grantee}"`, `granter="${granter}"`, `msg_type_url="/${SEND}"`];
};

const executed = (chain: ChainHarness, own: readonly Told[]): Told[] =>
  ofMessage("/cosmos.authz.v1beta1.MsgExec", chain.address("bob"), "authz", own);

const authzRows: readonly EventRow[] = [
  {
    when: "an account lets another run its messages",
    source: `${AUTHZ}, SaveGrant; ${TYPED}`,
    run: () => {
      const chain = funded();
      const told = ofMessages(chain.runOk("alice", grant(chain, generic)));
      const own = [typed("EventGrant", chain)];
      return { told, expected: ofMessage("/cosmos.authz.v1beta1.MsgGrant", chain.address("alice"), "authz", own) };
    },
  },
  {
    when: "it no longer does",
    source: `${AUTHZ}, DeleteGrant; ${TYPED}`,
    run: () => {
      const chain = funded();
      chain.runOk("alice", grant(chain, generic));
      const revoke = { ...partiesOf(chain), msgTypeUrl: `/${SEND}` };
      const told = ofMessages(chain.runOk("alice", ["cosmos.authz.v1beta1.MsgRevoke", revoke]));
      const own = [typed("EventRevoke", chain)];
      return { told, expected: ofMessage("/cosmos.authz.v1beta1.MsgRevoke", chain.address("alice"), "authz", own) };
    },
  },
  {
    when: "two messages are run, one of them for another",
    source: `${AUTHZ}, DispatchActions`,
    run: () => {
      const chain = funded();
      chain.runOk("alice", grant(chain, generic));
      const [alice, bob, carol] = [chain.address("alice"), chain.address("bob"), chain.address("carol")];
      const told = ofMessages(chain.runOk("bob", execute(chain, send(chain, "alice", "3"), send(chain, "bob", "4"))));
      const own = [
        ...marked(sent(alice, carol, "3uopen"), "authz_msg_index=0"),
        ...marked(sent(bob, carol, "4uopen"), "authz_msg_index=1"),
      ];
      return { told, expected: executed(chain, own) };
    },
  },
  {
    when: "a message uses an authorization up, which is told before the message's own",
    source: `${AUTHZ}, DispatchActions`,
    run: () => {
      const chain = funded();
      const limited = packAny("cosmos.bank.v1beta1.SendAuthorization", { spendLimit: coins("3") });
      chain.runOk("alice", grant(chain, limited));
      const told = ofMessages(chain.runOk("bob", execute(chain, send(chain, "alice", "3"))));
      const coinsMoved = sent(chain.address("alice"), chain.address("carol"), "3uopen");
      return {
        told,
        expected: executed(chain, [typed("EventRevoke", chain), ...marked(coinsMoved, "authz_msg_index=0")]),
      };
    },
  },
  {
    when: "a run of messages is itself run",
    source: `${AUTHZ}, DispatchActions`,
    run: () => {
      const chain = funded();
      const told = ofMessages(chain.runOk("bob", execute(chain, execute(chain, send(chain, "bob", "4")))));
      const coinsMoved = sent(chain.address("bob"), chain.address("carol"), "4uopen");
      return { told, expected: executed(chain, marked(marked(coinsMoved, "authz_msg_index=0"), "authz_msg_index=0")) };
    },
  },
];

const feegrantMessage = (kind: string, sender: string, own: Told): Told[] =>
  ofMessage(`/cosmos.feegrant.v1beta1.Msg${kind}`, sender, "feegrant", [own]);

/** Alice pays bob's fees, up to an amount. */
function allowed(limit: string): ChainHarness {
  const chain = funded();
  const allowance = packAny("cosmos.feegrant.v1beta1.BasicAllowance", { spendLimit: coins(limit) });
  chain.runOk("alice", ["cosmos.feegrant.v1beta1.MsgGrantAllowance", { ...partiesOf(chain), allowance }]);
  return chain;
}

const between = (kind: string, chain: ChainHarness): Told => {
  const { granter, grantee } = partiesOf(chain);
  return [`${kind}_feegrant`, `granter=${granter}`, `grantee=${grantee}`];
};

/** What is told before the messages of a transaction of bob's, for which alice pays seven. */
function paidFor(when: string, limit: string, own: (chain: ChainHarness) => Told[]): EventRow {
  const run = () => {
    const chain = allowed(limit);
    const alice = chain.address("alice");
    const { events } = chain.runOk("bob", send(chain, "bob", "1"), { fee: "7uopen", feeGranter: alice });
    const expected: Told[] = [
      ...own(chain),
      ...sent(alice, moduleOf(chain, "fee_collector"), "7uopen"),
      ["tx", "fee=7uopen", `fee_payer=${alice}`],
    ];
    return { told: toldOf(events).slice(0, expected.length), expected };
  };
  return { when, source: `${FEEGRANT}, UseGrantedFees; x/auth/ante/fee.go`, run };
}

const feegrantRows: readonly EventRow[] = [
  {
    when: "an account pays another's fees from now on",
    source: `${FEEGRANT}, GrantAllowance`,
    run: () => {
      const chain = funded();
      const allowance = packAny("cosmos.feegrant.v1beta1.BasicAllowance", {});
      const message = { ...partiesOf(chain), allowance };
      const told = ofMessages(chain.runOk("alice", ["cosmos.feegrant.v1beta1.MsgGrantAllowance", message]));
      return { told, expected: feegrantMessage("GrantAllowance", chain.address("alice"), between("set", chain)) };
    },
  },
  {
    when: "it no longer does",
    source: `${FEEGRANT}, revokeAllowance`,
    run: () => {
      const chain = allowed("10");
      const told = ofMessages(chain.runOk("alice", ["cosmos.feegrant.v1beta1.MsgRevokeAllowance", partiesOf(chain)]));
      return { told, expected: feegrantMessage("RevokeAllowance", chain.address("alice"), between("revoke", chain)) };
    },
  },
  {
    when: "allowances that have ended are forgotten",
    source: "x/feegrant/keeper/msg_server.go, PruneAllowances",
    run: () => {
      const chain = funded();
      const pruner = chain.address("bob");
      const told = ofMessages(chain.runOk("bob", ["cosmos.feegrant.v1beta1.MsgPruneAllowances", { pruner }]));
      return { told, expected: feegrantMessage("PruneAllowances", pruner, ["prune_feegrant", `pruner=${pruner}`]) };
    },
  },
  paidFor("a part of an allowance pays a fee", "10", (chain) => [between("use", chain), between("update", chain)]),
  paidFor("the rest of an allowance pays a fee", "7", (chain) => [between("revoke", chain), between("use", chain)]),
];

export const grantRows: readonly EventRow[] = [...authzRows, ...feegrantRows];
